"""Which promotions were written, what did people decide about them, and which were shown?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, false, func, or_, select
from sqlalchemy.exc import IntegrityError

from bot.customers import UnknownCustomer
from bot.database.connection import Database
from bot.database.tables import PromotionRefusalRow, PromotionRow
from bot.promotions.promotion import (
    AlreadyDecided,
    Decided,
    Draft,
    NotApproved,
    Promotion,
    Refusal,
    UnknownPromotion,
    check_decision,
)
from bot.promotions.promotion_rows import decision_of, promotion_of, values_of

Clock = Callable[[], datetime]


class PromotionRecord:
    """The promotions and refusals in the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def keep(self, drafts: Iterable[Draft], needs_approval: bool = True) -> tuple[int, ...]:
        """Keep what was written and give its ids, in the order of the drafts. What the check refused is
        `refused`; all else waits for a person, or is `approved` at once if it needs no approval.

        Raises UnknownCustomer, and then nothing is kept.
        """
        passed = "waiting" if needs_approval else "approved"
        at = self._clock()
        rows = [
            PromotionRow(created_at=at, state="refused" if draft.findings else passed, **values_of(draft))
            for draft in drafts
        ]
        try:
            with self._database.session() as session:
                session.add_all(rows)
                session.flush()
                return tuple(row.id for row in rows)
        except IntegrityError:
            raise UnknownCustomer("A promotion is for a customer who is not there.") from None

    def waiting(self, limit: int, after_id: int = 0) -> tuple[Promotion, ...]:
        """The promotions that wait for a decision, oldest first, from the id after `after_id` on."""
        query = select(PromotionRow).where(PromotionRow.state == "waiting", PromotionRow.id > after_id)
        return self._found(query.order_by(PromotionRow.id).limit(limit))

    def one(self, promotion_id: int) -> Promotion | None:
        """The promotion with this id, or None."""
        with self._database.reading() as session:
            row = session.get(PromotionRow, promotion_id)
            return None if row is None else promotion_of(row)

    def decide(
        self,
        promotion_id: int,
        decision: Decided,
        by: str,
        subject: str | None = None,
        text: str | None = None,
        reason: str | None = None,
        overruled: Sequence[str] = (),
    ) -> Promotion:
        """Approve a waiting promotion, edit it (then `text`, `subject` or both are the new ones), or reject
        it, with a reason or without. `overruled` are findings of the check that the person lets pass. The
        same decision again changes nothing.

        Raises UnknownPromotion, UnusableDecision, AlreadyDecided.
        """
        check_decision(decision, subject, text, reason)
        with self._database.session() as session:
            row = _locked(session.get(PromotionRow, promotion_id, with_for_update=True), promotion_id)
            if row.state == "waiting":
                row.state, row.decided_at, row.decided_by = decision, self._clock(), by
                row.edited_subject, row.edited_text, row.rejection_reason = subject, text, reason
                row.overruled = list(overruled) or None
                session.flush()
            elif (decision_of(row), row.edited_subject, row.edited_text, row.rejection_reason) != (
                decision,
                subject,
                text,
                reason,
            ):
                raise AlreadyDecided(f"Promotion {promotion_id} does not wait any more: it is {row.state}.")
            return promotion_of(row)

    def mark_shown(self, promotion_id: int) -> Promotion:
        """Record that the shopper gets it now; the first time counts.

        Raises UnknownPromotion, NotApproved.
        """
        with self._database.session() as session:
            row = _locked(session.get(PromotionRow, promotion_id, with_for_update=True), promotion_id)
            if row.state not in ("approved", "edited", "shown"):
                raise NotApproved(
                    f"Promotion {promotion_id} should be approved before it is shown; it is {row.state}."
                )
            if row.state != "shown":
                row.state, row.shown_at = "shown", self._clock()
                session.flush()
            return promotion_of(row)

    def texts_shown_to(self, customer_id: str, limit: int = 20) -> tuple[str, ...]:
        """The texts that the customer got, the latest first."""
        query = select(PromotionRow).where(
            PromotionRow.customer_id == customer_id, PromotionRow.shown_at.is_not(None)
        )
        newest = query.order_by(PromotionRow.shown_at.desc(), PromotionRow.id.desc()).limit(limit)
        return tuple(promotion.final_text for promotion in self._found(newest))

    def shown_count(self, customer_id: str, channel: str, since: datetime) -> int:
        """How many promotions the customer got on a channel since then."""
        return self._count(
            PromotionRow.customer_id == customer_id,
            PromotionRow.channel == channel,
            PromotionRow.shown_at >= since,
        )

    def offer_shown_count(
        self, offer_id: str, since: datetime, customer_id: str | None, conversation_id: str | None
    ) -> int:
        """How often an offer was shown in the chat since then, to the customer or in the conversation."""
        return self._count(
            _either(PromotionRow, customer_id, conversation_id),
            PromotionRow.channel == "chat",
            PromotionRow.offer_id == offer_id,
            PromotionRow.shown_at >= since,
        )

    def decided(self) -> tuple[Promotion, ...]:
        """What a person approved or edited and the writer may learn from, in the order of the ids: edited
        texts, and approved ones that a model wrote; none that somebody let pass against the check.
        """
        query = select(PromotionRow).where(
            PromotionRow.decided_at.is_not(None), PromotionRow.state != "rejected"
        )
        found = self._found(query.order_by(PromotionRow.id))
        return tuple(
            each
            for each in found
            if not each.overruled and (each.decision == "edited" or each.draft.written is not None)
        )

    def rejected_texts(self) -> frozenset[str]:
        """What people rejected, with its places unfilled: nobody wants to read it again."""
        query = select(PromotionRow.written).where(
            PromotionRow.state == "rejected", PromotionRow.written.is_not(None)
        )
        with self._database.reading() as session:
            return frozenset(text for text in session.scalars(query) if text is not None)

    def refuse(
        self,
        customer_id: str | None,
        conversation_id: str | None,
        sku: str | None = None,
        offer_id: str | None = None,
    ) -> None:
        """Record that a shopper is not interested in a product, an offer, or any promotion if both are None.
        The same refusal again changes nothing.

        Raises UnknownCustomer; ValueError if neither customer nor conversation is given.
        """
        if customer_id is None and conversation_id is None:
            raise ValueError("A refusal should be a customer's or of a conversation; came neither.")
        refusal = Refusal(customer_id, conversation_id, sku, offer_id, self._clock())
        same = select(PromotionRefusalRow.id).filter_by(
            customer_id=customer_id, conversation_id=conversation_id, sku=sku, offer_id=offer_id
        )
        try:
            with self._database.session() as session:
                if session.scalar(same.limit(1)) is None:
                    session.add(PromotionRefusalRow(**asdict(refusal)))
        except IntegrityError:
            raise UnknownCustomer(f"There is no customer {customer_id!r}.") from None

    def refusals(self, customer_id: str | None, conversation_id: str | None) -> tuple[Refusal, ...]:
        """What the customer refused anywhere and what was refused in the conversation, the latest last."""
        query = select(PromotionRefusalRow).where(_either(PromotionRefusalRow, customer_id, conversation_id))
        with self._database.reading() as session:
            rows = session.scalars(query.order_by(PromotionRefusalRow.at, PromotionRefusalRow.id))
            return tuple(Refusal(r.customer_id, r.conversation_id, r.sku, r.offer_id, r.at) for r in rows)

    def forgive(self, refusals: Iterable[Refusal]) -> None:
        """These hold no longer; one that is not there changes nothing."""
        with self._database.session() as session:
            for refusal in refusals:
                session.execute(
                    delete(PromotionRefusalRow).filter_by(
                        customer_id=refusal.customer_id,
                        conversation_id=refusal.conversation_id,
                        sku=refusal.sku,
                        offer_id=refusal.offer_id,
                    )
                )

    def _found(self, query: Select[tuple[PromotionRow]]) -> tuple[Promotion, ...]:
        with self._database.reading() as session:
            return tuple(promotion_of(row) for row in session.scalars(query))

    def _count(self, *conditions: ColumnElement[bool]) -> int:
        with self._database.reading() as session:
            return session.scalar(select(func.count(PromotionRow.id)).where(*conditions)) or 0


def _locked(row: PromotionRow | None, promotion_id: int) -> PromotionRow:
    if row is None:
        raise UnknownPromotion(f"There is no promotion {promotion_id}.")
    return row


def _either(
    table: type[PromotionRow | PromotionRefusalRow], customer_id: str | None, conversation_id: str | None
) -> ColumnElement[bool]:
    """The customer's rows and those of the conversation; none if neither is given."""
    found: list[ColumnElement[bool]] = []
    if customer_id is not None:
        found.append(table.customer_id == customer_id)
    if conversation_id is not None:
        found.append(table.conversation_id == conversation_id)
    return or_(false(), *found)
