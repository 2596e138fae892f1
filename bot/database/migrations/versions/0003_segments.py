"""How far has each reader of the events come; which segments were how large when; what was published?"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    # Without AUTOINCREMENT SQLite gives the ids of deleted events again, and readers would pass over them.
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table(
            "events",
            recreate="always",
            copy_from=_events(),
            table_kwargs={"sqlite_autoincrement": True},
        ):
            pass
    op.create_table(
        "event_readers",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("read_through", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_event_readers"),
    )
    op.create_table(
        "segment_counts",
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("shoppers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("version", "day", "segment", name="pk_segment_counts"),
    )
    op.create_table(
        "private_releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("epsilon", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_private_releases"),
    )
    op.create_index("ix_private_releases_at", "private_releases", ["at"])


def _events() -> sa.Table:
    """The table as 0002 leaves it; reading it from SQLite would double the prefix of a constraint's name."""
    return sa.Table(
        "events",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=True),
        sa.Column("anonymous_id", sa.String(length=80), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sku", sa.String(length=80), nullable=True),
        sa.Column("properties", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "customer_id IS NOT NULL OR anonymous_id IS NOT NULL", name=op.f("ck_events_shopper")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_events_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("message_id", name=op.f("uq_events_message_id")),
        sa.Index("ix_events_at", "at"),
        sa.Index("ix_events_customer_id_at", "customer_id", "at"),
        sa.Index("ix_events_anonymous_id_at", "anonymous_id", "at"),
    )
