"""Questions without an answer, those that say the same put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from channels.store.turns import Missed
from knowledge.vietnamese import folded_syllables


@dataclass(frozen=True)
class Unanswered:
    """One question as often as it was asked. words: as written last."""

    words: str
    outcome: str
    times: int
    last_at: datetime


def group_unanswered(missed: Iterable[Missed], longest: int = 30) -> list[Unanswered]:
    """Return the questions asked most often, the newest first among equals.

    missed: newest first.
    """
    found: dict[tuple[str, ...], Unanswered] = {}
    for one in missed:
        key = tuple(folded_syllables(one.words))
        before = found.get(key)
        if before is None:
            found[key] = Unanswered(one.words, one.outcome, 1, one.at)
        else:
            found[key] = Unanswered(before.words, before.outcome, before.times + 1, before.last_at)
    return sorted(found.values(), key=lambda one: (-one.times, -one.last_at.timestamp()))[:longest]
