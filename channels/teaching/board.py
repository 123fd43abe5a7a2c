"""The list of questions to teach, grouped: what was asked, what the assistant said, what it would say now.

Made in a thread when somebody looks, at most every few seconds; the page never waits long for it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from channels.live_search import LiveSearch
from channels.masking import hide_for_statistics
from channels.store.moments import utc_now
from channels.store.questions import Asked, Questions, Why
from channels.store.teaching import TeachingStore, question_key
from channels.teaching.grouping import centred, group_alike
from channels.teaching.settings import TeachingSettings
from knowledge.model import Procedure
from knowledge.question import QuestionReader
from knowledge.search import Search
from knowledge.verdict import Judge, Outcome
from knowledge.vietnamese import has_diacritics

CANDIDATES = 3
_FRESH_FOR_S = 10.0
_WAIT_S = 0.12
_KEPT_VECTORS = 5000
_SHOWN_SAID = 300
#: Titles of which the middle is taken.
_SAMPLE = 64


@dataclass(frozen=True)
class Question:
    """One question as often as it was asked. words: as written last; said: what was answered last."""

    key: str
    words: str
    said: str
    whys: tuple[Why, ...]
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Now:
    """What the search would say now. offered: the procedures named; candidates: the best three, whatever it says."""

    outcome: Outcome
    offered: tuple[Procedure, ...]
    candidates: tuple[Procedure, ...]


@dataclass(frozen=True)
class Group:
    """Questions that are alike, the one asked most often first."""

    questions: tuple[Question, ...]
    now: Now

    @property
    def key(self) -> str:
        return self.questions[0].key

    @property
    def words(self) -> str:
        return self.questions[0].words

    @property
    def times(self) -> int:
        return sum(question.times for question in self.questions)

    @property
    def last_at(self) -> datetime:
        return max(question.last_at for question in self.questions)

    @property
    def whys(self) -> tuple[Why, ...]:
        return tuple(why for why in Why if any(why in question.whys for question in self.questions))


@dataclass(frozen=True)
class Shown:
    """The groups, the largest first, among equals the newest first."""

    groups: tuple[Group, ...]
    made_at: datetime


class Board:
    """Gathers the questions and remembers their vectors."""

    def __init__(
        self,
        questions: Questions,
        store: TeachingStore,
        search: Search,
        judge: Judge,
        settings: TeachingSettings,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._questions = questions
        self._store = store
        self._search = search
        self._judge = judge
        self._settings = settings
        self._now = now
        self._reader = QuestionReader()
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._centre: NDArray[np.float32] | None = None
        self._shown: Shown | None = None
        self._is_stale = True
        self._made = float("-inf")
        self._making: asyncio.Task[None] | None = None

    async def look(self) -> Shown | None:
        """Return the newest list; None when the first one is still being made. It may be some seconds old."""
        loop = asyncio.get_running_loop()
        if self._making is None and (self._is_stale or loop.time() - self._made > _FRESH_FOR_S):
            self._making = asyncio.create_task(self._make())
        if self._making is not None:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._making), _WAIT_S)
        return self._shown

    async def _make(self) -> None:
        self._is_stale = False
        try:
            self._shown = await asyncio.to_thread(self.gather)
            self._made = asyncio.get_running_loop().time()
        finally:
            self._making = None

    def changed(self, keys: Iterable[str]) -> None:
        """Take settled questions off the list at once; the rest is looked at anew with the next page."""
        gone = set(keys)
        self._is_stale = True
        if self._shown is not None:
            kept = tuple(group for group in self._shown.groups if gone.isdisjoint(one.key for one in group.questions))
            self._shown = Shown(kept, self._shown.made_at)

    def gather(self) -> Shown:
        """Return the list as it is now. CPU work, 10 ms for every question not met before: call it in a thread."""
        now = self._now()
        asked = self._questions.since(now - timedelta(days=self._settings.days), self._settings.most)
        questions = put_together(asked, self._store.settled())
        search = self._search.current if isinstance(self._search, LiveSearch) else self._search
        vectors = [self._vector_of(search, question.words) for question in questions]
        if not questions:
            return Shown((), now)
        places = group_alike(centred(np.array(vectors), self._centre_of(search)), self._settings.likeness)
        groups = [self._group(search, [questions[place] for place in group]) for group in places]
        groups.sort(key=lambda group: (-group.times, -group.last_at.timestamp()))
        return Shown(tuple(groups), now)

    def _group(self, search: Search, questions: list[Question]) -> Group:
        questions.sort(key=lambda one: (-one.times, len(one.words)))
        return Group(tuple(questions), self.would_say(questions[0].words, search))

    def would_say(self, words: str, search: Search | None = None) -> Now:
        """Return what the search says to a text now."""
        result = (search or self._search).find(words)
        verdict = self._judge.judge(result)
        candidates = tuple(hit.procedure for hit in result.hits[:CANDIDATES])
        return Now(verdict.outcome, tuple(hit.procedure for hit in verdict.hits), candidates)

    def _centre_of(self, search: Search) -> NDArray[np.float32]:
        """Return the middle of what the catalogue is about; a sample of its titles is enough."""
        if self._centre is None:
            procedures = list(search.index.catalogue)
            titles = [procedure.title for procedure in procedures[:: len(procedures) // _SAMPLE + 1]]
            self._centre = search.encoder.encode_passages(titles).mean(axis=0)
        return self._centre

    def _vector_of(self, search: Search, words: str) -> NDArray[np.float32]:
        vector = self._vectors.get(words)
        if vector is None:
            text = words if has_diacritics(words) else search.prepared_text(self._reader.read(words))
            if len(self._vectors) >= _KEPT_VECTORS:
                self._vectors.clear()
            vector = self._vectors[words] = search.encoder.encode_passages([text])[0]
        return vector


def put_together(asked: Iterable[Asked], settled: Mapping[str, datetime | None]) -> list[Question]:
    """Return the questions that are not settled, those that say the same as one.

    asked: newest first.
    """
    found: dict[str, Question] = {}
    for one in asked:
        words = " ".join(hide_for_statistics(one.words).split())
        key = question_key(words)
        if key in settled and ((again := settled[key]) is None or one.at <= again):
            continue
        if key not in found:
            said = one.said[:_SHOWN_SAID] + ("…" if len(one.said) > _SHOWN_SAID else "")
            found[key] = Question(key, words, said, (one.why,), 1, one.at, one.at)
            continue
        before = found[key]
        whys = before.whys if one.why in before.whys else (*before.whys, one.why)
        found[key] = Question(key, before.words, before.said, whys, before.times + 1, one.at, before.last_at)
    return list(found.values())
