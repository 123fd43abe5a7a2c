"""Conversations kept and forgotten."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from rasa.core.lock_store import InMemoryLockStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversations import TURNS_READ, ConversationStore, open_locks, open_store


def keep(store: ConversationStore, sender: str, age_days: float) -> None:
    event = UserUttered("lệ phí?", timestamp=time.time() - age_days * 86_400)
    asyncio.run(store.save(DialogueStateTracker.from_events(sender, [event])))


def opened(path: Path) -> ConversationStore:
    store = open_store(f"sqlite:///{path}")
    store.domain = Domain.empty()
    return store


def test_old_conversations_go_by_themselves(tmp_path: Path):
    """The law asks for an end; ninety days unless the province says otherwise."""
    store = opened(tmp_path / "a" / "c.db")
    keep(store, "old", 91)
    keep(store, "new", 1)

    assert asyncio.run(store.delete_older_than(90)) == 1
    assert list(asyncio.run(store.keys())) == ["new"]
    store.close()


def test_one_conversation_goes_on_request(tmp_path: Path):
    """Nobody else's goes with it."""
    store = opened(tmp_path / "c.db")
    keep(store, "one", 1)
    keep(store, "two", 1)

    assert asyncio.run(store.delete("one")) == 1
    assert list(asyncio.run(store.keys())) == ["two"]
    store.close()


def test_readers_and_the_writer_do_not_block_each_other(tmp_path: Path):
    """Write-ahead logging."""
    store = opened(tmp_path / "c.db")
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    store.close()


def test_locks_are_in_memory_unless_shared():
    """One server needs no Redis."""
    assert isinstance(open_locks(""), InMemoryLockStore)


def test_a_long_conversation_is_read_in_part_and_forgets_no_slot(tmp_path: Path):
    """Reading eighty turns with every message took 140 ms; what was said at the start still counts."""
    store = opened(tmp_path / "c.db")
    tracker = DialogueStateTracker.from_events("long", [SlotSet("kept", "first"), SlotSet("kept", "second")])
    tracker.update(ActiveLoop("application_status_form"))
    for number in range(40):
        tracker.update_with_events([ActionExecuted("action_listen"), UserUttered(f"câu {number}")], Domain.empty())
    asyncio.run(store.save(tracker))

    read = asyncio.run(store.retrieve("long"))
    said = [event.text for event in read.events if isinstance(event, UserUttered)]
    assert said == [f"câu {number}" for number in range(40 - TURNS_READ, 40)]
    assert [event.value for event in read.events if isinstance(event, SlotSet)] == ["second"]
    assert read.active_loop_name == "application_status_form"
    store.close()


def test_nothing_is_written_twice(tmp_path: Path):
    """A conversation is saved with every message, and only the new part is written."""
    store = opened(tmp_path / "c.db")
    keep(store, "one", 0)
    for number in range(3):
        tracker = asyncio.run(store.retrieve("one"))
        tracker.update(UserUttered(f"câu {number}"))
        asyncio.run(store.save(tracker))
        asyncio.run(store.save(tracker))

    full = asyncio.run(store.retrieve_full_tracker("one"))
    assert [event.text for event in full.events] == ["lệ phí?", "câu 0", "câu 1", "câu 2"]
    store.close()


def test_a_conversation_at_hand_is_the_saved_one_and_only_once(tmp_path: Path):
    """Memory spares the database; a turn that failed unsaved must not leave its half behind."""
    store = opened(tmp_path / "conversations.db")
    store.keeps_at_hand = True
    tracker = DialogueStateTracker("someone", [])
    tracker.update(UserUttered("một"))
    asyncio.run(store.save(tracker))

    first = asyncio.run(store.retrieve("someone"))
    assert first is tracker
    first.update(UserUttered("hai, chưa lưu"))  # the turn fails here

    again = asyncio.run(store.retrieve("someone"))
    assert again is not tracker
    assert [event.text for event in again.events if isinstance(event, UserUttered)] == ["một"]
    asyncio.run(store.save(again))
    asyncio.run(store.delete("someone"))
    assert asyncio.run(store.retrieve("someone")) is None
    store.close()
