"""Keeps requests apart, so that asking unasked never burdens the one-stop system (hệ thống một cửa)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

#: A little wider than the rate asks for: requests sent evenly arrive a little unevenly.
_MARGIN = 1.15


class Pacer:
    """Lets callers through one after the other, evenly, never in bursts.

    per_second: the most in any second.
    """

    def __init__(
        self,
        per_second: float,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._apart_s = _MARGIN / per_second
        self._monotonic = monotonic
        self._sleep = sleep
        self._next = monotonic() + self._apart_s  # whoever asked before us may just have done so
        self._one_at_a_time = asyncio.Lock()

    async def wait(self) -> None:
        """Return when it is this caller's turn; the next one's is counted from there, however late it came."""
        async with self._one_at_a_time:
            while (left_s := self._next - self._monotonic()) > 0:
                await self._sleep(left_s)
            self._next = self._monotonic() + self._apart_s
