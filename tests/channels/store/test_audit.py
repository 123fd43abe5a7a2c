"""The audit log in SQLite and in PostgreSQL: what was written stays."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, delete, text, update
from sqlalchemy.exc import DatabaseError

from channels.store.audit import AUDIT, AuditStore

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=timezone.utc)


def test_lines_come_back_newest_first_and_page_by_page(engine: Engine) -> None:
    """The way admins read them."""
    store = AuditStore(engine)
    for number in range(5):
        store.add(NOW + timedelta(seconds=number), "lan", "clerk", "status_seen", f"số {number}")
    newest = store.entries(limit=2)
    assert [entry.note for entry in newest] == ["số 4", "số 3"]
    assert [entry.note for entry in store.entries(limit=2, before=newest[-1].id)] == ["số 2", "số 1"]
    assert newest[0].at == NOW + timedelta(seconds=4)


def test_lines_are_found_by_person_action_conversation_and_application(engine: Engine) -> None:
    """A citizen asks who looked at their application; that has to be answered."""
    store = AuditStore(engine)
    store.add(NOW, "lan", "clerk", "status_seen", "", None, "H50.05-261102-••••", "d1")
    store.add(NOW, "minh", "clerk", "conversation_read", "", "c" * 32)
    assert [entry.who for entry in store.entries(application_digest="d1")] == ["lan"]
    assert [entry.who for entry in store.entries(conversation="c" * 32)] == ["minh"]
    assert [entry.did for entry in store.entries(who="minh")] == ["conversation_read"]
    assert store.entries(did="status_seen", who="minh") == ()


@pytest.mark.parametrize("statement", [update(AUDIT).values(who="nobody"), delete(AUDIT)], ids=["UPDATE", "DELETE"])
def test_the_database_itself_refuses_to_alter_a_line(engine: Engine, statement: object) -> None:
    """Not even a fault in our own code can rewrite who saw what."""
    store = AuditStore(engine)
    store.add(NOW, "lan", "clerk", "status_seen")
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(statement)  # type: ignore[call-overload]
    assert store.entries()[0].who == "lan"


def test_nor_can_the_table_be_emptied_in_postgresql(engine: Engine) -> None:
    """TRUNCATE knows no rows, so it has a guard of its own."""
    if engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL has TRUNCATE")
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text("TRUNCATE staff_audit"))
