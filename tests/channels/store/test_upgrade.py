"""A database is brought to this version, or refused with words that say what to do."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, insert, inspect, text
from sqlalchemy.exc import DBAPIError

from channels.store.audit import AUDIT
from channels.store.commands import store_command
from channels.store.conversations import CONVERSATIONS, REPLIES
from channels.store.database import METADATA, connect, open_database
from channels.store.errors import DatabaseTooNew, DatabaseTooOld
from channels.store.upgrade import head, load_all_tables, migrate, upgrade, version_of


@pytest.fixture
def empty(database_url: str) -> Any:
    """An engine over a database without tables."""
    engine = connect(database_url)
    yield engine
    engine.dispose()


def differences(engine: Engine) -> list[Any]:
    """Return what Alembic would change to come to METADATA."""
    load_all_tables()
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA))


def age(engine: Engine, version: str | None) -> None:
    """Make a database say that it is of another version."""
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        if version is not None:
            connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})
        else:
            connection.execute(text("DROP TABLE alembic_version"))


def test_the_migrations_lead_to_the_tables_of_this_version(empty: Engine) -> None:
    """Whoever changes a table writes a migration: python -m channels store revision "why"."""
    migrate(empty)

    assert differences(empty) == []


def test_a_new_database_is_of_this_version(engine: Engine) -> None:
    """It is filled at once, without going through every change."""
    assert version_of(engine) == head()
    assert differences(engine) == []


def test_a_database_from_before_the_migrations_is_completed(empty: Engine) -> None:
    """What the first installations hold must not be lost."""
    METADATA.create_all(empty, tables=[CONVERSATIONS, REPLIES])
    with empty.begin() as connection:
        connection.execute(text("DROP INDEX replies_at"))
        connection.execute(text("INSERT INTO replies VALUES ('c', 'm', '{}', '2026-11-01 00:00:00')"))
    upgrade(empty, METADATA)

    assert (version_of(empty), differences(empty)) == (head(), [])
    with empty.connect() as connection:
        assert connection.execute(text("SELECT result FROM replies")).scalar() == "{}"


def test_the_audit_log_cannot_be_altered_whichever_way_it_was_made(empty: Engine) -> None:
    """The triggers are no tables; nothing compares them."""
    migrate(empty)
    row = {"at_s": 1, "who": "a", "role": "admin", "did": "sign_in", "note": ""}
    with empty.begin() as connection:
        connection.execute(insert(AUDIT).values(row))
    with pytest.raises(DBAPIError, match="append-only"), empty.begin() as connection:
        connection.execute(AUDIT.delete())


def test_an_older_database_is_upgraded_or_refused(database_url: str) -> None:
    """SQLite has one process; on PostgreSQL others may be at work, so a person chooses the moment."""
    engine = open_database(database_url)
    age(engine, None)
    if engine.dialect.name == "sqlite":
        assert version_of(open_database(database_url)) == head()
    else:
        with pytest.raises(DatabaseTooOld, match="python -m channels store upgrade"):
            open_database(database_url)
        upgrade(engine, METADATA)
        assert version_of(open_database(database_url)) == head()
    engine.dispose()


def test_a_database_of_a_later_version_is_not_touched(database_url: str) -> None:
    """After going back to an older app."""
    engine = open_database(database_url)
    age(engine, "9999")

    with pytest.raises(DatabaseTooNew, match="9999"):
        open_database(database_url)
    engine.dispose()


def test_workers_that_start_together_make_the_tables_once(database_url: str) -> None:
    """Several processes may open a new database at the same moment."""
    faults: list[BaseException] = []

    def start() -> None:
        try:
            open_database(database_url).dispose()
        except BaseException as fault:
            faults.append(fault)

    workers = [threading.Thread(target=start) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert faults == []
    engine = connect(database_url)
    assert len(inspect(engine).get_table_names()) == len(METADATA.tables) + 1
    engine.dispose()


def test_the_command_says_where_a_database_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Scripts ask before they start workers."""
    url = f"sqlite:///{tmp_path / 'app.db'}"
    monkeypatch.setenv("MOT_CUA_DB_URL", url)

    assert store_command(["check"]) == 1
    assert store_command(["upgrade"]) == 0
    assert store_command(["check"]) == 0
    engine = connect(url)
    age(engine, "9999")
    engine.dispose()
    assert store_command(["upgrade"]) == 2
    assert "9999" in capsys.readouterr().err
