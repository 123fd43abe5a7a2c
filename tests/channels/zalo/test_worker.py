"""Events that cannot be done: tried again in order, given up in the end, and nobody's words in the log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import cast

import pytest
from sqlalchemy import Engine

from channels.errors import DeliveryLater, DeliveryRefused, DialogueUnavailable
from channels.store.zalo_inbox import ZaloInbox
from channels.zalo.events import Event
from channels.zalo.talk import ZaloTalk
from channels.zalo.worker import FEW_ATTEMPTS, MOST_ATTEMPTS, ZaloWorker
from tests.channels.zalo.conftest import KEY, until
from tests.fakes.zalo import FakeZalo


class Talk:
    """Fails with an error, if it has one; remembers what it was given."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.words: list[str] = []

    async def handle(self, event: Event) -> None:
        self.words.append(event.words)
        if self.error:
            raise self.error


class Work:
    """A worker over a database and a talk, with one waiting event for each word."""

    def __init__(self, database: Engine, talk: Talk, *words: str) -> None:
        self.inbox = ZaloInbox(database, KEY)
        self.talk = talk
        self.worker = ZaloWorker(self.inbox, cast(ZaloTalk, talk), look_every_s=0.05)
        zalo, now = FakeZalo(), datetime.now(timezone.utc)
        for number, word in enumerate(words):
            self.inbox.add(word, "c", zalo.text("17", word), now + timedelta(seconds=number))

    async def wake(self, times: int = 1) -> None:
        """Let it look at the person's events as often, as new events would."""
        for _ in range(times):
            before = len(self.talk.words)
            self.worker.wake("c")
            await until(lambda before=before: len(self.talk.words) > before or not self.inbox.waiting())  # type: ignore[misc]
            await self.settled()

    async def settled(self) -> None:
        await until(lambda: not self.worker._at_work)


@pytest.mark.parametrize(
    "make, most",
    [
        (lambda: RuntimeError("a bug"), FEW_ATTEMPTS),
        (lambda: DialogueUnavailable("down"), MOST_ATTEMPTS),
        (lambda: DeliveryLater("platform down", timedelta(seconds=1)), MOST_ATTEMPTS),
        (lambda: DeliveryLater("window closed", None), 1),
        (lambda: DeliveryRefused("gone"), 1),
    ],
)
async def test_an_event_is_given_up_after_so_many_attempts(
    database: Engine, make: Callable[[], Exception], most: int
) -> None:
    """A day of trouble is waited out; what we do not understand must not block a person for a day."""
    work = Work(database, Talk(make()), "một")
    await work.wake(most)

    assert work.inbox.waiting() == 0
    assert len(work.talk.words) == most


async def test_later_events_wait_behind_one_that_is_tried_again(database: Engine) -> None:
    """Order comes before speed."""
    work = Work(database, Talk(DialogueUnavailable("down")), "một", "hai")
    await work.wake(2)
    assert work.talk.words == ["một", "một"]

    work.talk.error = None
    await work.wake()
    assert work.talk.words == ["một", "một", "một", "hai"]


async def test_work_that_was_left_is_taken_up_at_the_start(database: Engine) -> None:
    """After a crash nobody wakes the worker for it."""
    work = Work(database, Talk(), "một")
    await work.worker.start()
    await until(lambda: work.talk.words == ["một"])
    await work.worker.stop()

    assert work.inbox.waiting() == 0


async def test_a_stopped_worker_takes_nothing_new(database: Engine) -> None:
    """What comes in the last moment is for the next process."""
    work = Work(database, Talk(), "một")
    await work.worker.stop()
    work.worker.wake("c")
    await asyncio.sleep(0.05)

    assert work.talk.words == []
    assert work.inbox.take_turn("c", "the next process", 1)


async def test_an_errors_words_stay_out_of_the_log(database: Engine, caplog: pytest.LogCaptureFixture) -> None:
    """They may hold what a person wrote."""
    work = Work(database, Talk(ValueError("căn cước 001099123456")), "một")
    with caplog.at_level(logging.DEBUG, "channels"):
        await work.wake()

    assert "ValueError" in caplog.text and "001099123456" not in caplog.text
