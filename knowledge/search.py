"""Finds the procedures a question is about: two channels, weighted together, then judged.

Each channel scores passages (titles and the ways people call a procedure); a procedure takes its best passage.
How the parts are weighed is in `ranking.yml`; how sure one may be of the outcome is judged by `verdict.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from knowledge.attributes import AttributeReader, fit
from knowledge.encoder import Encoder
from knowledge.index import Index
from knowledge.model import LifeEvent, Procedure
from knowledge.question import LIGHT_SYLLABLES, Question, QuestionReader
from knowledge.vietnamese import folded_syllables

RANKING = Path(__file__).parent / "ranking.yml"
POOL = 100
KEPT = 10


@dataclass(frozen=True)
class SearchHit:
    """One procedure (or life event) that the search proposes.

    score: the sum of `parts`, higher is better; comparable only within one question.
    passage: the title or alias that matched best.
    """

    item: Procedure | LifeEvent
    passage: str
    score: float
    parts: Mapping[str, float] = field(repr=False)

    @property
    def procedure(self) -> Procedure:
        if not isinstance(self.item, Procedure):
            raise TypeError(f"{self.item.name} is a life event")
        return self.item


@dataclass(frozen=True)
class SearchResult:
    """The hits best first, what came close but was rejected, and the life events that match.

    known_share: how many of the question's syllables the catalogue knows at all.  covered, rarest_missing: how much
    of the question the first hit says, and how rare the rarest syllable is that it does not say (0 to 1).
    """

    question: Question
    hits: tuple[SearchHit, ...]
    rejected: tuple[SearchHit, ...]
    life_events: tuple[SearchHit, ...]
    known_share: float
    covered: float = 0.0
    rarest_missing: float = 1.0


@dataclass(frozen=True)
class Ranking:
    """The weights of the parts; fitted by `python -m knowledge fit` on the tuning questions.

    phrase: tf-idf cosine with the best passage.  words, texts: BM25 and cosine with all passages of a procedure
    together.  dense, dense_mean, centre: the encoder's cosine with the best passage, the mean of the three best, the
    centre of all.  act, foreign, special, level: see attributes.py.  asked: for the essential services.
    dense_floor: the cosine that counts as nothing in common.
    """

    phrase: float
    words: float
    texts: float
    dense: float
    dense_mean: float
    centre: float
    dense_floor: float
    act: float
    foreign: float
    special: float
    level: float
    asked: float

    @classmethod
    def load(cls, path: Path = RANKING) -> Ranking:
        return cls(**yaml.safe_load(path.read_text(encoding="utf8")))


def held_words(hit: SearchHit, question: Question) -> float:
    """Return the share of a question's words that stand in the passage a hit matched by, 0 to 1."""
    words = set(question.terms)
    return len(words.intersection(folded_syllables(hit.passage))) / max(1, len(words))


class Search:
    """The search over one index. Thread-safe: it holds no state between questions."""

    def __init__(self, index: Index, encoder: Encoder, ranking: Ranking | None = None) -> None:
        self.index = index
        self.encoder = encoder
        self.ranking = ranking or Ranking.load()
        self._reader = QuestionReader()
        self._attributes = AttributeReader()
        self._first, self._count = index.owner_spans
        self._owner_of = np.repeat(np.arange(len(self._first)), self._count)

    def find(self, text: str, limit: int = KEPT) -> SearchResult:
        """Return what a question is about, best first; `limit` hits, as many rejected ones."""
        question = self._reader.read(text)
        named = self._attributes.read(text)
        hits: list[SearchHit] = []
        events: list[SearchHit] = []
        for owner, passage, parts in self._scored(question):
            item = self.index.items[owner]
            if isinstance(item, Procedure):
                for name, value in fit(named, item, question.terms).items():
                    parts[name] = getattr(self.ranking, name) * value
                parts["asked"] = self.ranking.asked if item.essential else 0.0
            hit = SearchHit(item, self.index.passages[passage].text, sum(parts.values()), parts)
            (hits if isinstance(item, Procedure) else events).append(hit)
        hits.sort(key=lambda hit: -hit.score)
        events.sort(key=lambda hit: -hit.score)
        covered, missing = self._coverage(hits[0], question) if hits else (0.0, 1.0)
        return SearchResult(
            question,
            tuple(hits[:limit]),
            tuple(hits[limit : 2 * limit]),
            tuple(events[:3]),
            self.index.keywords.known_share(question.terms),
            covered,
            missing,
        )

    def prepared_text(self, question: Question) -> str:
        """Return what is encoded: the matter, with marks restored when they were left out."""
        return question.text if question.marked else self.index.restorer.restore(question.text)

    def _scored(self, question: Question) -> Iterator[tuple[int, int, dict[str, float]]]:
        """Yield (owner, its best passage, weighted parts) for every owner that any channel proposes."""
        ranking = self.ranking
        _, phrase = self.index.keywords.scores(question.terms, question.added)
        words, texts = self.index.documents.scores(question.terms, question.added)
        vector = self.encoder.encode_question(self.prepared_text(question))
        near, _ = self.index.vectors.nearest(vector, POOL)
        by_phrase, by_words = _best(phrase, POOL), _best(words, POOL)
        owners = np.unique(np.concatenate([self._owner_of[near], self._owner_of[by_phrase], by_words]))
        spans = [np.arange(self._first[owner], self._first[owner] + self._count[owner]) for owner in owners]
        dense = self._above_floor(self.index.vectors.cosines(vector, np.concatenate(spans)))
        centre = self._above_floor(self.index.centres.cosines(vector, owners))
        start = 0
        for place, (owner, span) in enumerate(zip(owners, spans, strict=True)):
            similar = dense[start : start + len(span)]
            start += len(span)
            both = ranking.phrase * phrase[span] + ranking.dense * similar
            best = int(np.argmax(both))
            yield (
                int(owner),
                int(span[best]),
                {
                    "phrase": ranking.phrase * float(phrase[span].max()),
                    "words": ranking.words * float(words[owner]),
                    "texts": ranking.texts * float(texts[owner]),
                    "dense": ranking.dense * float(similar.max()),
                    "dense_mean": ranking.dense_mean * float(np.sort(similar)[-3:].sum() / 3),
                    "centre": ranking.centre * float(centre[place]),
                },
            )

    def _coverage(self, hit: SearchHit, question: Question) -> tuple[float, float]:
        terms = [term for term in question.terms if term not in LIGHT_SYLLABLES]
        return self.index.documents.coverage(self.index.place_of[hit.procedure.code], terms or question.terms)

    def _above_floor(self, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        floor = self.ranking.dense_floor
        above: NDArray[np.float32] = np.clip((cosines - floor) / (1 - floor), 0, 1)
        return above


def _best(scores: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return the numbers of the best scores above zero, in no order."""
    found = np.argpartition(-scores, min(count, len(scores) - 1))[:count]
    return found[scores[found] > 0]
