"""Which promotions lie before the shop's people: to decide on, refused by the check, or decided?"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select

from bot.database.connection import Database
from bot.database.tables import PromotionRow
from bot.promotions.promotion import Promotion
from bot.promotions.promotion_rows import promotion_of


@dataclass(frozen=True)
class Counts:
    """How many there are of each list, on all channels."""

    waiting: int
    refused: int
    decided: int


class PromotionLists:
    """Reads them from the database; `channel` None takes all channels."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, limit: int, after_id: int = 0, channel: str | None = None) -> tuple[Promotion, ...]:
        """What waits for a decision, oldest first, from the id after `after_id` on."""
        query = select(PromotionRow).where(PromotionRow.state == "waiting", PromotionRow.id > after_id)
        return self._found(query.where(*_on(channel)).order_by(PromotionRow.id).limit(limit))

    def refused(
        self, limit: int, before_id: int | None = None, channel: str | None = None
    ) -> tuple[Promotion, ...]:
        """What the check refused, the latest first, from the id before `before_id` on."""
        query = select(PromotionRow).where(PromotionRow.state == "refused", *_on(channel))
        if before_id is not None:
            query = query.where(PromotionRow.id < before_id)
        return self._found(query.order_by(PromotionRow.id.desc()).limit(limit))

    def decided(self, limit: int, channel: str | None = None) -> tuple[Promotion, ...]:
        """What people decided on, the latest decision first."""
        query = select(PromotionRow).where(PromotionRow.decided_at.is_not(None), *_on(channel))
        latest = query.order_by(PromotionRow.decided_at.desc(), PromotionRow.id.desc())
        return self._found(latest.limit(limit))

    def counts(self) -> Counts:
        """How long the lists are."""
        with self._database.reading() as session:
            return Counts(
                *(
                    session.scalar(select(func.count(PromotionRow.id)).where(condition)) or 0
                    for condition in (
                        PromotionRow.state == "waiting",
                        PromotionRow.state == "refused",
                        PromotionRow.decided_at.is_not(None),
                    )
                )
            )

    def _found(self, query: Select[tuple[PromotionRow]]) -> tuple[Promotion, ...]:
        with self._database.reading() as session:
            return tuple(promotion_of(row) for row in session.scalars(query))


def _on(channel: str | None) -> tuple[ColumnElement[bool], ...]:
    return () if channel is None else (PromotionRow.channel == channel,)
