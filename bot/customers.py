"""Who are the shop's customers?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select

from bot.database.connection import Database
from bot.database.tables import CustomerRow


class UnknownCustomer(Exception):
    """There is no customer with this id."""


@dataclass(frozen=True)
class Customer:
    """Someone with an account. `id` is like C00017, `email` is in small letters, `country` is ISO 3166 (two
    letters).
    """

    id: str
    email: str
    name: str
    country: str
    created_at: datetime
    profiling_consent: bool = False


class Customers:
    """The customers in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def customer(self, customer_id: str) -> Customer | None:
        """The customer with this id, or None."""
        with self._database.reading() as session:
            row = session.get(CustomerRow, customer_id)
            return None if row is None else _customer(row)

    def customers(self, limit: int | None = None) -> tuple[Customer, ...]:
        """The customers in the order of their ids; the first `limit` of them, or all."""
        with self._database.reading() as session:
            rows = session.scalars(select(CustomerRow).order_by(CustomerRow.id).limit(limit))
            return tuple(_customer(row) for row in rows)

    def ids(self) -> frozenset[str]:
        """The ids of all customers."""
        with self._database.reading() as session:
            return frozenset(session.scalars(select(CustomerRow.id)))

    def add(self, customers: Iterable[Customer]) -> None:
        """Add customers, all or none. An id or an e-mail that is there already is the database's
        IntegrityError.
        """
        rows = [{**asdict(customer), "email": comparable_email(customer.email)} for customer in customers]
        with self._database.session() as session:
            if rows:
                session.execute(insert(CustomerRow), rows)


def comparable_email(email: str) -> str:
    """The e-mail address as we store and compare it: without outer blanks, in small letters."""
    return email.strip().casefold()


def _customer(row: CustomerRow) -> Customer:
    return Customer(row.id, row.email, row.name, row.country, row.created_at, row.profiling_consent)
