"""Brings a database to the tables of this version, or says why it must not be used.

A new database is filled at once. An older one is changed by the migrations: SQLite by itself at the start, PostgreSQL
by `python -m channels store upgrade`, since other workers may be running on it (docs/adr/0003).
"""

from __future__ import annotations

import fcntl
import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, inspect, text

from channels.store.errors import DatabaseTooNew, DatabaseTooOld

MIGRATIONS = Path(__file__).parent / "migrations"
#: Any number that nobody else locks in the same PostgreSQL database.
_LOCK = 7_240_711


def prepare(engine: Engine, metadata: MetaData) -> None:
    """Make a new database usable, upgrade an older SQLite one, look at everything else.

    Raises:
        DatabaseTooOld: a PostgreSQL database that waits for `store upgrade`.
        DatabaseTooNew: a later version of the app has changed it.
    """
    known = version_of(engine)
    if known == head():
        return
    with _alone(engine):
        known = version_of(engine)
        if known == head():
            return
        if known is not None and known not in _known_versions():
            raise DatabaseTooNew(known)
        if is_empty(engine):
            create(engine, metadata)
        elif engine.dialect.name == "sqlite":
            migrate(engine)
        else:
            raise DatabaseTooOld(known)


def upgrade(engine: Engine, metadata: MetaData) -> tuple[str | None, str]:
    """Bring any database to this version; return the versions before and after.

    Raises:
        DatabaseTooNew: a later version of the app has changed it.
    """
    with _alone(engine):
        before = version_of(engine)
        if before is not None and before not in _known_versions():
            raise DatabaseTooNew(before)
        if is_empty(engine):
            create(engine, metadata)
        elif before != head():
            migrate(engine)
    return before, head()


def create(engine: Engine, metadata: MetaData) -> None:
    """Make all tables in an empty database, and note that they are of this version."""
    load_all_tables()
    with engine.begin() as connection:
        metadata.create_all(connection)
        MigrationContext.configure(connection).stamp(_scripts(), head())


def version_of(engine: Engine) -> str | None:
    """Return the version that a database says it has; None when it says none."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return version


def is_empty(engine: Engine) -> bool:
    """Tell whether there are no tables yet."""
    return not set(inspect(engine).get_table_names()) - {"alembic_version"}


@cache
def head() -> str:
    """Return the newest version."""
    newest = _scripts().get_current_head()
    assert newest is not None, "there is no migration"
    return newest


def load_all_tables() -> None:
    """Import every module that describes tables: METADATA knows only what was imported."""
    import channels.store

    for module in pkgutil.iter_modules(channels.store.__path__):
        if not module.ispkg:
            importlib.import_module(f"channels.store.{module.name}")


def write_revision(engine: Engine, message: str) -> Path:
    """Write the module of a change from the difference between a database of the last version and METADATA."""
    load_all_tables()
    with engine.connect() as connection:
        made = command.revision(_config(connection), message, autogenerate=True, rev_id=_next_version())
    assert made is not None and not isinstance(made, list)
    return Path(made.path)


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def _known_versions() -> set[str]:
    return {script.revision for script in _scripts().walk_revisions()}


def _next_version() -> str:
    return f"{len(_known_versions()) + 1:04}"


def migrate(engine: Engine) -> None:
    """Carry out the migrations that a database has not had."""
    load_all_tables()
    with engine.begin() as connection:
        command.upgrade(_config(connection), "head")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Keep other workers that start at the same moment waiting."""
    if engine.dialect.name == "sqlite":
        if not engine.url.database or engine.url.database == ":memory:":
            yield
            return
        with open(f"{engine.url.database}.upgrade-lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()
