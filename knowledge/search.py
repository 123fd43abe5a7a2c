"""Finds the procedures a question is about: two channels, weighted together, then judged.

Each channel scores passages (titles and the ways people call a procedure); a procedure takes its best passage.
How the parts are weighed is in `ranking.yml`; how sure one may be of the outcome is judged by `verdict.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from knowledge.attributes import FACETS, AttributeReader, fit, fit_elsewhere
from knowledge.clauses import clauses
from knowledge.elsewhere import Elsewhere
from knowledge.encoder import Encoder
from knowledge.index import Index, prepared_text
from knowledge.model import LifeEvent, Procedure
from knowledge.question import LIGHT_SYLLABLES, Question, QuestionReader
from knowledge.ranking import Ranking
from knowledge.same_matter import SameMatter
from knowledge.story import POOL, Score, combine, total
from knowledge.telex import undo_telex
from knowledge.vietnamese import folded_syllables

KEPT = 10
#: Words that fit more procedures of ours than this ask for none of another office ("xin giấy xác nhận").
VAGUE = 40


@dataclass(frozen=True)
class SearchHit:
    """One procedure (of ours or of another office) or life event that the search proposes.

    score: the sum of `parts`, higher is better; comparable only within one question, where differences are log odds
        (see `TEMPERATURE`).
    passage: the title or alias that matched best.
    """

    item: Procedure | LifeEvent | Elsewhere
    passage: str
    score: float
    parts: Mapping[str, float] = field(repr=False)

    @property
    def procedure(self) -> Procedure:
        if not isinstance(self.item, Procedure):
            raise TypeError(f"{self.passage} is no procedure of ours")
        return self.item


@dataclass(frozen=True)
class Rival:
    """The procedure of another office that fits a question best, beside ours.

    score: comparable with the hits of ours.  ahead: how far it is before the first of them, below 0 when it is behind.
    covered: how much of the question it says, 0 to 1.
    """

    entry: Elsewhere
    score: float
    ahead: float
    covered: float


@dataclass(frozen=True)
class SearchResult:
    """The hits best first, what came close but was rejected, and the life events that match.

    known_share: how many of the question's syllables the catalogue knows at all.  covered, rarest_missing: how much
    of the question the first hit says, and how rare the rarest syllable is that it does not say (0 to 1).
    outside: how much the question is like those that are none of ours (a cosine).  alike: how many procedures have a
    name that holds every word of the question that counts.  rival: what another office does that fits as well; none for
    a vague question.
    """

    question: Question
    hits: tuple[SearchHit, ...]
    rejected: tuple[SearchHit, ...]
    life_events: tuple[SearchHit, ...]
    known_share: float
    covered: float = 0.0
    rarest_missing: float = 1.0
    outside: float = 0.0
    alike: int = 0
    rival: Rival | None = None


def _telling(question: Question) -> Sequence[str]:
    """Return the terms that name a matter; all of them when none does."""
    return [term for term in question.terms if term not in LIGHT_SYLLABLES] or question.terms


def held_words(hit: SearchHit, question: Question) -> float:
    """Return the share of a question's words that stand in the passage a hit matched by, 0 to 1."""
    words = set(_telling(question))
    return len(words.intersection(folded_syllables(hit.passage))) / max(1, len(words))


@dataclass(frozen=True)
class _Candidates:
    """Owners, the best passage of each, and their parts: arrays of one length."""

    owners: NDArray[np.int64]
    passages: NDArray[np.int64]
    parts: Mapping[str, NDArray[np.float32]]


