"""Which tables does the shop's database have?

Money is integer cents with an ISO 4217 currency beside it; every point in time is UTC and has its tzinfo.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.database.columns import Table as Table
from bot.database.promotion_tables import OfferRow as OfferRow
from bot.database.promotion_tables import PromotionRefusalRow as PromotionRefusalRow
from bot.database.promotion_tables import PromotionRow as PromotionRow
from bot.database.staff_tables import UsedLinkRow as UsedLinkRow

STATES = ("placed", "paid", "packed", "shipped", "delivered", "cancelled", "returned", "refunded")


class ProductRow(Table):
    __tablename__ = "products"
    __table_args__ = (CheckConstraint("price_cents >= 0", "price"), CheckConstraint("stock >= 0", "stock"))

    sku: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    brand: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text, index=True)
    price_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    stock: Mapped[int]
    attributes: Mapped[dict[str, Any]]
    tags: Mapped[list[Any]]
    description: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime]


class ReviewRow(Table):
    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", "rating"),
        UniqueConstraint("sku", "content_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"))
    rating: Mapped[int]
    date: Mapped[date]
    author: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"), index=True)


class CustomerRow(Table):
    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime]
    profiling_consent: Mapped[bool]


class OrderRow(Table):
    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in STATES)})", "state"),
        CheckConstraint("total_cents >= 0 AND shipping_cents >= 0", "money"),
        Index(None, "customer_id", "placed_at"),
    )

    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    state: Mapped[str] = mapped_column(String(20))
    placed_at: Mapped[datetime]
    currency: Mapped[str] = mapped_column(String(3))
    total_cents: Mapped[int]
    shipping_cents: Mapped[int]
    carrier: Mapped[str | None] = mapped_column(Text)
    tracking_number: Mapped[str | None] = mapped_column(Text)
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    expected_at: Mapped[datetime | None]
    lines: Mapped[list[OrderLineRow]] = relationship(order_by="OrderLineRow.id", lazy="raise")


class OrderLineRow(Table):
    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("quantity >= 1", "quantity"),
        CheckConstraint("price_cents >= 0", "price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(ForeignKey("orders.number", ondelete="CASCADE"), index=True)
    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"))
    name: Mapped[str] = mapped_column(Text)
    quantity: Mapped[int]
    price_cents: Mapped[int]


class OrderLookupRow(Table):
    """A try to see an order by number and e-mail. Neither need exist: what is tried is counted, found or
    not.
    """

    __tablename__ = "order_lookups"
    __table_args__ = (Index(None, "conversation_id", "at"), Index(None, "order_number", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(80))
    order_number: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    found: Mapped[bool]


class EventRow(Table):
    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("customer_id IS NOT NULL OR anonymous_id IS NOT NULL", "shopper"),
        Index(None, "customer_id", "at"),
        Index(None, "anonymous_id", "customer_id", "at"),
        # An id is never given twice, not even after its event was deleted: readers go by rising ids.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(80), unique=True)
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    anonymous_id: Mapped[str | None] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(Text)
    sku: Mapped[str | None] = mapped_column(String(80))
    properties: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(index=True)


class BrowserRow(Table):
    """The customer who signed in last with a browser, by the random id that the browser gave itself."""

    __tablename__ = "browsers"

    anonymous_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    signed_in_at: Mapped[datetime]


class ConsentRow(Table):
    """What a customer agreed to or refused, each time anew: the latest row of a purpose counts.

    `wording` is the text that the customer saw, None where the sender did not tell it.
    """

    __tablename__ = "consents"
    __table_args__ = (Index(None, "customer_id", "purpose", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(40))
    is_given: Mapped[bool]
    at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(40))
    wording: Mapped[str | None] = mapped_column(Text)


class TraitRow(Table):
    """What a customer said of themselves, such as an age band. Nothing inferred stands here."""

    __tablename__ = "traits"

    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime]


class ProfileRow(Table):
    """What the events of one shopper add up to. `folded_through` is the last event's id in it; events with
    greater ids are still to be added.

    `shopper` is `bot.shoppers.shopper.Shopper.key`. `embedding` is float32, little-endian, None while
    nothing with a meaning was seen.
    """

    __tablename__ = "profiles"

    shopper: Mapped[str] = mapped_column(String(96), primary_key=True)
    customer_id: Mapped[str | None] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), unique=True
    )
    folded_through: Mapped[int]
    behaviour: Mapped[dict[str, Any]]
    embedding: Mapped[bytes | None] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime] = mapped_column(index=True)


class EventReaderRow(Table):
    """How far something that reads the events in the order of their ids has come."""

    __tablename__ = "event_readers"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    read_through: Mapped[int]


class SegmentCountRow(Table):
    """How many shoppers the events up to the end of a day put into a segment of one version of the model."""

    __tablename__ = "segment_counts"

    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    segment: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shoppers: Mapped[int]


class PrivateReleaseRow(Table):
    """Counts that were made differentially private and published, and the epsilon that they cost."""

    __tablename__ = "private_releases"

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(80))
    epsilon: Mapped[float]
    at: Mapped[datetime] = mapped_column(index=True)
    counts: Mapped[list[Any]]


class ConversationRow(Table):
    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"), index=True)
    started_at: Mapped[datetime]
    person_requested_at: Mapped[datetime | None]
    anonymous_id: Mapped[str | None] = mapped_column(String(80))


class MessageRow(Table):
    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("conversation_id", "position"),)

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    message_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    replies: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    received_at: Mapped[datetime]
    replied_at: Mapped[datetime | None]
