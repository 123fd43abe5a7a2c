"""Counts failed look-ups, so that nobody can try all ten thousand digits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol


@dataclass(frozen=True)
class AttemptLimit:
    """So many failures within so long, for each key."""

    failures: int = 5
    window: timedelta = timedelta(minutes=15)


class AttemptStore(Protocol):
    """Where failures are counted; one store for all channels and workers, kept over a restart."""

    async def claim(self, keys: Sequence[str], now: datetime, limit: AttemptLimit) -> datetime | None:
        """Count one attempt under every key, in one transaction, before its outcome is known.

        Counting first keeps a hundred guesses at the same moment from all passing the check.
        Returns None when counted. When any key has `limit.failures` attempts later than
        `now - limit.window`, nothing is counted and the moment when all keys are open again is returned.
        """
        ...

    async def give_back(self, keys: Sequence[str], now: datetime) -> None:
        """Remove the one attempt claimed under these keys at this moment: it was no failure."""
        ...


class MemoryAttempts:
    """Failures in this process only; enough for one worker and for tests."""

    def __init__(self) -> None:
        self._moments: dict[str, list[datetime]] = defaultdict(list)
        self._swept_at: datetime | None = None

    async def claim(self, keys: Sequence[str], now: datetime, limit: AttemptLimit) -> datetime | None:
        """Count one attempt; see `AttemptStore.claim`."""
        self._sweep(now, limit)
        locked_until: list[datetime] = []
        for key in keys:
            recent = [moment for moment in self._moments.get(key, ()) if moment > now - limit.window]
            if len(recent) >= limit.failures:
                locked_until.append(recent[-limit.failures] + limit.window)
        if locked_until:
            return max(locked_until)
        for key in keys:
            self._moments[key].append(now)
        return None

    async def give_back(self, keys: Sequence[str], now: datetime) -> None:
        """Remove the attempt; see `AttemptStore.give_back`."""
        for key in keys:
            if now in self._moments.get(key, ()):
                self._moments[key].remove(now)

    def __len__(self) -> int:
        """Return how many keys are remembered."""
        return len(self._moments)

    def _sweep(self, now: datetime, limit: AttemptLimit) -> None:
        """Forget what is older than the window, once a window, so that memory stays small."""
        if self._swept_at is not None and now - self._swept_at < limit.window:
            return
        self._swept_at = now
        kept = {
            key: recent
            for key, moments in self._moments.items()
            if (recent := [moment for moment in moments if moment > now - limit.window])
        }
        self._moments = defaultdict(list, kept)


def attempt_keys(channel_user: str, code: str) -> tuple[str, str]:
    """Return the keys of one look-up: this citizen on this channel, and this code on any channel.

    Digests, so that the store does not become a list of codes and people.
    """
    return _key("user", channel_user), _key("code", code)


def _key(kind: str, value: str) -> str:
    return f"{kind}:{sha256(value.encode()).hexdigest()[:32]}"
