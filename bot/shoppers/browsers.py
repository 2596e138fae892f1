"""Whose browser is it? What was done in it before a customer signed in becomes that customer's."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from bot.customers import UnknownCustomer
from bot.database.connection import Database
from bot.database.tables import BrowserRow, CustomerRow, EventRow, ProfileRow
from bot.shoppers.events import hold_events
from bot.shoppers.shop_events import order_event_id
from bot.shoppers.shopper import Shopper

KEYS_PER_QUERY = 1000

# Built once: building a statement costs more than running it.
OWNERS = (
    select(
        BrowserRow.anonymous_id,
        BrowserRow.customer_id,
        CustomerRow.profiling_consent,
        BrowserRow.signed_in_at,
    )
    .join(CustomerRow, CustomerRow.id == BrowserRow.customer_id)
    .where(BrowserRow.anonymous_id.in_(bindparam("ids", expanding=True)))
)

Clock = Callable[[], datetime]


class Browsers:
    """The browsers in which customers signed in, by the random ids that the browsers gave themselves."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def sign_in(self, anonymous_id: str, customer_id: str) -> int:
        """The browser is this customer's now; gives how many earlier events of it became the customer's.

        Those of a customer who does not agree to profiling are deleted instead. Raises UnknownCustomer.
        """
        with self._database.session() as session:
            return sign_browser_in(session, anonymous_id, customer_id, self._clock())

    def customer_of(self, anonymous_id: str) -> str | None:
        """The customer who signed in last with this browser, or None."""
        with self._database.reading() as session:
            row = session.get(BrowserRow, anonymous_id)
            return None if row is None else row.customer_id


def sign_browser_in(session: Session, anonymous_id: str, customer_id: str, at: datetime) -> int:
    """What Browsers.sign_in does, in a transaction of the caller's. Raises UnknownCustomer."""
    hold_events(session)
    may_profile = session.scalar(select(CustomerRow.profiling_consent).where(CustomerRow.id == customer_id))
    if may_profile is None:
        raise UnknownCustomer(f"There is no customer {customer_id!r}.")
    moved = _move_events(session, anonymous_id, customer_id) if may_profile else 0
    nobodys = (EventRow.anonymous_id == anonymous_id, EventRow.customer_id.is_(None))
    if not may_profile:
        session.execute(delete(EventRow).where(*nobodys).execution_options(synchronize_session=False))
    row = session.get(BrowserRow, anonymous_id)
    if row is None:
        session.add(BrowserRow(anonymous_id=anonymous_id, customer_id=customer_id, signed_in_at=at))
    elif row.signed_in_at <= at:
        row.customer_id, row.signed_in_at = customer_id, at
    session.flush()
    _forget_profile(session, Shopper(anonymous_id=anonymous_id))
    if moved:
        # They have ids that the customer's profile was folded beyond: it is made anew from all events.
        _forget_profile(session, Shopper(customer_id=customer_id))
    return moved


def forget_browser(session: Session, anonymous_id: str) -> None:
    """Delete what a browser did in which nobody was signed in: its user takes the consent back."""
    hold_events(session)
    nobodys = (EventRow.anonymous_id == anonymous_id, EventRow.customer_id.is_(None))
    session.execute(delete(EventRow).where(*nobodys).execution_options(synchronize_session=False))
    _forget_profile(session, Shopper(anonymous_id=anonymous_id))


def owners(session: Session, anonymous_ids: Collection[str]) -> dict[str, tuple[str, bool, datetime]]:
    """For the browsers in which a customer signed in: who, whether they agree to profiling, and when."""
    found = {}
    wanted = sorted(anonymous_ids)
    for start in range(0, len(wanted), KEYS_PER_QUERY):
        rows = session.connection().execute(OWNERS, {"ids": wanted[start : start + KEYS_PER_QUERY]})
        found.update({row[0]: (row[1], row[2], row[3]) for row in rows})
    return found


def _move_events(session: Session, anonymous_id: str, customer_id: str) -> int:
    """Give the browser's events that are nobody's to the customer; an order that is known is not doubled."""
    nobodys = (EventRow.anonymous_id == anonymous_id, EventRow.customer_id.is_(None))
    for order in session.scalars(select(EventRow).where(*nobodys, EventRow.name == "Order Completed")):
        message_id = order_event_id(customer_id, str(order.properties.get("order_id")))
        if session.scalar(select(EventRow.id).where(EventRow.message_id == message_id)) is None:
            order.message_id = message_id
        else:
            session.delete(order)
        session.flush()
    moved = session.execute(
        update(EventRow)
        .where(*nobodys)
        .values(customer_id=customer_id)
        .returning(EventRow.id)
        .execution_options(synchronize_session=False)
    )
    return len(moved.all())


def _forget_profile(session: Session, shopper: Shopper) -> None:
    session.execute(
        delete(ProfileRow)
        .where(ProfileRow.shopper == shopper.key)
        .execution_options(synchronize_session=False)
    )
