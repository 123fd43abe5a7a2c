"""What a release is measured by, and whether another one is worse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from knowledge.cases import Case
from knowledge.evaluation import evaluate
from knowledge.search import KEPT, Search, SearchResult
from knowledge.verdict import Judge

#: Every figure with its words, higher is better.
FIGURE_WORDS: Mapping[str, str] = {
    "r1": "Thủ tục đúng đứng đầu",
    "r3": "Thủ tục đúng trong ba kết quả đầu",
    "r10": "Thủ tục đúng trong mười kết quả đầu",
    "mrr": "Thứ hạng trung bình (MRR)",
    "r1_marked": "Đứng đầu, câu có dấu",
    "r1_unmarked": "Đứng đầu, câu không dấu",
    "right": "Trả lời, hỏi lại hoặc từ chối đúng",
    "not_wrong": "Không trả lời nhầm thủ tục",
    "not_refused": "Không từ chối việc của mình",
    "out_not_answered": "Ngoài phạm vi thì không trả lời",
    "no_needless": "Không hỏi lại khi không cần",
    "intents": "Hiểu đúng ý câu hỏi",
    "intents_unmarked": "Hiểu đúng ý, câu bỏ dấu",
}


@dataclass(frozen=True)
class Measured:
    """The figures of one release, 0 to 1, and how it did on every question (higher is better)."""

    figures: Mapping[str, float]
    marks: Mapping[str, float] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Compared:
    """A new release beside the one in service. fell: figures below tolerance; worse: questions that got worse."""

    before: Mapping[str, float]
    after: Mapping[str, float]
    fell: tuple[str, ...]
    worse: tuple[str, ...]
    better: int

    @property
    def passes(self) -> bool:
        return not self.fell

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "passes": self.passes}


class _Remembering(Search):
    """A search that answers a question once; `evaluate` asks for all questions and then for each."""

    def __init__(self, search: Search) -> None:
        self._asked = search
        self._known: dict[str, SearchResult] = {}

    def find(self, text: str, limit: int = KEPT) -> SearchResult:
        if text not in self._known:
            self._known[text] = self._asked.find(text, limit)
        return self._known[text]


def measure_search(search: Search, judge: Judge, cases: Sequence[Case]) -> Measured:
    """Return what `python -m knowledge evaluate` measures, and for every question rank and outcome as one mark."""
    remembering = _Remembering(search)
    report = evaluate(remembering, judge, cases, {})
    ranks = report.ranks["ours"]
    every, outcomes = ranks["all"], report.outcomes
    figures = {"r1": every.r1, "r3": every.r3, "r10": every.r10, "mrr": every.mrr}
    if "with diacritics" in ranks:
        figures["r1_marked"] = ranks["with diacritics"].r1
    if "without diacritics" in ranks:
        figures["r1_unmarked"] = ranks["without diacritics"].r1
    figures |= {
        "right": outcomes.right,
        "not_wrong": 1 - outcomes.wrong_answers,
        "not_refused": 1 - outcomes.refused,
        "out_not_answered": 1 - outcomes.out_answered,
        "no_needless": 1 - outcomes.needless,
    }
    marks = {}
    for case in cases:
        alone = evaluate(remembering, judge, [case], {})
        rank = alone.ranks["ours"]["all"].mrr if case.in_scope else 0.0
        marks[case.question] = rank + alone.outcomes.right - alone.outcomes.wrong_answers - alone.outcomes.out_answered
    return Measured(figures, marks)


def measure_intents(right: Mapping[str, str], guessed: Mapping[str, str], folded: Mapping[str, str]) -> Measured:
    """Return how many questions were taken for what they are.

    right: the intent by question; guessed, folded: what a model says, to the question as written and without marks.
    """
    count = max(1, len(right))
    hits = {text: guessed.get(text) == intent for text, intent in right.items()}
    folded_hits = sum(folded.get(text) == intent for text, intent in right.items())
    figures = {"intents": sum(hits.values()) / count, "intents_unmarked": folded_hits / count}
    return Measured(figures, {text: float(hit) for text, hit in hits.items()})


def together(parts: Iterable[Measured]) -> Measured:
    """Return several measurements as one; a question in several of them counts with the sum."""
    figures: dict[str, float] = {}
    marks: dict[str, float] = {}
    for part in parts:
        figures |= part.figures
        for question, mark in part.marks.items():
            marks[question] = marks.get(question, 0.0) + mark
    return Measured(figures, marks)


def compare(before: Measured, after: Measured, tolerance: float) -> Compared:
    """Return which figures fell by more than the tolerance; a figure that is not there any more has fallen."""
    fell = tuple(
        name for name, value in before.figures.items() if after.figures.get(name, -1.0) < value - tolerance - 1e-9
    )
    changes = {question: after.marks.get(question, 0.0) - mark for question, mark in before.marks.items()}
    worse = sorted((question for question in changes if changes[question] < -1e-9), key=lambda one: changes[one])
    better = sum(change > 1e-9 for change in changes.values())
    return Compared(dict(before.figures), dict(after.figures), fell, tuple(worse), better)
