"""Events that pages wait for: appended once, found by their cursor, waking whoever waits in this process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from channels.store.events import Event, EventStore
from channels.store.moments import utc_now

log = logging.getLogger(__name__)
#: How far back other workers' events are looked for; their clocks may differ by that much.
_LOOK_BACK = timedelta(seconds=30)


class EventHub:
    """Lines of events by topic: a conversation's hash, or a name such as "staff:desk".

    Events of this process wake their readers at once, those of other workers within `look_s`.
    """

    def __init__(self, store: EventStore, look_s: float = 2.0, keep_alive_s: float = 15.0) -> None:
        self._store = store
        self._look_s = look_s
        self._keep_alive_s = keep_alive_s
        self._readers: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._known: dict[str, int] = {}
        self._looking: asyncio.Task[None] | None = None
        self._is_closed = False

    async def append(self, topic: str, key: str, data: dict[str, Any]) -> bool:
        """Add an event; tell whether it is new: the same key is taken once in a topic."""
        is_new = await self._store.append(topic, key, data)
        self.wake(topic)
        return is_new

    async def after(self, topic: str, cursor: int) -> list[Event]:
        """Return the events after a cursor, oldest first."""
        return await self._store.after(topic, cursor)

    async def subscribe(self, topic: str, cursor: int) -> AsyncIterator[list[Event]]:
        """Yield the events after a cursor as they come; an empty list now and then, to see whether anybody listens."""
        news = asyncio.Event()
        self._readers[topic].add(news)
        try:
            while not self._is_closed:
                news.clear()
                events = await self._store.after(topic, cursor)
                if events:
                    cursor = events[-1].id
                    yield events
                    continue
                try:
                    await asyncio.wait_for(news.wait(), self._keep_alive_s)
                except TimeoutError:
                    yield []
        finally:
            self._readers[topic].discard(news)
            if not self._readers[topic]:
                del self._readers[topic]

    def wake(self, topic: str) -> None:
        """Let the readers of a topic look."""
        for news in self._readers.get(topic, ()):
            news.set()

    def start(self) -> None:
        """Begin to look for the events of other workers."""
        self._looking = asyncio.create_task(self._look())

    def close(self) -> None:
        """End all streams; pages come back by themselves."""
        self._is_closed = True
        for topic in list(self._readers):
            self.wake(topic)

    async def stop(self) -> None:
        """Stop looking."""
        self.close()
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(self._look_s)
            if not self._readers:
                continue
            try:
                found = await self._store.changed_since(utc_now() - _LOOK_BACK)
            except Exception as error:
                log.warning("looking for events: %s", type(error).__name__)
                continue
            for topic, last_id in found.items():
                if self._known.get(topic) != last_id:
                    self.wake(topic)
            self._known = found
