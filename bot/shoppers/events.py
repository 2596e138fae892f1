"""What did which shopper do, and when? The names are those of Segment's e-commerce specification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, func, insert, select
from sqlalchemy.orm import Session

from bot.database.connection import Database, hold_name
from bot.database.tables import EventRow
from bot.shoppers.shopper import Shopper

EVENT_NAMES = (
    "Page Viewed",
    "Products Searched",
    "Product List Viewed",
    "Product Clicked",
    "Product Viewed",
    "Product Added",
    "Product Removed",
    "Cart Viewed",
    "Checkout Started",
    "Order Completed",
    "Product Reviewed",
    "Recommendations Shown",
    "Recommendation Dismissed",
    "Message Sent",
    "Question Asked",
)
ABOUT_A_PRODUCT = frozenset(
    {
        "Product Clicked",
        "Product Viewed",
        "Product Added",
        "Product Removed",
        "Product Reviewed",
        "Recommendation Dismissed",
    }
)
"""The events that are nothing without their SKU."""
ROWS_PER_STATEMENT = 2000

# Built once: building a statement costs more than running it.
KNOWN = select(EventRow.message_id).where(EventRow.message_id.in_(bindparam("ids", expanding=True)))
STORE = insert(cast(Table, EventRow.__table__))


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
            return len(store_events(session, events))

    def of_customer(self, customer_id: str) -> tuple[Event, ...]:
        """What the customer did while signed in, and before in a browser that is theirs, oldest first."""
        return self.of_shopper(Shopper(customer_id=customer_id))

    def of_shopper(self, shopper: Shopper, limit: int | None = None) -> tuple[Event, ...]:
        """The newest `limit` events of the shopper, or all; oldest first. Of a browser only those in which
        nobody was signed in.
        """
        whose: tuple[ColumnElement[bool], ...]
        if shopper.customer_id is not None:
            whose = (EventRow.customer_id == shopper.customer_id,)
        else:
            whose = (EventRow.anonymous_id == shopper.anonymous_id, EventRow.customer_id.is_(None))
        query = select(EventRow).where(*whose).order_by(EventRow.at.desc(), EventRow.id.desc()).limit(limit)
        with self._database.reading() as session:
            return tuple(reversed([_event(row) for row in session.scalars(query)]))

    def after(self, event_id: int, limit: int) -> tuple[tuple[int, Event], ...]:
        """The first `limit` events with a greater id, with their ids, in the order of the ids.

        An event that comes in later has a greater id than all that were seen before.
        """
        query = select(EventRow).where(EventRow.id > event_id).order_by(EventRow.id).limit(limit)
        with self._database.reading() as session:
            return tuple((row.id, _event(row)) for row in session.scalars(query))

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


def hold_events(session: Session) -> None:
    """Let one transaction at a time write events or move them to another shopper, from this line to its end.

    It keeps ids in the order in which readers come to see them, and a sign-in from missing an event that is
    just being written.
    """
    hold_name(session, "events")


def store_events(session: Session, events: Iterable[Event]) -> frozenset[str]:
    """Store events in a transaction of the caller's; gives the message_ids that were new."""
    first: dict[str, Event] = {}
    for event in events:
        first.setdefault(event.message_id, event)
    if not first:
        return frozenset()
    # Nobody else writes events until this transaction ends, so what is not known now is new.
    hold_events(session)
    connection, ids = session.connection(), list(first)
    for start in range(0, len(ids), ROWS_PER_STATEMENT):
        some = ids[start : start + ROWS_PER_STATEMENT]
        for known in connection.execute(KNOWN, {"ids": some}).scalars():
            del first[known]
    rows = [_row(event) for event in first.values()]
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        connection.execute(STORE, rows[start : start + ROWS_PER_STATEMENT])
    return frozenset(first)


def _row(event: Event) -> dict[str, Any]:
    return {
        "message_id": event.message_id,
        "customer_id": event.customer_id,
        "anonymous_id": event.anonymous_id,
        "name": event.name,
        "sku": event.sku,
        "properties": dict(event.properties),
        "at": event.at,
    }


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
