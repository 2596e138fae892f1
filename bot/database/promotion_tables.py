"""Which tables do offers and promotions have? `bot.database.tables` names them beside the others."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.database.columns import Table

KINDS = ("percentage", "amount", "bundle", "free_shipping")
PROMOTION_SOURCES = ("model", "template")
PROMOTION_STATES = ("refused", "waiting", "approved", "edited", "rejected", "shown")


def _one_of(column: str, allowed: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(name) for name in allowed)})"


class OfferRow(Table):
    """An offer as `bot.promotions.offer.Offer` says. `bundle_sku` and `skus` may be of products that are no
    longer there."""

    __tablename__ = "offers"
    __table_args__ = (
        CheckConstraint(_one_of("kind", KINDS), "kind"),
        CheckConstraint("ends_at > starts_at", "time"),
        CheckConstraint("percent BETWEEN 1 AND 90", "percent"),
        CheckConstraint("amount_cents >= 1 AND minimum_cents >= 1", "money"),
    )

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    currency: Mapped[str] = mapped_column(String(3))
    percent: Mapped[int | None]
    amount_cents: Mapped[int | None]
    bundle_sku: Mapped[str | None] = mapped_column(String(80))
    code: Mapped[str | None] = mapped_column(String(20))
    minimum_cents: Mapped[int | None]
    skus: Mapped[list[Any]]
    categories: Mapped[list[Any]]
    audience: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime]


class PromotionRow(Table):
    """A text about a product, written for a customer, for the visitor of a conversation, or for nobody in
    particular. `offer_id` may be of an offer that is no longer there.

    `written` is the text with its places unfilled, None for a template; `findings` are why the check refused
    it, empty if it passed. `decided_by` is None where no person decided; `overruled` are the findings that
    the person let pass, None without.
    """

    __tablename__ = "promotions"
    __table_args__ = (
        CheckConstraint(_one_of("source", PROMOTION_SOURCES), "source"),
        CheckConstraint(_one_of("state", PROMOTION_STATES), "state"),
        Index(None, "customer_id", "shown_at"),
        Index(None, "conversation_id", "shown_at"),
        Index(None, "state", "id"),
        # An id is never given twice: a late decision must not meet another text.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    sku: Mapped[str] = mapped_column(String(80))
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    conversation_id: Mapped[str | None] = mapped_column(String(80))
    channel: Mapped[str] = mapped_column(String(20))
    tone: Mapped[str] = mapped_column(String(20))
    offer_id: Mapped[str | None] = mapped_column(String(80))
    subject: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    written: Mapped[str | None] = mapped_column(Text)
    plan: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(String(20))
    facts: Mapped[list[Any]]
    findings: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(20))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(Text)
    edited_subject: Mapped[str | None] = mapped_column(Text)
    edited_text: Mapped[str | None] = mapped_column(Text)
    rejection_reason: Mapped[str | None] = mapped_column(Text)
    overruled: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    shown_at: Mapped[datetime | None]


class PromotionRefusalRow(Table):
    """What a shopper said does not interest them: a product, an offer, or any promotion where both are None.
    A visitor's refusal lives in the conversation.
    """

    __tablename__ = "promotion_refusals"
    __table_args__ = (CheckConstraint("customer_id IS NOT NULL OR conversation_id IS NOT NULL", "shopper"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[str | None] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    conversation_id: Mapped[str | None] = mapped_column(String(80), index=True)
    sku: Mapped[str | None] = mapped_column(String(80))
    offer_id: Mapped[str | None] = mapped_column(String(80))
    at: Mapped[datetime]
