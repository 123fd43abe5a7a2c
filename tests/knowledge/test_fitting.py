"""Fitting: what a question is worth, weights that put the right one first, files that the search reads back."""

from __future__ import annotations

from dataclasses import asdict, replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.__main__ import main
from knowledge.cases import Case
from knowledge.fitting import (
    ANSWER,
    AT_LEAST,
    FEATURES,
    FITTED,
    IN_SCOPE,
    OFFER_WITHIN,
    SURELY,
    _worth,
    fit_ranking,
    fit_verdict,
    write_fit,
)
from knowledge.question import QuestionReader
from knowledge.ranking import RANKING, Ranking
from knowledge.search import Search, SearchHit, SearchResult
from knowledge.verdict import COEFFICIENTS, Judge, Outcome, verdict_features
from tests.fakes.tiny_search import FixedJudge, make_procedure, make_search

READING, LOST, FOREIGN, BEES, FERRY, BRIDGE = "1.000001", "1.000002", "1.000003", "1.000005", "2.000010", "2.000011"
QUESTION = QuestionReader().read("thẻ")


def case(question: str, *codes: str, ambiguous: bool = False) -> Case:
    return Case(question, frozenset(codes), ambiguous)


OURS = [
    case("làm thẻ đọc sách", READING),
    case("xin thẻ thư viện xã", READING),
    case("mất thẻ đọc sách", LOST),
    case("nuoi ong lay mat", BEES),
    case("thẻ đọc sách người nước ngoài", FOREIGN),
    case("phóng sinh ở vùng sông nước", FERRY),  # nothing in common: its first hit is wrong
]
#: Six bridges share these words in their names: surely ours, and the first hit is another bridge.
RACE = case("cầu phao", BRIDGE)
OTHERS = [
    case("giá vàng hôm nay"),
    case("trời mưa không"),
    case("đội nào thắng tối qua"),
    case("nấu phở thế nào"),
    case("thẻ nhớ điện thoại giá bao nhiêu"),
]
EVERY = [*OURS, RACE, *OTHERS]


@pytest.fixture(scope="module")
def search() -> Search:
    return make_search()


@pytest.fixture(scope="module")
def fitted(search: Search) -> dict[str, Any]:
    return fit_verdict(search, EVERY)


def found(*codes: str) -> SearchResult:
    """Return a result with these procedures, best first."""
    hits = [SearchHit(make_procedure(code), "thẻ", 1.0 - place / 10, {}) for place, code in enumerate(codes)]
    return SearchResult(QUESTION, tuple(hits), (), (), 1.0)


def worth(outcome: Outcome, *asked: Case) -> float:
    """Return what a judge of one mind is worth; it answers the reading card, or offers it before the lost one."""
    return _worth(FixedJudge(outcome), [(one, found(READING, LOST, BEES)) for one in asked])


#: The measure of the others below; how the mean is taken is then of no concern.
RIGHT_ANSWER = worth(Outcome.CLEAR, case("thẻ", READING))


@pytest.mark.parametrize(
    ("outcome", "asked", "times"),
    [
        (Outcome.CLEAR, case("thẻ", READING), 1.0),
        (Outcome.CLEAR, case("thẻ", LOST), -1.0),
        (Outcome.CLEAR, case("thẻ", READING, LOST, ambiguous=True), 0.0),
        (Outcome.AMBIGUOUS, case("thẻ", LOST), 1.0),
        (Outcome.AMBIGUOUS, case("thẻ", READING, LOST, ambiguous=True), 1.0),
        (Outcome.AMBIGUOUS, case("thẻ", READING), 0.4),
        (Outcome.AMBIGUOUS, case("thẻ", BEES), -0.2),
        (Outcome.NOTHING, case("thẻ", READING), 0.0),
    ],
    ids=[
        "answered right",
        "answered wrong",
        "answered by a guess",
        "asked, the right one is the second choice",
        "asked, the question leaves it open",
        "asked needlessly",
        "asked, and no choice is right",
        "refused",
    ],
)
def test_what_a_question_of_ours_is_worth(outcome: Outcome, asked: Case, times: float) -> None:
    """A wrong procedure sends somebody to the wrong counter: worse than silence, and silence worse than a question."""
    assert worth(outcome, asked) == pytest.approx(times * RIGHT_ANSWER)


