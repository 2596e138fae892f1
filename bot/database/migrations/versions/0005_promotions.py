"""What does the shop give away, and what did it write about that? Offers, promotions, refusals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    _create_offers()
    _create_promotions()
    op.create_table(
        "promotion_refusals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=True),
        sa.Column("conversation_id", sa.String(length=80), nullable=True),
        sa.Column("sku", sa.String(length=80), nullable=True),
        sa.Column("offer_id", sa.String(length=80), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "customer_id IS NOT NULL OR conversation_id IS NOT NULL",
            name=op.f("ck_promotion_refusals_shopper"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_promotion_refusals_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_promotion_refusals"),
    )
    op.create_index("ix_promotion_refusals_customer_id", "promotion_refusals", ["customer_id"])
    op.create_index("ix_promotion_refusals_conversation_id", "promotion_refusals", ["conversation_id"])


def _create_offers() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("amount_cents", sa.Integer(), nullable=True),
        sa.Column("bundle_sku", sa.String(length=80), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("minimum_cents", sa.Integer(), nullable=True),
        sa.Column("skus", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('percentage', 'amount', 'bundle', 'free_shipping')", name=op.f("ck_offers_kind")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_offers_time")),
        sa.CheckConstraint("percent BETWEEN 1 AND 90", name=op.f("ck_offers_percent")),
        sa.CheckConstraint("amount_cents >= 1 AND minimum_cents >= 1", name=op.f("ck_offers_money")),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
    )
    op.create_index("ix_offers_ends_at", "offers", ["ends_at"])


def _create_promotions() -> None:
    op.create_table(
        "promotions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sku", sa.String(length=80), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=True),
        sa.Column("conversation_id", sa.String(length=80), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("tone", sa.String(length=20), nullable=False),
        sa.Column("offer_id", sa.String(length=80), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written", sa.Text(), nullable=True),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("edited_subject", sa.Text(), nullable=True),
        sa.Column("edited_text", sa.Text(), nullable=True),
        sa.Column("rejection_reason", sa.Text(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("source IN ('model', 'template')", name=op.f("ck_promotions_source")),
        sa.CheckConstraint(
            "state IN ('refused', 'waiting', 'approved', 'edited', 'rejected', 'shown')",
            name=op.f("ck_promotions_state"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_promotions_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_promotions"),
        sqlite_autoincrement=True,
    )
    for columns in (["customer_id", "shown_at"], ["conversation_id", "shown_at"], ["state", "id"]):
        op.create_index(f"ix_promotions_{'_'.join(columns)}", "promotions", columns)
