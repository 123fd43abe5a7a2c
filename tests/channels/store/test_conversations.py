"""What is kept of conversations: one transaction each, hashes only, over a restart."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sqlalchemy import update

from actions.turn import Outcome
from channels.messages import Reply, TurnResult
from channels.store.conversations import CONVERSATIONS, REPLIES, ConversationStore
from channels.store.database import open_database

ONE, TWO = "1" * 32, "2" * 32


def result(text: str = "Dạ.", outcome: Outcome = Outcome.ANSWERED) -> TurnResult:
    return TurnResult(replies=[Reply(text=text)], outcome=outcome)


def keep(store: ConversationStore, conversation: str = ONE, message: str = "m1", **state: bool) -> None:
    known = {"is_new": True, "expects_digits": False} | state
    store.close(conversation, "web", message, result(), **known)


def test_a_conversation_nobody_knows_is_new(store: ConversationStore) -> None:
    """The notice is due."""
    state = store.open(ONE, "m1")

    assert (state.is_new, state.expects_digits, state.reply) == (True, False, None)


def test_a_turn_is_found_again_by_its_message(store: ConversationStore) -> None:
    """And by no other conversation's message of the same id."""
    keep(store)

    assert TurnResult.model_validate_json(store.open(ONE, "m1").reply or "") == result()
    assert store.open(ONE, "m2").reply is None and not store.open(ONE, "m2").is_new
    assert store.open(TWO, "m1").reply is None and store.open(TWO, "m1").is_new


def test_what_the_dialogue_waits_for_is_kept(store: ConversationStore) -> None:
    """The next four digits are then a secret."""
    keep(store, expects_digits=True)
    assert store.open(ONE, "m2").expects_digits

    keep(store, message="m2", is_new=False)
    assert not store.open(ONE, "m3").expects_digits


def test_the_file_survives_a_restart(tmp_path: Path) -> None:
    """A retry after an update of the app is still no second turn."""
    url = f"sqlite:///{tmp_path / 'deep' / 'app.db'}"
    before = open_database(url)
    keep(ConversationStore(before))
    before.dispose()
    after = open_database(url)

    assert ConversationStore(after).open(ONE, "m1").reply is not None
    after.dispose()


def test_forgetting_one_leaves_the_others(store: ConversationStore) -> None:
    """ "Xoá dữ liệu của tôi" is about me."""
    keep(store)
    keep(store, conversation=TWO)
    store.forget(ONE)

    assert store.open(ONE, "m1").is_new and store.open(ONE, "m1").reply is None
    assert store.open(TWO, "m1").reply is not None


def test_what_is_older_than_the_retention_goes(tmp_path: Path) -> None:
    """Ninety days are a promise of the notice."""
    engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    store = ConversationStore(engine)
    keep(store)
    keep(store, conversation=TWO)
    long_ago = datetime.now(timezone.utc) - timedelta(days=91)
    with engine.begin() as connection:
        connection.execute(update(CONVERSATIONS).where(CONVERSATIONS.c.id == ONE).values(last_at=long_ago))
        connection.execute(update(REPLIES).where(REPLIES.c.conversation == ONE).values(at=long_ago))

    assert store.forget_older_than(90) == 1
    assert store.open(ONE, "m1").reply is None
    assert store.open(TWO, "m1").reply is not None
    engine.dispose()


def test_nothing_in_the_file_is_a_text_of_a_citizen(tmp_path: Path) -> None:
    """Ids are hashes; of messages only their ids are kept."""
    engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    keep(ConversationStore(engine))
    engine.dispose()
    with sqlite3.connect(tmp_path / "app.db") as connection:
        columns = [
            row[1]
            for table in ("conversations", "replies")
            for row in connection.execute(f"PRAGMA table_info({table})")
        ]

    assert not {"text", "person", "message", "sender"} & set(columns)
