"""Finds the procedures a question is about: two channels, weighted together, then judged.

Each channel scores passages (titles and the ways people call a procedure); a procedure takes its best passage.
How the parts are weighed is in `ranking.yml`; how sure one may be of the outcome is judged by `verdict.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from knowledge.attributes import AttributeReader, fit
from knowledge.encoder import Encoder
from knowledge.index import Index
from knowledge.model import LifeEvent, Procedure
from knowledge.question import Question, QuestionReader

RANKING = Path(__file__).parent / "ranking.yml"
POOL = 120
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
    """The hits best first, what came close but was rejected, and the life events that match."""

    question: Question
    hits: tuple[SearchHit, ...]
    rejected: tuple[SearchHit, ...]
    life_events: tuple[SearchHit, ...]
    known_share: float


@dataclass(frozen=True)
class Ranking:
    """The weights of the parts; fitted by `python -m knowledge fit` on the tuning questions."""

    keyword: float
    cosine: float
    dense: float
    title: float
    dense_floor: float
    act: float
    foreign: float
    special: float
    level: float
    asked: float

    @classmethod
    def load(cls, path: Path = RANKING) -> Ranking:
        return cls(**yaml.safe_load(path.read_text(encoding="utf8")))


class Search:
    """The search over one index. Thread-safe: it holds no state between questions."""

    def __init__(self, index: Index, encoder: Encoder, ranking: Ranking | None = None) -> None:
        self.index = index
        self.ranking = ranking or Ranking.load()
        self.encoder = encoder
        self._reader = QuestionReader()
        self._attributes = AttributeReader()
        owners = [passage.owner for passage in index.passages]
        self._owners = sorted(set(owners))
        number = {owner: n for n, owner in enumerate(self._owners)}
        self._owner_of = np.array([number[owner] for owner in owners])
        self._title_of = {
            number[passage.owner]: n for n, passage in enumerate(index.passages) if passage.kind == "title"
        }

    def find(self, text: str, limit: int = KEPT) -> SearchResult:
        """Return what a question is about, best first; `limit` hits, as many rejected ones."""
        question = self._reader.read(text)
        scores = self._passage_scores(question)
        named = self._attributes.read(text)
        hits: list[SearchHit] = []
        events: list[SearchHit] = []
        for owner, best in self._best_passages(scores["sum"]):
            item = self._item(owner)
            parts = {name: float(scores[name][best]) for name in ("keyword", "cosine", "dense")}
            if isinstance(item, Procedure):
                parts["title"] = self._title_part(owner, scores)
                for name, value in fit(named, item, question.terms).items():
                    parts[name] = getattr(self.ranking, name) * value
                parts["asked"] = self.ranking.asked if item.essential else 0.0
            hit = SearchHit(item, self.index.passages[best].text, sum(parts.values()), parts)
            (hits if isinstance(item, Procedure) else events).append(hit)
        hits.sort(key=lambda hit: -hit.score)
        events.sort(key=lambda hit: -hit.score)
        known = self.index.keywords.known_share(question.terms)
        return SearchResult(question, tuple(hits[:limit]), tuple(hits[limit : 2 * limit]), tuple(events[:3]), known)

    def prepared_text(self, question: Question) -> str:
        """Return what is encoded: the matter, with marks restored when they were left out."""
        return question.text if question.marked else self.index.restorer.restore(question.text)

    def _passage_scores(self, question: Question) -> dict[str, NDArray[np.float32]]:
        """Return the weighted parts for every passage; `sum` is -inf outside the pool."""
        ranking = self.ranking
        bm25, cosine = self.index.keywords.scores(question.terms, question.added)
        vector = self.encoder.encode_question(self.prepared_text(question))
        near, near_cosines = self.index.vectors.nearest(vector, POOL)
        lexical = ranking.keyword * bm25 + ranking.cosine * cosine
        by_words = np.argpartition(-lexical, min(POOL, len(lexical) - 1))[:POOL]
        missing = np.setdiff1d(by_words[lexical[by_words] > 0], near)
        similar = np.zeros(len(lexical), np.float32)
        similar[near] = near_cosines
        similar[missing] = self.index.vectors.cosines(vector, missing)
        dense = ranking.dense * np.clip((similar - ranking.dense_floor) / (1 - ranking.dense_floor), 0, 1)
        total = np.full(len(lexical), -np.inf, np.float32)
        pool = np.concatenate([near, missing])
        total[pool] = lexical[pool] + dense[pool]
        return {"keyword": ranking.keyword * bm25, "cosine": ranking.cosine * cosine, "dense": dense, "sum": total}

    def _best_passages(self, total: NDArray[np.float32]) -> list[tuple[int, int]]:
        """Return (owner number, its best passage) for every owner in the pool."""
        best: dict[int, int] = {}
        for passage in np.flatnonzero(np.isfinite(total)):
            owner = int(self._owner_of[passage])
            if owner not in best or total[passage] > total[best[owner]]:
                best[owner] = int(passage)
        return list(best.items())

    def _title_part(self, owner: int, scores: Mapping[str, NDArray[np.float32]]) -> float:
        titles = self._title_of[owner]
        return self.ranking.title * float(scores["keyword"][titles] + scores["cosine"][titles])

    def _item(self, owner: int) -> Procedure | LifeEvent:
        name = self._owners[owner]
        return self.index.catalogue.procedures.get(name) or self.index.catalogue.life_events[name]
