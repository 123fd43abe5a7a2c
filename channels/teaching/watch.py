"""Looks for another release in service, in every worker of the app, and gives its index to the search."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path

from channels.live_search import LiveSearch
from channels.teaching.rebuild import Rebuilder
from knowledge.errors import KnowledgeError
from knowledge.index import load_index
from knowledge.search import Search

log = logging.getLogger(__name__)
EVERY_S = 1.0


class Watch:
    """A task beside the requests: puts the newest release to work here, and ends builds that have finished."""

    def __init__(self, rebuilder: Rebuilder, search: LiveSearch, number: int, every_s: float = EVERY_S) -> None:
        """number: of the release that the search was loaded from; 0 = what set-up built."""
        self.number = number
        self._rebuilder = rebuilder
        self._search = search
        self._every_s = every_s
        self._stamp = rebuilder.folder.stamp()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._go_on())

    async def stop(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def look(self) -> None:
        """Look once."""
        await self._rebuilder.settle()
        stamp = await asyncio.to_thread(self._rebuilder.folder.stamp)
        if stamp != self._stamp:
            self._stamp = stamp
            await asyncio.to_thread(self._take_over)

    def _take_over(self) -> None:
        live = self._rebuilder.folder.live()
        if live is None or live.number == self.number:
            return
        encoder = self._search.encoder
        try:
            search = Search(load_index(Path(live.index), encoder.fingerprint), encoder)
        except KnowledgeError:
            log.exception("the index of release %d does not load; release %d goes on", live.number, self.number)
            return
        self._search.replace(search)
        self.number = live.number
        log.warning("the index of release %d is in service", live.number)

    async def _go_on(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("looking after releases failed")
            await asyncio.sleep(self._every_s)
