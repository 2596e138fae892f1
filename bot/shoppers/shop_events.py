"""Which events follow from what the shop knows itself: its orders and its reviews?

Their message ids follow from the order's number or the reviewed product, so that the same order told by the
site, by an import and by a second import is one event. No sender can take such an id: see event_calls.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, time

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.database.tables import CustomerRow, EventRow, ProfileRow
from bot.orders import Order
from bot.privacy.masking import masked
from bot.shoppers.events import Event, hold_events, store_events
from knowledge_base.products import Review

OWN_ID_PREFIX = "storekeep:"
LONGEST_REVIEW = 2000
IDS_PER_QUERY = 1000


def own_id(kind: str, *parts: str) -> str:
    """A message id of ours that follows from its parts; 80 characters at most."""
    digest = hashlib.sha256("\n".join((kind, *parts)).encode()).hexdigest()[:40]
    return f"{OWN_ID_PREFIX}{kind}:{digest}"


def order_event_id(customer_id: str, order_number: str) -> str:
    return own_id("order", customer_id, order_number)


def review_event_id(customer_id: str, sku: str) -> str:
    return own_id("review", customer_id, sku)


def order_event(customer_id: str, order: Order) -> Event:
    """The purchase that an order is."""
    products = [
        {"sku": line.sku, "quantity": line.quantity, "price_cents": line.price_cents} for line in order.lines
    ]
    money = {"total_cents": order.total_cents, "currency": order.currency}
    return Event(
        message_id=order_event_id(customer_id, order.number),
        name="Order Completed",
        at=order.placed_at,
        customer_id=customer_id,
        properties={"order_id": order.number, **money, "products": products},
    )


def review_event(customer_id: str, review: Review) -> Event:
    """A customer's opinion of a product; it counts as of noon of its day, in UTC."""
    text = masked(" ".join(part for part in (review.title, review.text) if part))[:LONGEST_REVIEW]
    return Event(
        message_id=review_event_id(customer_id, review.sku),
        name="Product Reviewed",
        at=datetime.combine(review.date, time(12), UTC),
        customer_id=customer_id,
        sku=review.sku,
        properties={"rating": review.rating, "text": text},
    )


def put_events(session: Session, events: Sequence[Event]) -> int:
    """Store what the shop knows itself of customers who agree to profiling, in the caller's transaction.

    One that is there with another content is replaced, and its customer's profile is to be made anew. Gives
    how many events were left out because their customer does not agree.
    """
    hold_events(session)
    agreeing = _agreeing(session, sorted({e.customer_id for e in events if e.customer_id is not None}))
    wanted = [event for event in events if event.customer_id in agreeing]
    stored = _stored(session, [event.message_id for event in wanted])
    changed = {
        event.message_id: event.customer_id
        for event in wanted
        if event.message_id in stored and stored[event.message_id] != _content(event)
    }
    for message_id, customer_id in changed.items():
        for old in (
            delete(EventRow).where(EventRow.message_id == message_id),
            delete(ProfileRow).where(ProfileRow.customer_id == customer_id),
        ):
            session.execute(old.execution_options(synchronize_session=False))
    store_events(session, wanted)
    return len(events) - len(wanted)


def _agreeing(session: Session, customer_ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(customer_ids), IDS_PER_QUERY):
        some = CustomerRow.id.in_(customer_ids[start : start + IDS_PER_QUERY])
        found.update(session.scalars(select(CustomerRow.id).where(some, CustomerRow.profiling_consent)))
    return found


def _stored(session: Session, message_ids: Sequence[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for start in range(0, len(message_ids), IDS_PER_QUERY):
        query = select(EventRow).where(EventRow.message_id.in_(message_ids[start : start + IDS_PER_QUERY]))
        found.update(
            {row.message_id: (row.at, row.sku, dict(row.properties)) for row in session.scalars(query)}
        )
    return found


def _content(event: Event) -> object:
    return (event.at, event.sku, dict(event.properties))
