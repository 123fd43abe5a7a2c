"""Events that wait: sealed, each once, in order, one worker for one person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, select

from channels.store.zalo_inbox import ZALO_INBOX, ZaloInbox

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)


@pytest.fixture
def inbox(engine: Engine) -> ZaloInbox:
    return ZaloInbox(engine, b"key")


def test_an_event_is_new_once_also_when_it_is_done(inbox: ZaloInbox) -> None:
    """Zalo repeats an event for hours after it was answered."""
    assert inbox.add("k", "c", b"{}", NOON)
    assert not inbox.add("k", "c", b"{}", NOON)
    inbox.done("k")

    assert not inbox.add("k", "c", b"{}", NOON)
    assert inbox.next("c") is None


def test_events_come_in_the_order_they_were_sent(inbox: ZaloInbox) -> None:
    """Two webhooks may overtake each other on the way."""
    inbox.add("second", "c", b"2", NOON + SECOND)
    inbox.add("first", "c", b"1", NOON)

    waiting = inbox.next("c")
    assert waiting is not None and (waiting.key, waiting.body) == ("first", b"1")


def test_one_worker_has_a_persons_turn(inbox: ZaloInbox) -> None:
    """Two answers at once would be out of order."""
    assert inbox.take_turn("c", "one", 60)
    assert not inbox.take_turn("c", "two", 60)
    assert inbox.take_turn("c", "one", 60)
    inbox.end_turn("c", "two")
    assert not inbox.take_turn("c", "two", 60)
    inbox.end_turn("c", "one")
    assert inbox.take_turn("c", "two", 60)


def test_the_turn_of_a_dead_worker_ends(inbox: ZaloInbox) -> None:
    """A killed process cannot give it back."""
    inbox.take_turn("c", "dead", -1)

    assert inbox.take_turn("c", "alive", 60)


def test_of_many_workers_one_gets_the_turn(engine: Engine) -> None:
    """All of them wake up for the same person."""
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda number: ZaloInbox(engine, b"key").take_turn("c", f"w{number}", 60), range(8)))

    assert sum(got) == 1


def test_what_is_due_and_untaken_is_found(inbox: ZaloInbox) -> None:
    """A worker that starts finds what others left, and leaves alone what is in work."""
    for name in ("left", "taken", "later"):
        inbox.add(name, f"c-{name}", b"{}", NOON)
    inbox.take_turn("c-taken", "other", 60)
    inbox.later("later", timedelta(minutes=1))

    assert inbox.due() == ["c-left"]
    waiting = inbox.next("c-later")
    assert waiting is not None and waiting.attempts == 1
    assert inbox.waiting() == 3


def test_nothing_readable_is_on_disk_and_nothing_at_all_when_done(engine: Engine, inbox: ZaloInbox) -> None:
    """Words and ids of people wait under seal, and no longer than needed."""
    inbox.add("k", "c", b"words of a person", NOON)
    with engine.connect() as connection:
        assert "words" not in str(connection.execute(select(ZALO_INBOX)).all())
    inbox.done("k")
    with engine.connect() as connection:
        row = connection.execute(select(ZALO_INBOX)).one()
    assert (row.sealed, row.conversation) == ("", "")


def test_forgetting_empties_what_waits_but_knows_it_again(inbox: ZaloInbox) -> None:
    """A repeated webhook must not bring back what was deleted."""
    inbox.add("k", "c", b"{}", NOON)
    inbox.forget("c")

    assert inbox.next("c") is None
    assert not inbox.add("k", "c", b"{}", NOON)


def test_the_event_that_asks_for_the_deletion_stays_until_it_is_done(inbox: ZaloInbox) -> None:
    """The deletion goes on elsewhere and may fail; then it must be tried again."""
    inbox.add("withdraw", "c", b"{}", NOON)
    inbox.add("later", "c", b"{}", NOON + SECOND)
    assert inbox.next("c") is not None
    inbox.forget("c")
    assert inbox.waiting() == 1

    inbox.done("withdraw")
    assert inbox.next("c") is None


def test_old_keys_go(inbox: ZaloInbox) -> None:
    """The table must not grow for ever."""
    inbox.add("k", "c", b"{}", NOON)

    assert inbox.forget_older_than() == 0
    assert inbox.forget_older_than(-SECOND) == 1


def test_another_key_opens_nothing(engine: Engine, inbox: ZaloInbox) -> None:
    """After the key was changed a waiting event is empty, and nothing breaks."""
    inbox.add("k", "c", b"{}", NOON)

    waiting = ZaloInbox(engine, b"another").next("c")
    assert waiting is not None and waiting.body == b""
