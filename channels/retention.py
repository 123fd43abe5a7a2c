"""Deletes what is older than the retention time, in all stores, once a day; one that fails does not stop the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)
DAY_S = 86_400.0


class Retention:
    """Every store that keeps something of citizens, by name, in the order in which they are swept."""

    def __init__(self, days: int, stores: Mapping[str, Callable[[int], int]]) -> None:
        """stores: each deletes what is older than that many days and returns how many. They block."""
        self._days = days
        self._stores = stores

    def sweep(self) -> dict[str, int]:
        """Sweep all stores once and return how much went, by store; -1 where it failed. Blocking."""
        gone: dict[str, int] = {}
        for name, forget_older_than in self._stores.items():
            try:
                gone[name] = forget_older_than(self._days)
            except Exception:
                log.exception("deleting old data failed: %s", name)
                gone[name] = -1
        return gone

    async def keep_sweeping(self) -> None:
        """Sweep every day, until cancelled."""
        while True:
            gone = {name: number for name, number in (await asyncio.to_thread(self.sweep)).items() if number}
            if gone:
                log.warning("deleted data older than %d days: %s", self._days, gone)
            await asyncio.sleep(DAY_S)
