"""The app's database: SQLite with a write-ahead log by default, PostgreSQL by one setting."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry

METADATA = MetaData()


def open_database(url: str) -> Engine:
    """Return an engine with all tables in place.

    url: an SQLAlchemy address; the folder of an SQLite file is made.

    Raises:
        StoreError: the database is of another version and cannot be used as it is.
    """
    from channels.store.upgrade import prepare  # it imports every module with tables, and those import this one

    engine = connect(url)
    try:
        prepare(engine, METADATA)
    except Exception:
        engine.dispose()
        raise
    return engine


def connect(url: str) -> Engine:
    """Return an engine, whatever is in the database."""
    address = make_url(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    if is_sqlite and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, pool_pre_ping=not is_sqlite)
    if is_sqlite:
        event.listen(engine, "connect", _tune_sqlite)
    return engine


def _tune_sqlite(connection: object, entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
