"""Who are the shoppers? Browsers, consents, traits, profiles; reviews know their customer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_index("ix_events_anonymous_id_at", "events", ["anonymous_id", "at"])
    op.create_table(
        "browsers",
        sa.Column("anonymous_id", sa.String(length=80), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_browsers_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("anonymous_id", name="pk_browsers"),
    )
    op.create_index("ix_browsers_customer_id", "browsers", ["customer_id"])
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_consents_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_customer_id_purpose_at", "consents", ["customer_id", "purpose", "at"])
    op.create_table(
        "traits",
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_traits_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", "name", name="pk_traits"),
    )
    op.create_table(
        "profiles",
        sa.Column("shopper", sa.String(length=96), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=True),
        sa.Column("folded_through", sa.Integer(), nullable=False),
        sa.Column("behaviour", sa.JSON(), nullable=False),
        sa.Column("embedding", sa.LargeBinary(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_profiles_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shopper", name="pk_profiles"),
        sa.UniqueConstraint("customer_id", name="uq_profiles_customer_id"),
    )
    op.create_index("ix_profiles_updated_at", "profiles", ["updated_at"])
    with op.batch_alter_table("reviews") as reviews:
        reviews.add_column(sa.Column("customer_id", sa.String(length=40), nullable=True))
        reviews.create_foreign_key("fk_reviews_customer_id", "customers", ["customer_id"], ["id"])
        reviews.create_index("ix_reviews_customer_id", ["customer_id"])
    op.add_column("conversations", sa.Column("anonymous_id", sa.String(length=80), nullable=True))
