"""Where is an order, and who may see it?"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, selectinload

from bot.customers import comparable_email
from bot.database.connection import Database
from bot.database.tables import STATES, CustomerRow, OrderLineRow, OrderLookupRow, OrderRow

__all__ = ["STATES", "Order", "OrderLine", "Orders", "TooManyTries", "order_number_in"]

Clock = Callable[[], datetime]

TRIES_PER_CONVERSATION = 5
CONVERSATION_WINDOW = timedelta(minutes=15)
# A new conversation costs nothing, so the number itself is guarded too.
TRIES_PER_NUMBER = 10
NUMBER_WINDOW = timedelta(hours=1)
# Stands for all that is no order number: it finds nothing and counts in its own conversation only.
NO_NUMBER = ""


class TooManyTries(Exception):
    """So many wrong tries that not even a right one is answered now."""


@dataclass(frozen=True)
class OrderLine:
    """A product in an order at the name and price of the day it was ordered; the price is for one piece."""

    sku: str
    name: str
    quantity: int
    price_cents: int


@dataclass(frozen=True)
class Order:
    """An order as its customer may see it. `number` is LK- and six digits, `state` one of STATES.

    `total_cents` includes shipping. `expected_at` is when it should arrive, None once it cannot any more.
    """

    number: str
    state: str
    placed_at: datetime
    currency: str
    total_cents: int
    lines: tuple[OrderLine, ...]
    carrier: str | None = None
    tracking_number: str | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    expected_at: datetime | None = None


class Orders:
    """The orders in the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def of_customer(self, customer_id: str) -> tuple[Order, ...]:
        """The customer's orders, newest first, equally new ones by falling number."""
        query = _orders(OrderRow.customer_id == customer_id)
        with self._database.reading() as session:
            newest_first = query.order_by(OrderRow.placed_at.desc(), OrderRow.number.desc())
            return tuple(order_of(row) for row in session.scalars(newest_first))

    def skus_bought(self, customer_id: str) -> frozenset[str]:
        """The products in the customer's orders, cancelled ones left out."""
        query = (
            select(OrderLineRow.sku)
            .join(OrderRow, OrderRow.number == OrderLineRow.order_number)
            .where(OrderRow.customer_id == customer_id, OrderRow.state != "cancelled")
        )
        with self._database.reading() as session:
            return frozenset(session.scalars(query))

    def for_customer(self, number: str, customer_id: str) -> Order | None:
        """The order with this number if it is this customer's, else None."""
        query = _orders(OrderRow.number == _written_fully(number), OrderRow.customer_id == customer_id)
        with self._database.reading() as session:
            row = session.scalar(query)
            return None if row is None else order_of(row)

    def by_number_and_email(self, number: str, email: str, conversation_id: str) -> Order | None:
        """The order with this number if its customer has this e-mail address. Each try is recorded.

        None if the number is unknown or the address is another: which of the two is not told.
        Raises TooManyTries after 5 failed tries in 15 minutes in one conversation, or 10 in an hour for one
        number.
        """
        number = _written_fully(number)
        with self._database.session() as session:
            # At once or one after another, tries for the same thing are counted alike.
            for name in (f"lookups of order {number}", f"lookups in conversation {conversation_id}"):
                self._database.hold(session, name)
            self._refuse_too_many(session, number, conversation_id)
            found = _email_matches(session, number, email)
            session.add(
                OrderLookupRow(
                    conversation_id=conversation_id, order_number=number, at=self._clock(), found=found
                )
            )
            row = session.scalar(_orders(OrderRow.number == number)) if found else None
            return None if row is None else order_of(row)

    def _refuse_too_many(self, session: Session, number: str, conversation_id: str) -> None:
        now = self._clock()
        limits: tuple[tuple[ColumnElement[bool], timedelta, int], ...] = (
            (OrderLookupRow.conversation_id == conversation_id, CONVERSATION_WINDOW, TRIES_PER_CONVERSATION),
            (OrderLookupRow.order_number == number, NUMBER_WINDOW, TRIES_PER_NUMBER),
        )[: 1 if number == NO_NUMBER else 2]
        for same, window, allowed in limits:
            failed = session.scalar(
                select(func.count()).where(
                    same, OrderLookupRow.at > now - window, OrderLookupRow.found.is_(False)
                )
            )
            if failed is not None and failed >= allowed:
                minutes = int(window.total_seconds() // 60)
                raise TooManyTries(
                    f"{allowed} failed tries in {minutes} minutes are allowed; there were {failed}."
                )


def order_number_in(text: str) -> str | None:
    """The order number that the text is, however it is written (LK-100001, lk 100001, #100001), or None."""
    match = re.fullmatch(r"#?\s*(?:LK)?[\s\-\u2010-\u2015]*([0-9]{6})", text.strip(), re.IGNORECASE)
    return None if match is None else f"LK-{match[1]}"


def _written_fully(number: str) -> str:
    found = order_number_in(number)
    return NO_NUMBER if found is None else found


def _email_matches(session: Session, number: str, email: str) -> bool:
    """Whether the order's customer has this address; as long for a number that is not there as for one that
    is.
    """
    owner = session.scalar(
        select(CustomerRow.email)
        .join(OrderRow, OrderRow.customer_id == CustomerRow.id)
        .where(OrderRow.number == number)
    )
    expected = "" if owner is None else owner
    same = hmac.compare_digest(comparable_email(email).encode("utf-8", "replace"), expected.encode())
    return same and owner is not None


def _orders(*conditions: ColumnElement[bool]) -> Select[tuple[OrderRow]]:
    return select(OrderRow).options(selectinload(OrderRow.lines)).where(*conditions)


def order_of(row: OrderRow) -> Order:
    """The order of a row whose lines are loaded."""
    return Order(
        number=row.number,
        state=row.state,
        placed_at=row.placed_at,
        currency=row.currency,
        total_cents=row.total_cents,
        lines=tuple(OrderLine(line.sku, line.name, line.quantity, line.price_cents) for line in row.lines),
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
        expected_at=row.expected_at,
    )
