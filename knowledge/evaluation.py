"""Measures the search on questions with known answers, beside plain BM25 and beside the encoder alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import bm25s
import numpy as np

from knowledge.cases import Case
from knowledge.encoder import Encoder
from knowledge.index import Index
from knowledge.search import Search
from knowledge.verdict import Judge, Outcome
from knowledge.vietnamese import syllables

DEPTH = 10
Ranker = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Ranks:
    """Recall among the first 1, 3 and 10, and the mean reciprocal rank, over `n` questions."""

    n: int
    r1: float
    r3: float
    r10: float
    mrr: float


@dataclass(frozen=True)
class Outcomes:
    """How the verdicts turned out.

    right: answered right, asked back with a right one among the choices, or rightly refused.
    needless: asked back although the first hit was right and the question not ambiguous (of in-scope questions).
    wrong_answers: answered with a wrong procedure (of in-scope questions).
    out_answered: answered although out of scope (of out-of-scope questions).
    """

    right: float
    needless: float
    wrong_answers: float
    refused: float
    out_answered: float


@dataclass(frozen=True)
class Miss:
    """A question whose first hit is wrong."""

    question: str
    wanted: tuple[str, ...]
    found: str
    rank: int | None


@dataclass(frozen=True)
class Report:
    """Everything one run measured; `ranks` by method, then by kind of question."""

    ranks: Mapping[str, Mapping[str, Ranks]]
    outcomes: Outcomes
    misses: tuple[Miss, ...] = field(default=())

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def plain_bm25(index: Index) -> Ranker:
    """Return what a portal search does: BM25 over the syllables of official titles, as typed."""
    procedures = list(index.catalogue)
    retriever = bm25s.BM25()
    retriever.index([syllables(procedure.title) for procedure in procedures], show_progress=False)

    def rank(question: str) -> Sequence[str]:
        numbers, _ = retriever.retrieve([syllables(question) or ["?"]], k=DEPTH, show_progress=False)
        return [procedures[int(number)].code for number in numbers[0]]

    return rank


def dense_alone(index: Index, encoder: Encoder) -> Ranker:
    """Return the encoder by itself: cosine between the question as typed and the official titles."""
    procedures = list(index.catalogue)
    titles = encoder.encode_passages([procedure.title for procedure in procedures])

    def rank(question: str) -> Sequence[str]:
        best = np.argsort(-(titles @ encoder.encode_question(question)))[:DEPTH]
        return [procedures[int(number)].code for number in best]

    return rank


def evaluate(search: Search, judge: Judge, cases: Sequence[Case], baselines: Mapping[str, Ranker]) -> Report:
    """Run all questions through the search and the baselines."""
    results = {case: search.find(case.question) for case in cases}
    found = {case.question: [hit.procedure.code for hit in results[case].hits] for case in cases}
    in_scope = [case for case in cases if case.in_scope]
    groups = {
        "all": in_scope,
        "with diacritics": [case for case in in_scope if case.has_diacritics],
        "without diacritics": [case for case in in_scope if not case.has_diacritics],
    }
    for mark in sorted({mark for case in in_scope for mark in case.marks} - {"no_diacritics"}):
        groups[mark] = [case for case in in_scope if mark in case.marks]
    rankers: dict[str, Ranker] = {"ours": found.__getitem__, **baselines}
    ranks = {
        name: {group: _ranks(ranker, members) for group, members in groups.items() if members}
        for name, ranker in rankers.items()
    }
    misses = [_miss(case, found[case.question]) for case in in_scope if _place(case, found[case.question]) != 1]
    return Report(ranks, _outcomes(cases, results, judge), tuple(misses))


def _place(case: Case, ranked: Sequence[str]) -> int | None:
    return next((place for place, code in enumerate(ranked, 1) if code in case.codes), None)


def _ranks(ranker: Ranker, cases: Sequence[Case]) -> Ranks:
    places = [_place(case, ranker(case.question)) for case in cases]
    r1, r3, r10 = (sum(place is not None and place <= k for place in places) / len(places) for k in (1, 3, 10))
    mrr = sum(1 / place for place in places if place) / len(places)
    return Ranks(len(places), r1, r3, r10, mrr)


def _outcomes(cases: Sequence[Case], results: Mapping[Case, Any], judge: Judge) -> Outcomes:
    right = needless = wrong = refused = out_answered = 0
    inside = sum(case.in_scope for case in cases)
    for case in cases:
        verdict = judge.judge(results[case])
        codes = [hit.procedure.code for hit in verdict.hits]
        if not case.in_scope:
            right += verdict.outcome is Outcome.NOTHING
            out_answered += verdict.outcome is Outcome.CLEAR
            continue
        right += verdict.outcome is not Outcome.NOTHING and bool(case.codes & set(codes))
        wrong += verdict.outcome is Outcome.CLEAR and codes[0] not in case.codes
        refused += verdict.outcome is Outcome.NOTHING
        first = results[case].hits[0].procedure.code if results[case].hits else ""
        needless += verdict.outcome is Outcome.AMBIGUOUS and not case.ambiguous and first in case.codes
    outside = max(len(cases) - inside, 1)
    inside = max(inside, 1)
    return Outcomes(
        right / max(len(cases), 1), needless / inside, wrong / inside, refused / inside, out_answered / outside
    )


def _miss(case: Case, ranked: Sequence[str]) -> Miss:
    return Miss(case.question, tuple(sorted(case.codes)), ranked[0] if ranked else "", _place(case, ranked))


def report_lines(report: Report) -> list[str]:
    """Return the report as readable lines: a table of ranks, the outcomes, the misses."""
    lines = [f"{'':24}{'n':>5}{'R@1':>8}{'R@3':>8}{'R@10':>8}{'MRR':>8}"]
    for method, groups in report.ranks.items():
        for group, ranks in groups.items():
            numbers = "".join(f"{value:8.3f}" for value in (ranks.r1, ranks.r3, ranks.r10, ranks.mrr))
            lines.append(f"{method + ', ' + group:24.24}{ranks.n:5}{numbers}")
    outcomes = report.outcomes
    lines += [
        "",
        f"kết cục đúng (right outcome)            {outcomes.right:.3f}",
        f"hỏi lại không cần (needless questions)  {outcomes.needless:.3f}",
        f"trả lời sai thủ tục (wrong answers)     {outcomes.wrong_answers:.3f}",
        f"nói không có dù có (refused)            {outcomes.refused:.3f}",
        f"ngoài phạm vi mà trả lời (out answered) {outcomes.out_answered:.3f}",
        "",
        f"câu trượt (misses): {len(report.misses)}",
    ]
    lines += [
        f"  {miss.question}\n      cần {', '.join(miss.wanted)}; ra {miss.found}; hạng {miss.rank or 'ngoài 10'}"
        for miss in report.misses
    ]
    return lines
