"""Keeps the last answer that a citizen rightly received, for hours when the one-stop system is down.

Kept per citizen and code: somebody who never proved himself for a code finds nothing here, so the store
tells no stranger that a code exists.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from actions.one_stop.status_view import StatusView


@dataclass(frozen=True)
class KnownAnswer:
    """An answer as it was shown, with the proofs that its digits must meet again."""

    view: StatusView
    proofs: tuple[bytes, ...] = field(repr=False)


class LastKnownStore(Protocol):
    """Where last known answers are kept; the name in them is masked and the digits are keyed digests."""

    async def keep(self, channel_user: str, answer: KnownAnswer) -> None:
        """Keep the answer in place of an older one for the same citizen and code."""
        ...

    async def find(self, channel_user: str, code: str) -> KnownAnswer | None:
        """Return the answer kept for this citizen and code."""
        ...

    async def forget(self, channel_user: str) -> None:
        """Delete all that is kept for this citizen ("xoá dữ liệu của tôi")."""
        ...


class MemoryLastKnown:
    """Last known answers in this process only, the oldest dropped first."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._answers: OrderedDict[tuple[str, str], KnownAnswer] = OrderedDict()

    async def keep(self, channel_user: str, answer: KnownAnswer) -> None:
        """Keep the answer; see `LastKnownStore.keep`."""
        key = (channel_user, answer.view.code)
        self._answers[key] = answer
        self._answers.move_to_end(key)
        while len(self._answers) > self._most:
            self._answers.popitem(last=False)

    async def find(self, channel_user: str, code: str) -> KnownAnswer | None:
        """Return the answer; see `LastKnownStore.find`."""
        return self._answers.get((channel_user, code))

    async def forget(self, channel_user: str) -> None:
        """Delete the citizen's answers; see `LastKnownStore.forget`."""
        for key in [key for key in self._answers if key[0] == channel_user]:
            del self._answers[key]


def is_too_old(view: StatusView, now: datetime, most: timedelta) -> bool:
    """Tell whether an answer is so old that it would mislead."""
    return now - view.as_of > most
