"""How sure one may be: answer, ask back, or say that nothing fits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from knowledge.question import QuestionReader
from knowledge.search import Rival, SearchHit, SearchResult
from knowledge.verdict import MAX_CHOICES, Judge, Outcome, verdict_features
from tests.fakes.elsewhere import make_elsewhere, make_rival
from tests.fakes.tiny_search import make_procedure

QUESTION = QuestionReader().read("thẻ đọc sách")
#: A judge that reads two features only, so that a test can say what it will think.
PLAIN: dict[str, Any] = {
    "right": {"bias": -5.0, "weights": {"margin": 10.0}},
    "in_scope": {"bias": -5.0, "weights": {"top": 5.0}},
    "thresholds": {"answer": 0.7, "in_scope": 0.3, "surely_in_scope": 0.6, "offer_within": 0.5},
}


def result(
    *scores: float, parts: dict[str, float] | None = None, special: frozenset[int] = frozenset()
) -> SearchResult:
    hits = tuple(
        SearchHit(
            make_procedure(f"1.00000{place}"),
            "thẻ",
            score,
            {**(parts or {}), **({"special": -1.0} if place in special else {})},
        )
        for place, score in enumerate(scores)
    )
    return SearchResult(QUESTION, hits, (), (), 1.0)


def outcome(*scores: float, **more: Any) -> Outcome:
    return Judge(PLAIN).judge(result(*scores, **more)).outcome


LICENCE = make_elsewhere()


def test_where_nothing_of_ours_fits_another_offices_procedure_is_named() -> None:
    verdict = Judge(PLAIN).judge(replace(result(0.2), rival=make_rival(LICENCE)))

    assert (verdict.outcome, verdict.elsewhere) == (Outcome.NOTHING, LICENCE)


def test_who_asks_for_what_another_office_does_gets_none_of_ours() -> None:
    """Not even asked back: a choice among wrong ones helps nobody."""
    clear, unclear = result(2.0, 1.0), result(1.5, 1.45)

    for ours in (clear, unclear):
        verdict = Judge(PLAIN).judge(replace(ours, rival=make_rival(LICENCE, ahead=1.5)))
        assert (verdict.outcome, verdict.elsewhere) == (Outcome.NOTHING, LICENCE)


def test_ours_stands_where_another_office_only_comes_near() -> None:
    assert Judge(PLAIN).judge(replace(result(2.0, 1.0), rival=make_rival(ahead=-0.1))).outcome is Outcome.CLEAR


@pytest.mark.parametrize(
    "weak", [make_rival(score=4.0), make_rival(ahead=0.3), make_rival(covered=0.3)], ids=["score", "ahead", "covered"]
)
def test_another_office_is_not_named_by_a_word_in_common(weak: Rival) -> None:
    """Something is near to any question; who asks for a cat's portrait is not sent to the animal quarantine."""
    verdict = Judge(PLAIN).judge(replace(result(0.2), rival=weak))

    assert (verdict.outcome, verdict.elsewhere) == (Outcome.NOTHING, None)


def test_a_clear_lead_is_answered() -> None:
    """No question when it is clear."""
    assert outcome(2.0, 1.0) is Outcome.CLEAR


def test_a_close_race_is_asked_about_with_the_runners() -> None:
    """Only those near the first one are offered."""
    verdict = Judge(PLAIN).judge(result(2.0, 1.9, 1.8, 0.2))

    assert verdict.outcome is Outcome.AMBIGUOUS
    assert [hit.score for hit in verdict.hits] == [2.0, 1.9, 1.8]


def test_no_more_than_four_are_offered() -> None:
    """A list of ten is no question."""
    assert len(Judge(PLAIN).judge(result(*[2.0] * 9)).hits) == MAX_CHOICES


def test_a_weak_first_hit_is_nothing() -> None:
    """Chatbots elsewhere were shut for answering all the same."""
    assert outcome(0.5, 0.1) is Outcome.NOTHING


def test_words_known_for_a_question_need_less_certainty() -> None:
    """What is refused when it may be gossip is asked back when somebody surely asks an office."""
    weak = result(0.68, 0.63)  # 0.17 in scope

    assert Judge(PLAIN).judge(weak).outcome is Outcome.NOTHING
    assert Judge(PLAIN).judge(weak, asked=True).outcome is Outcome.AMBIGUOUS


def test_no_hit_is_nothing() -> None:
    """An empty result breaks nothing."""
    assert outcome() is Outcome.NOTHING


def test_a_clear_lead_in_doubtful_scope_is_asked_about() -> None:
    """The best of the wrong ones is still wrong: 0.5 in scope is between the two thresholds."""
    assert outcome(1.0, 0.1) is Outcome.AMBIGUOUS


def test_a_special_twin_that_nobody_named_is_no_choice() -> None:
    """Then the ordinary one stands alone, and is the answer."""
    assert outcome(2.0, 1.95, special=frozenset({1})) is Outcome.CLEAR


def test_what_nobody_named_is_offered_last() -> None:
    """People leave out that the father is a foreigner: when a question is due, that choice stands there too."""
    verdict = Judge(PLAIN).judge(result(2.0, 1.95, 1.9, special=frozenset({1})))

    assert [hit.score for hit in verdict.hits] == [2.0, 1.9, 1.95]


def test_the_features_of_the_fitted_models_are_those_that_are_computed() -> None:
    """A coefficient without its feature would fail at the first question."""
    features = verdict_features(result(2.0, 1.0))
    judge = Judge.load()

    assert set(judge._right.weights) | set(judge._in_scope.weights) == set(features)


def test_being_like_what_is_none_of_ours_speaks_against_it() -> None:
    """The fitted weight must have the right sign, or the list of such questions would invite them."""
    assert Judge.load()._in_scope.weights["outside"] < 0