class Search:
    """The search over one index. Thread-safe: it holds no state between questions."""

    def __init__(
        self, index: Index, encoder: Encoder, ranking: Ranking | None = None, leaves_itself_out: bool = False
    ) -> None:
        """leaves_itself_out: a question that stands in knowledge/outside is not compared with itself (for fitting)."""
        self._leaves_itself_out = leaves_itself_out
        self.index = index
        self.encoder = encoder
        self.ranking = ranking or Ranking.load()
        self.same = SameMatter(index.catalogue)
        self._reader = QuestionReader()
        self._attributes = AttributeReader()
        self._named_by = lru_cache(maxsize=2048)(self._attributes.read)
        self._first, self._count = index.owner_spans
        self._owner_of = np.repeat(np.arange(len(self._first)), self._count)

    def find(self, text: str, limit: int = KEPT) -> SearchResult:
        """Return what a question is about, best first; `limit` hits, as many rejected ones."""
        itself = text if self._leaves_itself_out else None
        text = undo_telex(text, self.index.restorer.knows)
        question = self._reader.read(text)
        vector = self._encoded(question)
        scores = self._scores(text, question, vector)
        read = [(clause, self._reader.read(clause)) for clause in clauses(text)]
        told = [one for clause, asked in read if (one := self._scores(clause, asked, self._encoded(asked)))]
        if len(told) > 1 and scores:
            scores = combine(scores, told)
        found = sorted(((total(score), place) for place, score in scores.items()), reverse=True)
        procedures = self._of_kind(found, Procedure)
        every = [self._hit(place, scores[place]) for place in procedures[: 2 * limit]]
        once = self._each_matter_once(every[:limit])
        kept = {hit.procedure.code for hit in once}
        ranked = [*once, *(hit for hit in every if hit.procedure.code not in kept)]
        near = [self._hit(place, scores[place]) for place in self._of_kind(found, LifeEvent)[:3]]
        alike = self._alike(question)
        covered, missing = self._coverage(ranked[0], question) if ranked else (0.0, 1.0)
        return SearchResult(
            question,
            tuple(once),
            tuple(ranked[len(once) :]),
            tuple(near),
            self.index.keywords.known_share(question.terms),
            covered,
            missing,
            self.index.outside.likeness(vector, itself),
            alike,
            self._rival(question, scores, self._of_kind(found, Elsewhere), ranked) if alike <= VAGUE else None,
        )

    def _rival(
        self, question: Question, scores: Mapping[int, Score], others: Sequence[int], hits: Sequence[SearchHit]
    ) -> Rival | None:
        """Return the best of other offices' procedures, whose places are given best first."""
        if not others:
            return None
        best = self._hit(others[0], scores[others[0]])
        covered, _ = self.index.documents.coverage(others[0], _telling(question))
        ahead = best.score - (hits[0].score if hits else 0.0)
        return Rival(cast(Elsewhere, best.item), best.score, ahead, covered)

    def _each_matter_once(self, hits: Sequence[SearchHit]) -> list[SearchHit]:
        """Return the hits without those that a better one makes needless: the same matter elsewhere or older."""
        seen: set[str] = set()
        once = []
        for hit in hits:
            if hit.procedure.code not in seen:
                once.append(hit)
                seen |= self.same.twins_of(hit.procedure.code)
        return once

    def _of_kind(self, found: Sequence[tuple[float, int]], kind: type) -> list[int]:
        """Return the places of what is of a kind, as they stand."""
        return [place for _, place in found if isinstance(self.index.items[place], kind)]

    def _scores(self, text: str, question: Question, vector: NDArray[np.float32]) -> dict[int, Score]:
        """Return the parts of every candidate's score, by its place in the index's items."""
        candidates = self._candidates(question, vector)
        named = self._attributes.read(text)
        weights = {name: getattr(self.ranking, name) for name in FACETS}
        rows = zip(*(values.tolist() for values in candidates.parts.values()), strict=True)
        scores = {}
        for owner, passage, row in zip(candidates.owners.tolist(), candidates.passages.tolist(), rows, strict=True):
            parts = dict(zip(candidates.parts, row, strict=True))
            item = self.index.items[owner]
            if isinstance(item, Procedure):
                for name, value in fit(named, item, question.terms).items():
                    parts[name] = weights[name] * value
                parts["asked"] = self.ranking.asked if item.essential else 0.0
            elif isinstance(item, Elsewhere):
                theirs = self._named_by(item.title)
                for name, value in fit_elsewhere(named, theirs, item.is_abroad).items():
                    parts[name] = weights[name] * value
            scores[owner] = Score(passage, parts)
        return scores

    def _hit(self, place: int, score: Score) -> SearchHit:
        passage = self.index.passages[score.passage].text
        return SearchHit(self.index.items[place], passage, sum(score.parts.values()), score.parts)

    def prepared_text(self, question: Question) -> str:
        """Return what is encoded of a question."""
        return prepared_text(question, self.index.restorer)

    def _encoded(self, question: Question) -> NDArray[np.float32]:
        return self.index.projection(self.encoder.encode_question(self.prepared_text(question)))

    def _candidates(self, question: Question, vector: NDArray[np.float32]) -> _Candidates:
        """Return every owner that any channel proposes, with its best passage and its weighted parts."""
        ranking = self.ranking
        _, phrase = self.index.keywords.scores(question.terms, question.added)
        words, texts = self.index.documents.scores(question.terms, question.added)
        near, _ = self.index.vectors.nearest(vector, POOL)
        by_phrase, by_words = _best(phrase, POOL), _best(words, POOL)
        owners = np.unique(np.concatenate([self._owner_of[near], self._owner_of[by_phrase], by_words]))
        # One row an owner, one column a passage; shorter rows are filled up with the first passage, then blanked.
        count = self._count[owners]
        columns = np.arange(count.max())
        filled = columns < count[:, None]
        passages = np.where(filled, self._first[owners, None] + columns, self._first[owners, None])
        similar = np.zeros(passages.shape, np.float32)
        similar[filled] = self._above_floor(self.index.vectors.cosines(vector, passages[filled]))
        says = np.where(filled, phrase[passages], 0.0)
        best = np.argmax(says + similar, axis=1)
        three = np.sort(similar, axis=1)[:, -3:]
        parts = {
            "phrase": ranking.phrase * says.max(axis=1),
            "words": ranking.words * words[owners],
            "texts": ranking.texts * texts[owners],
            "dense": ranking.dense * similar.max(axis=1),
            "dense_mean": ranking.dense_mean * three.sum(axis=1) / 3,
            "centre": ranking.centre * self._above_floor(self.index.centres.cosines(vector, owners)),
        }
        return _Candidates(owners, passages[np.arange(len(owners)), best], parts)

    def _coverage(self, hit: SearchHit, question: Question) -> tuple[float, float]:
        return self.index.documents.coverage(self.index.place_of[hit.procedure.code], _telling(question))

    def _alike(self, question: Question) -> int:
        owners = np.unique(self._owner_of[self.index.keywords.holding_all(_telling(question))])
        return int((owners < len(self.index.catalogue)).sum())

    def _above_floor(self, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        floor = self.index.projection.floor
        above: NDArray[np.float32] = np.clip((cosines - floor) / (1 - floor), 0, 1)
        return above


def _best(scores: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return the numbers of the best scores above zero, in no order."""
    found = np.argpartition(-scores, min(count, len(scores) - 1))[:count]
    return found[scores[found] > 0]
