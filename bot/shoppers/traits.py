"""What did a customer say of themselves? Age band and gender, from short lists, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.database.connection import Database
from bot.database.tables import TraitRow

TRAITS: Mapping[str, tuple[str, ...]] = {
    "age_band": ("18-24", "25-34", "35-44", "45-54", "55-64", "65+"),
    "gender": ("female", "male", "non-binary", "other", "undisclosed"),
}
"""The traits that are kept, and what each may be."""


class Traits:
    """The traits in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_customer(self, customer_id: str) -> dict[str, str]:
        """The traits that the customer gave, by name."""
        query = select(TraitRow).where(TraitRow.customer_id == customer_id).order_by(TraitRow.name)
        with self._database.reading() as session:
            return {row.name: row.value for row in session.scalars(query)}


def put_traits(session: Session, customer_id: str, given: Mapping[str, str | None], at: datetime) -> None:
    """Keep what a customer gave at a moment, unless they gave something later; None takes a trait back.

    Names and values are those of TRAITS.
    """
    for name, value in given.items():
        row = session.get(TraitRow, (customer_id, name))
        if row is not None and row.given_at > at:
            continue
        if value is None:
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(TraitRow(customer_id=customer_id, name=name, value=value, given_at=at))
        else:
            row.value, row.given_at = value, at
    session.flush()
