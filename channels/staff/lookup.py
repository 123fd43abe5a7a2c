"""The look-up: search as you type over one index, with filters, and a reason for every hit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from channels.staff.prefixes import PrefixIndex
from channels.staff.why import Why, explain
from channels.web.labels import ONLINE_WORDS, field_key, level_words
from channels.web.procedure_pages import plain_code
from channels.web.search_filters import LEVEL_KEYS, ONLINE_KEYS, Field, Wanted, fields_of
from knowledge.attributes import AttributeReader, Named
from knowledge.codes import find_application_codes
from knowledge.elsewhere import Elsewhere
from knowledge.model import Procedure
from knowledge.question import Question, QuestionReader
from knowledge.search import Search, SearchHit
from knowledge.verdict import Judge
from knowledge.vietnamese import folded_syllables

MOST_ROWS = 20
#: With a filter the search looks further down.
_POOL, _DEEP_POOL = 60, 400
#: Hits of the search below this share of its best, and without all the words typed, have little in common.
_WORTH_SHOWING = 0.7
_ESSENTIAL = 0.05
#: Beginnings up to this length are no words yet, even where a word or an abbreviation is spelt so.
_SHORT_BEGINNING = 2
#: From so many letters on a text is a question for the search proper.
_A_QUESTION = 3
_BEGUN_CODE = re.compile(r"\d(\.\d{0,6})?")
_KEPT_ANSWERS = 512


@dataclass(frozen=True)
class LookupRow:
    """One hit: the procedure, what it is in a line, and why it is there (None in a plain list)."""

    procedure: Procedure
    meta: str
    why: Why | None = None


@dataclass(frozen=True)
class Found:
    """What a text and its filters lead to.

    rows: the best `MOST_ROWS`; total: how many passed the filters, of those the search thinks worth showing.
    application_code: the text holds the code of an application, which is looked up elsewhere.
    elsewhere: the procedure of another office that the text seems to ask for; the rows are then only near it.
    """

    wanted: Wanted
    rows: tuple[LookupRow, ...]
    total: int
    application_code: bool = False
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True)
class _Ranked:
    """One procedure with both reasons to show it."""

    procedure: Procedure
    passage: str
    hit: SearchHit | None
    score: float


@dataclass(frozen=True)
class _Answer:
    question: Question
    named: Named
    begun: str | None
    ranked: tuple[_Ranked, ...]
    elsewhere: Elsewhere | None


class Lookup:
    """Answers every keystroke. CPU work of some 10 ms: call it in a thread. Thread-safe."""

    def __init__(self, search: Search, judge: Judge) -> None:
        self._search = search
        self._judge = judge
        self._catalogue = search.index.catalogue
        self._prefixes = PrefixIndex(search.index.passages)
        self._reader = QuestionReader()
        self._attributes = AttributeReader()
        self._field_of = {procedure.code: field_key(procedure.field) for procedure in self._catalogue}
        self.fields: tuple[Field, ...] = fields_of(self._catalogue)
        self._answer = lru_cache(_KEPT_ANSWERS)(self._ask)

    def find(self, wanted: Wanted, unfinished: bool = False) -> Found:
        """Return the procedures for a text and its filters, best first.

        unfinished: the last word may still be going on, as it does while one types.
        """
        if not wanted.query:
            return self._listed(wanted) if wanted.filtered else Found(wanted, (), 0)
        by_code = self._by_code(wanted.query)
        if by_code:
            rows = [self._row(procedure) for procedure in by_code if self._passes(procedure, wanted)]
            return Found(wanted, tuple(rows[:MOST_ROWS]), len(rows))
        if any(match.code for match in find_application_codes(wanted.query)):
            return Found(wanted, (), 0, application_code=True)
        answer = self._answer(wanted.query, unfinished, wanted.filtered)
        kept = [one for one in answer.ranked if self._passes(one.procedure, wanted)]
        rows = [self._explained(one, answer) for one in kept[:MOST_ROWS]]
        return Found(wanted, tuple(rows), len(kept), elsewhere=answer.elsewhere)

    def why(self, procedure: Procedure, query: str) -> Why | None:
        """Return why a text leads to a procedure; None when it does not."""
        if not query or self._by_code(query):
            return None
        answer = self._answer(query, True, True)
        one = next((one for one in answer.ranked if one.procedure.code == procedure.code), None)
        return self._explained(one, answer).why if one else None

    def _ask(self, query: str, unfinished: bool, deep: bool) -> _Answer:
        words, begun = self._typed(query, unfinished)
        limit = _DEEP_POOL if deep else _POOL
        prefix_hits = {hit.code: hit for hit in self._prefixes.find(words, begun, limit)}
        question = self._reader.read(self._completed(query, words, begun))
        result = self._search.find(question.raw, limit) if len(query) >= _A_QUESTION else None
        hits = result.hits if result else ()
        best = hits[0].score if hits else 1.0
        by_code = {hit.procedure.code: hit for hit in hits}
        ranked = []
        for code in dict.fromkeys([*by_code, *prefix_hits]):
            hit, prefix_hit = by_code.get(code), prefix_hits.get(code)
            share = hit.score / best if hit and best > 0 else 0.0
            if prefix_hit is None and share < _WORTH_SHOWING:
                continue
            procedure = self._catalogue.procedures[code]
            passage = prefix_hit.passage if prefix_hit else hit.passage if hit else ""
            score = share + (prefix_hit.score if prefix_hit else 0.0) + _ESSENTIAL * procedure.essential
            ranked.append(_Ranked(procedure, passage, hit, score))
        ranked.sort(key=lambda one: (-one.score, one.procedure.code))
        elsewhere = self._judge.judge(result).elsewhere if result else None
        return _Answer(question, self._attributes.read(question.raw), begun, tuple(ranked), elsewhere)

    def _typed(self, query: str, unfinished: bool) -> tuple[tuple[str, ...], str | None]:
        """Return the finished words and the one begun.

        A known abbreviation counts as finished ("gplx"), but not one of a letter or two: "ket h" goes on to "hôn".
        """
        question = self._reader.read(query)
        last = (folded_syllables(query) or [""])[-1]
        if not unfinished or not last:
            return question.terms, None
        if question.terms and question.terms[-1] == last:
            return question.terms[:-1], last
        if len(last) > _SHORT_BEGINNING:
            return question.terms, None
        head = query[: query.rfind(" ") + 1]
        return (self._reader.read(head).terms if head.strip() else ()), last

    def _completed(self, query: str, words: Sequence[str], begun: str | None) -> str:
        """Return the text with its last word finished as most procedures would, if it is none yet."""
        if begun is None or (self._prefixes.knows(begun) and len(begun) > _SHORT_BEGINNING):
            return query
        word = self._prefixes.completed(words, begun)
        return query[: query.rfind(" ") + 1] + word if word else query

    def _explained(self, one: _Ranked, answer: _Answer) -> LookupRow:
        why = explain(one.procedure, one.passage, answer.question, answer.named, answer.begun, one.hit)
        return replace(self._row(one.procedure), why=why)

    def _row(self, procedure: Procedure) -> LookupRow:
        parts = (procedure.field, level_words(procedure), ONLINE_WORDS[procedure.online])
        return LookupRow(procedure, " · ".join(part for part in parts if part))

    def _by_code(self, query: str) -> list[Procedure]:
        """Return the procedures whose code is typed, or begins so."""
        if _BEGUN_CODE.fullmatch(query):
            return [procedure for procedure in self._catalogue if procedure.code.startswith(query)]
        procedure = self._catalogue.get(plain_code(query) or "")
        return [procedure] if procedure else []

    def _listed(self, wanted: Wanted) -> Found:
        found = [procedure for procedure in self._catalogue if self._passes(procedure, wanted)]
        found.sort(key=lambda one: (not one.essential, folded_syllables(one.short_title), one.code))
        return Found(wanted, tuple(self._row(procedure) for procedure in found[: 5 * MOST_ROWS]), len(found))

    def _passes(self, procedure: Procedure, wanted: Wanted) -> bool:
        if wanted.field and self._field_of[procedure.code] != wanted.field:
            return False
        if wanted.level and LEVEL_KEYS[wanted.level][0] not in procedure.levels:
            return False
        return not wanted.online or procedure.online is ONLINE_KEYS[wanted.online][0]
