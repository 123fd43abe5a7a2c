"""Better, as good, or worse: the gate in front of the release in service."""

from __future__ import annotations

from channels.teaching.figures import FIGURE_WORDS, Measured, compare, measure_intents, measure_search, together
from knowledge.cases import Case
from tests.fakes.tiny_search import FixedJudge, make_search

CASES = [
    Case("xin thẻ thư viện xã", frozenset({"1.000001"})),
    Case("nuoi ong lay mat", frozenset({"1.000005"})),
    Case("mất thẻ mượn sách", frozenset({"1.000002"})),
    Case("giá vàng hôm nay", frozenset()),
]


def test_the_search_is_measured_as_the_command_measures_it() -> None:
    """Every figure has words, lies between 0 and 1, and each question has a mark."""
    measured = measure_search(make_search(), FixedJudge(), CASES)

    assert set(measured.figures) <= set(FIGURE_WORDS)
    assert all(0 <= value <= 1 for value in measured.figures.values())
    assert measured.figures["r1"] == 1.0 and set(measured.marks) == {case.question for case in CASES}


def test_a_fall_beyond_the_tolerance_is_a_fall() -> None:
    """Half a point may be noise; more is told, with the questions."""
    before = Measured({"r1": 0.9, "mrr": 0.9}, {"a": 2.0, "b": 1.0, "c": 1.0})
    after = Measured({"r1": 0.8949, "mrr": 0.8951}, {"a": 0.5, "b": 1.5, "c": 1.0})
    compared = compare(before, after, 0.005)

    assert compared.fell == ("r1",) and not compared.passes
    assert compared.worse == ("a",) and compared.better == 1


def test_just_the_tolerance_is_no_fall() -> None:
    """0.9 - 0.005 is not 0.895 for a computer."""
    assert compare(Measured({"r1": 0.9}), Measured({"r1": 0.895}), 0.005).passes


def test_a_figure_that_is_gone_has_fallen() -> None:
    """Who takes the cases away must not get through."""
    assert compare(Measured({"r1": 0.1}), Measured({}), 0.005).fell == ("r1",)


def test_intents_count_as_written_and_without_marks() -> None:
    """Half the citizens type without diacritics."""
    right = {"chào": "greet", "cảm ơn": "thanks"}
    measured = measure_intents(right, right, {"chào": "greet", "cảm ơn": "greet"})

    assert measured.figures == {"intents": 1.0, "intents_unmarked": 0.5}
    assert measured.marks == {"chào": 1.0, "cảm ơn": 1.0}


def test_parts_are_put_together() -> None:
    """One gate for search and dialogue."""
    whole = together([Measured({"a": 1.0}, {"q": 1.0}), Measured({"b": 0.5}, {"q": 0.5, "r": 1.0})])

    assert whole.figures == {"a": 1.0, "b": 0.5} and whole.marks == {"q": 1.5, "r": 1.0}
