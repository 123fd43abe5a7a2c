"""What Alembic runs: the changes go over the connection that the caller hands in."""

from __future__ import annotations

from alembic import context

from channels.store.database import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    # SQLite cannot alter a column; Alembic copies the table instead.
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
