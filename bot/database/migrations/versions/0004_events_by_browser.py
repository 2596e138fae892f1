"""Which events are a browser's and nobody's yet? Found by one index, however many others are nobody's too."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    # SQLite would look for "no customer" first, among the events of all browsers.
    op.drop_index("ix_events_anonymous_id_at", "events")
    op.create_index("ix_events_anonymous_id_customer_id_at", "events", ["anonymous_id", "customer_id", "at"])
