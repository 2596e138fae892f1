"""How does Alembic run a migration here? On the connection that Database.upgrade hands over, in its
transaction.
"""

from __future__ import annotations

from alembic import context

from bot.database.tables import Table

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Table.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