@pytest.mark.parametrize(
    ("outcome", "times"), [(Outcome.NOTHING, 1.0), (Outcome.AMBIGUOUS, 0.5), (Outcome.CLEAR, -5.0)]
)
def test_what_one_of_the_others_is_worth(outcome: Outcome, times: float) -> None:
    """A quarter of one of ours; but an invented answer outweighs a right one."""
    assert worth(outcome, case("giá vàng")) == pytest.approx(times * RIGHT_ANSWER / 4)


def test_a_long_list_of_the_others_does_not_drown_ours() -> None:
    """Each list counts by its mean: with more questions out of scope, ours matter as much as before."""
    few = worth(Outcome.CLEAR, *[case("thẻ", READING)] * 100, *[case("giá vàng")] * 100)
    many = worth(Outcome.CLEAR, *[case("thẻ", READING)] * 100, *[case("giá vàng")] * 400)

    assert few == pytest.approx(1.0 - 5.0 / 4, abs=0.03)
    assert many == pytest.approx(few, abs=0.03)


def test_no_question_is_worth_nothing() -> None:
    """Nothing is divided by zero."""
    assert worth(Outcome.CLEAR) == 0.0


def test_the_fitted_verdict_is_what_the_judge_reads(search: Search, fitted: dict[str, Any]) -> None:
    """Both models weigh every feature that is computed, no other; plain numbers, as a data file holds them."""
    judge = Judge(fitted)

    assert set(fitted["right"]["weights"]) == set(fitted["in_scope"]["weights"]) == set(FEATURES)
    assert set(FEATURES) == set(verdict_features(search.find("thẻ")))
    assert yaml.safe_load(yaml.safe_dump(fitted)) == fitted
    assert 0.0 < judge.judge(search.find("làm thẻ đọc sách")).p_right < 1.0


def test_the_thresholds_are_of_the_grid_and_in_order(fitted: dict[str, Any]) -> None:
    """To answer never takes less certainty of scope than to ask."""
    thresholds = fitted["thresholds"]

    assert thresholds["answer"] in ANSWER and thresholds["offer_within"] in OFFER_WITHIN
    assert thresholds["in_scope"] in IN_SCOPE and thresholds["surely_in_scope"] in SURELY
    assert thresholds["in_scope"] <= thresholds["surely_in_scope"]


@pytest.mark.parametrize("asked", OURS[:5], ids=lambda one: one.question)
def test_the_fitted_judge_answers_what_it_was_fitted_to(search: Search, fitted: dict[str, Any], asked: Case) -> None:
    """So few clear questions can all be told right."""
    verdict = Judge(fitted).judge(search.find(asked.question))

    assert verdict.outcome is Outcome.CLEAR and verdict.hits[0].procedure.code in asked.codes


@pytest.mark.parametrize("asked", OTHERS, ids=lambda one: one.question)
def test_the_fitted_judge_invents_nothing(search: Search, fitted: dict[str, Any], asked: Case) -> None:
    """An invented answer is the dearest fault."""
    assert Judge(fitted).judge(search.find(asked.question)).outcome is not Outcome.CLEAR


def test_a_race_it_was_fitted_to_is_asked_about(search: Search, fitted: dict[str, Any]) -> None:
    """That it is ours and that the first hit is right are two things, learned from different labels."""
    verdict = Judge(fitted).judge(search.find(RACE.question))

    assert verdict.outcome is Outcome.AMBIGUOUS
    assert verdict.p_right < 0.5 < verdict.p_in_scope


def test_no_other_thresholds_of_the_grid_are_worth_more(search: Search, fitted: dict[str, Any]) -> None:
    """The best of all, not the first that will do."""
    results = [(one, search.find(one.question)) for one in EVERY]
    grid = product(ANSWER, IN_SCOPE, SURELY, OFFER_WITHIN)
    others = [dict(zip(fitted["thresholds"], values, strict=True)) for values in grid]
    worths = [_worth(Judge({**fitted, "thresholds": thresholds}), results) for thresholds in others]

    assert _worth(Judge(fitted), results) == max(worths) > min(worths)


