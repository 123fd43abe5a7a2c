"""Insert or update in one statement, in SQLite and in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert


def upsert(engine: Engine, table: Table, row: Mapping[str, Any]) -> Insert:
    """Return the statement that writes a row in place of the one with the same primary key; it locks the row."""
    keys = [column.name for column in table.primary_key]
    values = {name: value for name, value in row.items() if name not in keys}
    if engine.dialect.name == "postgresql":
        return postgresql.insert(table).values(row).on_conflict_do_update(index_elements=keys, set_=values)
    return sqlite.insert(table).values(row).on_conflict_do_update(index_elements=keys, set_=values)
