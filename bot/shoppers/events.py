"""What did which shopper do, and when? The names are those of Segment's e-commerce specification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.database.connection import Database
from bot.database.tables import EventRow

EVENT_NAMES = (
    "Products Searched",
    "Product List Viewed",
    "Product Viewed",
    "Product Added",
    "Product Removed",
    "Cart Viewed",
    "Checkout Started",
    "Order Completed",
    "Product Reviewed",
)
ROWS_PER_STATEMENT = 2000


@dataclass(frozen=True)
class Event:
    """One thing that a shopper did. `message_id` is the sender's own id: the same one is stored once.

    At least one of `customer_id` (signed in) and `anonymous_id` (the browser) is there. `sku` is the product
    it is about, None where it is about none or several. `properties` hold what JSON can hold.
    """

    message_id: str
    name: str
    at: datetime
    customer_id: str | None = None
    anonymous_id: str | None = None
    sku: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.name not in EVENT_NAMES:
            raise ValueError(
                f"An event's name should be one of {', '.join(EVENT_NAMES)}; came {self.name!r}."
            )
        if self.customer_id is None and self.anonymous_id is None:
            raise ValueError("An event needs a customer_id or an anonymous_id; came neither.")


class Events:
    """The behaviour events in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, events: Iterable[Event]) -> int:
        """Store events, all or none, each message_id once; gives how many were new."""
        with self._database.session() as session:
            return store_events(session, events)

    def of_customer(self, customer_id: str) -> tuple[Event, ...]:
        """What the customer did while signed in, oldest first."""
        return self._oldest_first(EventRow.customer_id == customer_id)

    def events(self, since: datetime | None = None) -> tuple[Event, ...]:
        """All events, or those at or after `since`, oldest first."""
        return self._oldest_first(*(() if since is None else (EventRow.at >= since,)))

    def count(self) -> int:
        """How many events there are."""
        with self._database.reading() as session:
            return session.scalar(select(func.count()).select_from(EventRow)) or 0

    def _oldest_first(self, *conditions: ColumnElement[bool]) -> tuple[Event, ...]:
        query = select(EventRow).where(*conditions).order_by(EventRow.at, EventRow.id)
        with self._database.reading() as session:
            return tuple(_event(row) for row in session.scalars(query))


def store_events(session: Session, events: Iterable[Event]) -> int:
    """Store events in a transaction of the caller's; gives how many were new."""
    rows = [asdict(event) for event in events]
    before = session.scalar(select(func.count()).select_from(EventRow)) or 0
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert(EventRow) if dialect == "postgresql" else sqlite.insert(EventRow)
    statement = insert.on_conflict_do_nothing(index_elements=[EventRow.message_id])
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        session.execute(statement, rows[start : start + ROWS_PER_STATEMENT])
    return (session.scalar(select(func.count()).select_from(EventRow)) or 0) - before


def _event(row: EventRow) -> Event:
    return Event(
        message_id=row.message_id,
        name=row.name,
        at=row.at,
        customer_id=row.customer_id,
        anonymous_id=row.anonymous_id,
        sku=row.sku,
        properties=row.properties,
    )