def test_the_ranking_learns_to_put_the_right_one_first(search: Search) -> None:
    """Where a much-asked service wins over the one that was named, the weights have to move."""
    asked = [case("mất thẻ đọc sách", LOST), case("bị mất thẻ đọc sách", LOST), case("làm thẻ đọc sách", READING)]
    blind = Search(search.index, search.encoder, replace(search.ranking, act=0.01, asked=1.5))
    learned = Search(search.index, search.encoder, fit_ranking(blind, asked))

    assert blind.find(asked[0].question).hits[0].procedure.code != LOST
    for one in asked:
        assert learned.find(one.question).hits[0].procedure.code in one.codes


def test_a_twin_that_nobody_named_keeps_its_penalty(search: Search) -> None:
    """Questions that want it all the same are too few to learn from; no weight falls below zero for them."""
    wrongly = [case("làm thẻ đọc sách", FOREIGN), case("mất thẻ đọc sách", LOST), case("nuoi ong lay mat", BEES)]
    ranking = fit_ranking(search, wrongly)

    assert (ranking.foreign, ranking.special) == (AT_LEAST["foreign"], AT_LEAST["special"])
    assert all(0.0 <= getattr(ranking, name) <= 3.0 for name in FITTED)


def test_a_few_questions_pull_the_weights_only_a_little(search: Search) -> None:
    """What they do not test stays where it is."""
    before = asdict(search.ranking)
    after = asdict(fit_ranking(search, [case("mất thẻ đọc sách", LOST), case("làm thẻ đọc sách", READING)]))

    assert before["act"] < after["act"] < before["act"] + 1.0
    assert all(abs(after[name] - before[name]) < 0.5 for name in FITTED if name != "act")
    assert all(after[name] == before[name] for name in ("foreign", "special"))


def test_fitting_leaves_the_search_in_service_alone(search: Search) -> None:
    """The weights come back; they are not set."""
    before = search.ranking

    fit_ranking(search, OURS[:2])

    assert search.ranking is before


def test_what_was_written_is_what_the_search_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, search: Search, fitted: dict[str, Any]
) -> None:
    """Files in the place of the real ones; both say what they were fitted on."""
    ranking_file, verdict_file = tmp_path / RANKING.name, tmp_path / COEFFICIENTS.name
    monkeypatch.setattr("knowledge.fitting.RANKING", ranking_file)
    monkeypatch.setattr("knowledge.fitting.COEFFICIENTS", verdict_file)
    ranking = replace(search.ranking, phrase=0.123)
    write_fit(ranking, fitted, 11)

    result = search.find("mất thẻ đọc sách")
    assert Ranking.load(ranking_file) == ranking
    assert yaml.safe_load(verdict_file.read_text(encoding="utf8")) == fitted
    assert Judge.load(verdict_file).judge(result) == Judge(fitted).judge(result)
    for file in (ranking_file, verdict_file):
        head = file.read_text(encoding="utf8").splitlines()[0]
        assert head.startswith("# ") and "11 tuning questions" in head


def test_the_files_in_service_have_the_form_that_is_written() -> None:
    """Whoever edits them by hand keeps every key, or the next fit would look like a change of meaning."""
    ranking = yaml.safe_load(RANKING.read_text(encoding="utf8"))
    verdict = yaml.safe_load(COEFFICIENTS.read_text(encoding="utf8"))

    assert list(ranking) == list(asdict(Ranking.load()))
    assert set(FITTED) == set(ranking)
    assert list(verdict["right"]["weights"]) == list(verdict["in_scope"]["weights"]) == list(FEATURES)


def test_fitting_to_an_empty_folder_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The questions that are none of ours are always there; alone they can fit nothing."""
    monkeypatch.setenv("MOT_CUA_VAR_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("MOT_CUA_ENCODER", str(tmp_path / "none"))

    assert main(["fit", str(tmp_path)]) == 1
    assert f"Không có câu hỏi nào trong {tmp_path}" in capsys.readouterr().out
