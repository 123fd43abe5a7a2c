"""Works on the events that wait: one person's in order, many persons' at the same time, none lost by a stop."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import traceback
from datetime import timedelta
from secrets import token_hex

from sqlalchemy.exc import SQLAlchemyError

from channels.errors import DeliveryLater, DeliveryRefused, DialogueUnavailable
from channels.store.zalo_inbox import Waiting, ZaloInbox
from channels.zalo.errors import ZaloError
from channels.zalo.events import read_event
from channels.zalo.talk import ZaloTalk

log = logging.getLogger(__name__)
AT_ONCE = 32
TURN_S = 90.0
STOP_WITHIN_S = 2.0
LOOK_EVERY_S = 5.0
SWEEP_EVERY = 720
PAUSES = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))
#: About a day for what gets better by itself (the platform is down), a few times for what we do not understand.
MOST_ATTEMPTS, FEW_ATTEMPTS = 28, 3


class ZaloWorker:
    """One in each process; the turns in the database keep two of them from the same person."""

    def __init__(self, inbox: ZaloInbox, talk: ZaloTalk, look_every_s: float = LOOK_EVERY_S) -> None:
        self._inbox = inbox
        self._talk = talk
        self._look_every_s = look_every_s
        self._name = token_hex(16)
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self._once_more: set[str] = set()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._looking: asyncio.Task[None] | None = None
        self._is_stopping = False

    async def start(self) -> None:
        """Take up what earlier processes left, and look for such work from time to time."""
        self._looking = asyncio.create_task(self._look())

    async def stop(self) -> None:
        """Finish what is nearly finished; the rest stays in the database for the next process."""
        self._is_stopping = True
        if self._looking:
            self._looking.cancel()
        tasks = list(self._at_work.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=STOP_WITHIN_S)
            for task in late:
                task.cancel()
        await asyncio.gather(*tasks, *([self._looking] if self._looking else []), return_exceptions=True)

    def wake(self, conversation: str) -> None:
        """Work on a person's events now; costs nothing when that is going on."""
        if self._is_stopping:
            return
        if conversation in self._at_work:
            self._once_more.add(conversation)
            return
        task = asyncio.create_task(self._work(conversation))
        self._at_work[conversation] = task
        task.add_done_callback(lambda _: self._ended(conversation))

    def _ended(self, conversation: str) -> None:
        del self._at_work[conversation]
        if conversation in self._once_more:
            self._once_more.discard(conversation)
            self.wake(conversation)

    async def _work(self, conversation: str) -> None:
        try:
            async with self._room:
                if await self._take_turn(conversation):
                    try:
                        while not self._is_stopping and await self._take_next(conversation):
                            pass
                    finally:
                        await asyncio.shield(asyncio.to_thread(self._inbox.end_turn, conversation, self._name))
        except SQLAlchemyError as error:
            log.error("cannot reach the events that wait: %s", type(error).__name__)

    async def _take_turn(self, conversation: str) -> bool:
        return await asyncio.to_thread(self._inbox.take_turn, conversation, self._name, TURN_S)

    async def _take_next(self, conversation: str) -> bool:
        """Work on the oldest event; tell whether to go on with the next one."""
        waiting = await asyncio.to_thread(self._inbox.next, conversation)
        if waiting is None or not await self._take_turn(conversation):
            return False
        pause = await self._try(waiting)
        if pause is None:
            await asyncio.to_thread(self._inbox.done, waiting.key)
        else:
            await asyncio.to_thread(self._inbox.later, waiting.key, pause)
        return pause is None

    async def _try(self, waiting: Waiting) -> timedelta | None:
        """Return None when the event is done, or cannot be; else how long to wait before trying again."""
        event = read_event(json.loads(waiting.body or b"{}"))
        if event is None:
            return None
        step = PAUSES[min(waiting.attempts, len(PAUSES) - 1)]
        most = MOST_ATTEMPTS
        try:
            await self._talk.handle(event)
            return None
        except DeliveryRefused as error:
            log.warning("an answer cannot be delivered: %s", error)
            return None
        except DeliveryLater as error:
            if error.after is None:
                log.warning("an answer came too late: %s", error)
                return None
            step = max(step, error.after)
        except DialogueUnavailable as error:
            log.warning("the dialogue server could not delete: %s", error)
        except Exception as error:
            log.error("an event failed: %s", _told(error))
            most = FEW_ATTEMPTS
        if waiting.attempts + 1 < most:
            return step
        log.error("gave an event up after %d attempts", most)
        return None

    async def _look(self) -> None:
        rounds = 0
        while True:
            with contextlib.suppress(SQLAlchemyError):
                if rounds % SWEEP_EVERY == 0:
                    await asyncio.to_thread(self._inbox.forget_older_than)
                for conversation in await asyncio.to_thread(self._inbox.due):
                    self.wake(conversation)
            rounds += 1
            await asyncio.sleep(self._look_every_s)


def _told(error: Exception) -> str:
    """Return what and where, without the error's words: they may hold what a person wrote."""
    if isinstance(error, ZaloError):
        return str(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {place.filename}:{place.lineno}"
