"""Nothing is left of a conversation that was forgotten or grew old; its person can see what is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Boolean, Date, DateTime, Engine, Integer, Table, insert, select

from channels.citizen_data import KEPT_IN, NOT_OF_CITIZENS, count_by_table, export, is_proved, proof_words
from channels.citizen_data_command import citizen_data_command
from channels.masking import hide_people
from channels.privacy import hashed_id
from channels.store.database import METADATA, open_database
from channels.store.transcripts import Line, Transcripts, Who
from channels.store.upgrade import load_all_tables
from knowledge.errors import KnowledgeError
from tests.conftest import CannotRun
from tests.fakes.rasa import FakeRasa, say
from tests.fakes.whole_app import running_app

PERSON, KEY = "an-invented-browser-0001", b"a key for tests"
CONVERSATION = hashed_id(KEY, "web", PERSON)
#: The law wants it kept, and its triggers hold that.
STAYS = {"staff_audit"}
#: What the gateway reads back must be readable; a ticket that is open would answer in place of the dialogue.
VALID = {
    "channel": "web",
    "ended": "settled",
    "open_key": None,
    "reason": "asked",
    "replies": "[]",
    "result": '{"replies": [], "outcome": "small_talk"}',
    "state": "closed",
    "value": "up",
    "who": "citizen",
}
load_all_tables()


def row_of(table: Table, conversation: str, at: datetime) -> dict[str, Any]:
    """Return a row of a table with the hash where it belongs, at a moment."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.name == KEPT_IN[table.name]:
            row[column.name] = conversation
        elif column.name in VALID:
            row[column.name] = VALID[column.name]
        elif column.name.endswith(("_s", "_ms", "_us")) and column.name != "took_ms":
            row[column.name] = int(at.timestamp() * {"s": 1, "ms": 1e3, "us": 1e6}[column.name.rsplit("_", 1)[1]])
        elif isinstance(column.type, DateTime):
            row[column.name] = at
        elif isinstance(column.type, Date):
            row[column.name] = date(2026, 1, 1)
        elif isinstance(column.type, Boolean):
            row[column.name] = False
        elif isinstance(column.type, Integer) and column.autoincrement is not True:
            row[column.name] = 1
        elif not isinstance(column.type, Integer):
            row[column.name] = f"x{conversation[:2]}"
    return row


def fill(engine: Engine, conversation: str, at: datetime) -> None:
    """Write a row into every table that can hold the conversation, but for those that have one."""
    with engine.begin() as connection:
        for name, column in KEPT_IN.items():
            table = METADATA.tables[name]
            if not connection.execute(select(table).where(table.c[column] == conversation)).first():
                connection.execute(insert(table).values(row_of(table, conversation, at)))


def traces(engine: Engine, conversation: str) -> set[str]:
    """Return the tables in which the hash stands anywhere, in whatever column."""
    found = set()
    with engine.connect() as connection:
        for table in METADATA.sorted_tables:
            if any(conversation in str(value) for row in connection.execute(select(table)) for value in row):
                found.add(table.name)
    return found - STAYS


@pytest.fixture
def running(tmp_path: Path, cannot_run: CannotRun) -> Iterator[tuple[str, FastAPI, Engine]]:
    """The whole app over a database; the dialogue asks to forget when it hears "xoá hết"."""
    rasa = FakeRasa(answer=lambda text: [say("Vâng.", forget="xoá" in text)])
    try:
        with running_app(tmp_path, rasa) as (url, app):
            engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
            yield url, app, engine
            engine.dispose()
    except KnowledgeError as error:
        cannot_run(f"make setup: {error}")


def write(url: str, text: str, number: int) -> None:
    message = {"conversation_id": PERSON, "message_id": f"m{number}", "text": text}
    for _ in range(2):  # the repetition waits until everyone has taken note of the first
        httpx.post(f"{url}/api/v1/messages", json=message, timeout=20).raise_for_status()


def test_every_table_says_whether_it_keeps_something_of_a_citizen() -> None:
    """Whoever adds a table is asked here: what of it must go when a person wants to be forgotten?"""
    assert set(METADATA.tables) == set(KEPT_IN) | set(NOT_OF_CITIZENS)
    assert not set(KEPT_IN) & set(NOT_OF_CITIZENS)


def test_nothing_is_left_of_a_conversation_that_was_forgotten(running: tuple[str, FastAPI, Engine]) -> None:
    """In the whole app, with every channel on: a store that is not wired to `forget` shows here."""
    url, _, engine = running
    write(url, "làm khai sinh", 1)
    fill(engine, CONVERSATION, datetime.now(timezone.utc))
    assert traces(engine, CONVERSATION) == set(KEPT_IN)
    write(url, "xoá hết dữ liệu của tôi", 2)

    assert traces(engine, CONVERSATION) == set()


def test_nothing_is_left_of_a_conversation_after_the_retention_time(running: tuple[str, FastAPI, Engine]) -> None:
    """A store that the daily sweep misses keeps data for ever."""
    _, app, engine = running
    fill(engine, CONVERSATION, datetime.now(timezone.utc) - timedelta(days=400))
    swept = app.state.retention.sweep()

    assert -1 not in swept.values()
    assert traces(engine, CONVERSATION) == {"subscriptions"}, "these end on a day told to the person"


def test_a_person_is_shown_everything_that_is_kept(running: tuple[str, FastAPI, Engine]) -> None:
    """But nothing sealed, and nothing of others."""
    url, _, engine = running
    write(url, "làm khai sinh", 1)
    fill(engine, CONVERSATION, datetime.now(timezone.utc))
    fill(engine, "b" * 32, datetime.now(timezone.utc))
    shown = export(engine, CONVERSATION)

    assert set(shown) == set(KEPT_IN) == set(count_by_table(engine, CONVERSATION))
    assert "làm khai sinh" in json.dumps(shown, ensure_ascii=False, default=str)
    assert "b" * 32 not in json.dumps(shown, default=str)
    assert not {"sealed", "proofs"} & {key for rows in shown.values() for row in rows for key in row}


def test_only_who_can_write_in_a_conversation_gets_its_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The number of a person on Zalo is no secret."""
    monkeypatch.setenv("MOT_CUA_DB_URL", f"sqlite:///{tmp_path / 'app.db'}")
    monkeypatch.setenv("MOT_CUA_IDENTITY_KEY", KEY.decode())
    engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    file = tmp_path / "out.json"
    assert citizen_data_command(["export", "web", PERSON, str(file)]) == 1
    citizen_data_command(["prove", "web", PERSON])
    words = capsys.readouterr().out.strip().rsplit(": ", 1)[1]
    said = Line(CONVERSATION, "web", datetime.now(timezone.utc), Who.CITIZEN, hide_people(f"Dạ, {words}"))
    Transcripts(engine).add(said)

    assert citizen_data_command(["export", "web", PERSON, str(file)]) == 0
    assert file.stat().st_mode & 0o077 == 0
    assert set(json.loads(file.read_text("utf8"))) == {"transcripts"}
    assert is_proved(engine, KEY, CONVERSATION, datetime.now(timezone.utc) + timedelta(hours=25)) is False


def test_the_proof_is_another_one_for_every_conversation_and_day() -> None:
    """Words overheard yesterday open nothing."""
    now = datetime(2026, 11, 22, tzinfo=timezone.utc)

    assert len({proof_words(KEY, who, now + timedelta(days=day)) for who in ("a", "b") for day in (0, 1)}) == 4
