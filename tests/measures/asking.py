"""Asks the running system every question of a case list, each in a conversation of its own, and scores the turns."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from knowledge.cases import Case

#: What counts as "no answer about a procedure": the honest ways to say so.
REFUSALS = frozenset({"nothing_found", "out_of_scope", "small_talk", "handed_over"})
ANSWERS = frozenset({"answered", "life_event_shown"})
CLIENTS = 4


@dataclass(frozen=True)
class Asked:
    """A question with what the system made of it."""

    case: Case
    outcome: str
    codes: tuple[str, ...]
    candidates: tuple[str, ...]
    replies: str

    @property
    def is_right(self) -> bool:
        """Tell whether it was answered right, asked back with a right one among the choices, or rightly refused."""
        if not self.case.in_scope:
            return self.outcome in REFUSALS
        if self.outcome in ANSWERS:
            return bool(self.case.codes & set(self.codes))
        return self.outcome == "asked_back" and bool(self.case.codes & set(self.candidates))

    @property
    def is_needless(self) -> bool:
        """Tell whether a clear question was answered with a question although the right choice stood first."""
        first = self.candidates[:1]
        return self.outcome == "asked_back" and not self.case.ambiguous and bool(self.case.codes & set(first))

    @property
    def is_wrong_answer(self) -> bool:
        return self.case.in_scope and self.outcome in ANSWERS and not self.is_right

    @property
    def is_invented(self) -> bool:
        """Tell whether something out of scope was answered as if it were in scope."""
        return not self.case.in_scope and self.outcome in ANSWERS


@dataclass(frozen=True)
class Shares:
    """How a list of questions went; all but `invented` and `right` are shares of the questions in scope."""

    n: int
    right: float
    needless: float
    wrong: float
    refused: float
    invented: float
    misses: tuple[Asked, ...] = field(default=(), repr=False)


def ask_all(url: str, cases: Sequence[Case], progress: Callable[[int], None] | None = None) -> list[Asked]:
    """Return every question with its turn, in the order of the cases."""
    with httpx.Client(base_url=url, timeout=60.0, trust_env=False) as http, ThreadPoolExecutor(CLIENTS) as pool:

        def ask(case: Case) -> Asked:
            body = {"conversation_id": uuid.uuid4().hex, "message_id": "1", "text": case.question}
            turn: dict[str, Any] = {}
            for _ in range(8):
                response = http.post("/api/v1/messages", json=body)
                if response.status_code != 429:
                    break
            response.raise_for_status()
            turn = response.json()
            codes = tuple(turn["procedure_codes"] or ([turn["procedure_code"]] if turn["procedure_code"] else []))
            text = "\n".join(reply["text"] for reply in turn["replies"])
            return Asked(case, turn["outcome"], codes, tuple(turn["candidates"]), text)

        asked = []
        for number, one in enumerate(pool.map(ask, cases), 1):
            asked.append(one)
            if progress and number % 100 == 0:
                progress(number)
        return asked


def shares(asked: Sequence[Asked]) -> Shares:
    """Return how the questions went."""
    inside = [one for one in asked if one.case.in_scope]
    outside = [one for one in asked if not one.case.in_scope]

    def share(which: Sequence[Asked], count: int) -> float:
        return count / len(which) if which else 0.0

    return Shares(
        n=len(asked),
        right=share(asked, sum(one.is_right for one in asked)),
        needless=share(inside, sum(one.is_needless for one in inside)),
        wrong=share(inside, sum(one.is_wrong_answer for one in inside)),
        refused=share(inside, sum(one.outcome in REFUSALS for one in inside)),
        invented=share(outside, sum(one.is_invented for one in outside)),
        misses=tuple(one for one in asked if not one.is_right or one.is_needless),
    )
