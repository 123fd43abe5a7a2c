"""Keeps identity digits out of the dialogue: in this process's memory, for minutes, under a one-time token.

The channel puts digits in and passes only the token on; the look-up takes them out once. Nothing that stores or
logs a conversation ever sees them.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

LIFETIME_S = 600.0
MAX_HELD = 10_000


class DigitVault:
    """Holds the last four digits of a number for one look-up."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: OrderedDict[str, tuple[float, str]] = OrderedDict()

    def put(self, digits: str) -> str:
        """Keep the digits and return their token, `pin_` and 12 hex letters."""
        self._forget_old()
        token = f"pin_{secrets.token_hex(6)}"
        self._held[token] = (self._clock() + LIFETIME_S, digits)
        return token

    def take(self, token: str) -> str | None:
        """Return the digits and forget them; None when the token is unknown, used or too old."""
        expires, digits = self._held.pop(token, (0.0, ""))
        return digits if digits and expires > self._clock() else None

    def _forget_old(self) -> None:
        now = self._clock()
        while self._held and (next(iter(self._held.values()))[0] <= now or len(self._held) >= MAX_HELD):
            self._held.popitem(last=False)
