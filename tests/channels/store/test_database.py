"""The database: made where there is none, safe for readers and writers at once."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from channels.store.database import open_database


def test_folder_and_tables_are_made(tmp_path: Path) -> None:
    """A first start needs no hand."""
    engine = open_database(f"sqlite:///{tmp_path / 'a' / 'b' / 'app.db'}")
    with engine.connect() as connection:
        names = set(connection.execute(text("select name from sqlite_master where type = 'table'")).scalars())
    engine.dispose()

    assert {"conversations", "replies"} <= names


def test_readers_do_not_wait_for_writers(tmp_path: Path) -> None:
    """Write-ahead log, and patience instead of "database is locked"."""
    engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    with engine.connect() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "busy_timeout", "foreign_keys")
        }
    engine.dispose()

    assert settings == {"journal_mode": "wal", "busy_timeout": 5000, "foreign_keys": 1}
