"""What is measured of the search: ranks and outcomes that were counted by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from knowledge.cases import Case
from knowledge.evaluation import (
    DEPTH,
    Miss,
    Outcomes,
    Ranks,
    Report,
    dense_alone,
    evaluate,
    plain_bm25,
    report_lines,
)
from knowledge.question import QuestionReader
from knowledge.search import KEPT, Search, SearchHit, SearchResult
from knowledge.verdict import Judge
from tests.fakes.tiny_search import LOST_CARD, PROCEDURES, READING_CARD, CountingEncoder, make_procedure, make_search

READING, LOST, BEES, FERRY, BUOY = (f"1.00000{number}" for number in range(1, 6))
#: A judge that reads the lead and the best score only.
JUDGE = Judge(
    {
        "right": {"bias": -5.0, "weights": {"margin": 10.0}},
        "in_scope": {"bias": -5.0, "weights": {"top": 5.0}},
        "thresholds": {"answer": 0.7, "in_scope": 0.3, "surely_in_scope": 0.6, "offer_within": 0.5},
    }
)
#: Scores of two hits that this judge answers, asks back about, refuses.
LEAD, RACE, WEAK = (2.0, 1.0), (2.0, 1.9), (0.5, 0.1)
EMPTY = SearchResult(QuestionReader().read("thẻ"), (), (), (), 1.0)


class ToldSearch(Search):
    """Knows beforehand what each question finds; another question is an error."""

    def __init__(self, told: Mapping[Case, SearchResult]) -> None:
        self._told = {case.question: result for case, result in told.items()}

    def find(self, text: str, limit: int = KEPT) -> SearchResult:
        return self._told[text]


def case(question: str, *codes: str, **more: Any) -> Case:
    return Case(question, frozenset(codes), **more)


def found(scores: Sequence[float], *codes: str) -> SearchResult:
    """Return a result with these procedures, best first."""
    pairs = zip(codes, scores, strict=True)
    return replace(EMPTY, hits=tuple(SearchHit(make_procedure(code), "thẻ", score, {}) for code, score in pairs))


TOLD = {
    case("làm thẻ", READING): found(LEAD, READING, LOST),  # answered right
    case("mat the", LOST, marks=frozenset({"no_diacritics", "typo"})): found(RACE, READING, LOST),  # asked rightly
    case("thẻ nào", READING, LOST, ambiguous=True): found(RACE, READING, LOST),  # asked rightly
    case("xin thẻ", READING): found(RACE, READING, LOST),  # right, but asked needlessly
    case("phao tiêu", BUOY): found(RACE, READING, LOST),  # asked, and no choice is right
    case("nuoi ong", BEES): found(LEAD, READING, LOST),  # answered wrong
    case("đò ngang", FERRY): found(WEAK, FERRY, READING),  # refused
    case("giá vàng"): found(WEAK, READING, LOST),  # refused rightly
    case("trời mưa không"): found(LEAD, READING, LOST),  # invented
    case("ai thắng tối qua"): found(RACE, READING, LOST),  # asked: neither right nor invented
}


@pytest.fixture(scope="module")
def report() -> Report:
    return evaluate(ToldSearch(TOLD), JUDGE, list(TOLD), {})


@pytest.fixture(scope="module")
def search() -> Search:
    return make_search()


def test_outcomes_are_shares_of_the_questions_they_can_befall(report: Report) -> None:
    """Of ten questions five end well; of the seven of ours one each is needless, wrong and refused."""
    assert report.outcomes == Outcomes(
        right=5 / 10, needless=1 / 7, wrong_answers=1 / 7, refused=1 / 7, out_answered=1 / 3
    )


@pytest.mark.parametrize(
    ("asked", "result", "outcomes"),
    [
        (case("thẻ", READING), found(LEAD, READING, LOST), Outcomes(1, 0, 0, 0, 0)),
        (case("thẻ", LOST), found(LEAD, READING, LOST), Outcomes(0, 0, 1, 0, 0)),
        (case("thẻ", READING), found(RACE, READING, LOST), Outcomes(1, 1, 0, 0, 0)),
        (case("thẻ", READING, ambiguous=True), found(RACE, READING, LOST), Outcomes(1, 0, 0, 0, 0)),
        (case("thẻ", LOST), found(RACE, READING, LOST), Outcomes(1, 0, 0, 0, 0)),
        (case("thẻ", BUOY), found(RACE, READING, LOST), Outcomes(0, 0, 0, 0, 0)),
        (case("thẻ", READING), found(WEAK, READING, LOST), Outcomes(0, 0, 0, 1, 0)),
        (case("thẻ", READING), EMPTY, Outcomes(0, 0, 0, 1, 0)),
        (case("thẻ"), found(WEAK, READING, LOST), Outcomes(1, 0, 0, 0, 0)),
        (case("thẻ"), EMPTY, Outcomes(1, 0, 0, 0, 0)),
        (case("thẻ"), found(RACE, READING, LOST), Outcomes(0, 0, 0, 0, 0)),
        (case("thẻ"), found(LEAD, READING, LOST), Outcomes(0, 0, 0, 0, 1)),
    ],
    ids=[
        "answered right",
        "answered wrong",
        "asked needlessly",
        "asked, and the question leaves it open",
        "asked, and the right one is the second choice",
        "asked, and no choice is right",
        "refused",
        "nothing found",
        "none of ours, refused",
        "none of ours, nothing found",
        "none of ours, asked",
        "none of ours, answered",
    ],
)
def test_one_question_ends_in_one_way(asked: Case, result: SearchResult, outcomes: Outcomes) -> None:
    """Each way a single question can end, by itself."""
    assert evaluate(ToldSearch({asked: result}), JUDGE, [asked], {}).outcomes == outcomes


def test_ranks_are_told_by_the_way_of_writing(report: Report) -> None:
    """Half the citizens type without marks; questions that are none of ours have no rank."""
    ours = report.ranks["ours"]

    assert ours == {
        "all": Ranks(7, r1=4 / 7, r3=5 / 7, r10=5 / 7, mrr=4.5 / 7),
        "with diacritics": Ranks(5, r1=4 / 5, r3=4 / 5, r10=4 / 5, mrr=4 / 5),
        "without diacritics": Ranks(2, r1=0, r3=1 / 2, r10=1 / 2, mrr=1 / 4),
        "typo": Ranks(1, r1=0, r3=1, r10=1, mrr=1 / 2),
    }


def test_a_way_of_writing_that_nobody_used_is_no_row() -> None:
    """A share of no questions is no number."""
    (only,) = cases = [case("làm thẻ", READING)]
    report = evaluate(ToldSearch({only: TOLD[only]}), JUDGE, cases, {})

    assert set(report.ranks["ours"]) == {"all", "with diacritics"}


def test_other_ways_to_search_are_ranked_on_the_same_questions() -> None:
    """The right one stands first, third, fourth, tenth and nowhere."""
    places = {"câu a": 1, "câu b": 3, "câu c": 4, "câu d": 10, "câu đ": 99}
    told = {case(question, READING): EMPTY for question in places}

    def other(question: str) -> Sequence[str]:
        return [READING if place == places[question] else LOST for place in range(1, DEPTH + 1)]

    report = evaluate(ToldSearch(told), JUDGE, list(told), {"other": other})

    mrr = (1 + 1 / 3 + 1 / 4 + 1 / 10) / 5
    assert report.ranks["other"]["all"] == Ranks(5, r1=1 / 5, r3=2 / 5, r10=4 / 5, mrr=mrr)
    assert report.ranks["ours"]["all"] == Ranks(5, 0, 0, 0, 0)


def test_any_right_code_counts_and_the_best_place_of_them() -> None:
    """Two procedures may both be right answers."""
    asked = case("thẻ nào", LOST, READING)
    report = evaluate(ToldSearch({asked: found(LEAD, READING, LOST)}), JUDGE, [asked], {})

    assert report.ranks["ours"]["all"].mrr == 1.0 and report.misses == ()


def test_misses_say_what_was_wanted_and_what_came_instead(report: Report) -> None:
    """A refused question whose first hit is right is no miss of the search."""
    assert report.misses == (
        Miss("mat the", (LOST,), READING, 2),
        Miss("phao tiêu", (BUOY,), READING, None),
        Miss("nuoi ong", (BEES,), READING, None),
    )


def test_a_question_that_finds_nothing_is_a_miss() -> None:
    """An empty result breaks nothing."""
    asked = case("thẻ", READING)

    assert evaluate(ToldSearch({asked: EMPTY}), JUDGE, [asked], {}).misses == (Miss("thẻ", (READING,), "", None),)


@pytest.mark.parametrize("cases", [[], [case("giá vàng")], [case("làm thẻ", READING)]], ids=["none", "outside", "ours"])
def test_a_list_of_one_kind_only_can_be_measured(cases: list[Case]) -> None:
    """Somebody tries a file of five questions out of scope; nothing is divided by zero."""
    report = evaluate(ToldSearch(TOLD), JUDGE, cases, {})

    assert report.outcomes.wrong_answers == report.outcomes.out_answered == 0.0
    assert report_lines(report)


def test_a_portal_finds_a_title_as_typed_and_needs_the_marks(search: Search) -> None:
    """What people have today; it is not made weaker than it is, nor stronger."""
    rank = plain_bm25(search.index)

    assert rank(LOST_CARD.title)[0] == LOST_CARD.code
    assert LOST_CARD.code not in rank("cap lai the doc sach")


@pytest.mark.parametrize("question", ["", "???", "zzz"])
def test_a_question_without_a_known_word_breaks_no_baseline(search: Search, question: str) -> None:
    """Such questions are in the list too."""
    for rank in (plain_bm25(search.index), dense_alone(search.index, search.encoder)):
        assert set(rank(question)) <= {procedure.code for procedure in PROCEDURES}


def test_the_encoder_alone_compares_with_titles(search: Search) -> None:
    """No keywords, no aliases, no attributes: ten procedures, the nearest title first."""
    rank = dense_alone(search.index, CountingEncoder())
    ranked = rank(READING_CARD.title)

    assert ranked[0] == READING_CARD.code
    assert len(ranked) == len(set(ranked)) == DEPTH


def test_the_real_search_is_measured_beside_both(search: Search) -> None:
    """Questions without marks, in words that no title holds: only ours finds them."""
    baselines = {"plain BM25": plain_bm25(search.index), "encoder alone": dense_alone(search.index, search.encoder)}
    asked = [case("xin the thu vien xa", READING), case("mat the muon sach xin lai", LOST)]
    report = evaluate(search, JUDGE, asked, baselines)

    assert report.ranks["ours"]["all"].r1 == 1.0
    assert report.ranks["plain BM25"]["all"].r1 == 0.0
    assert set(report.ranks) == {"ours", *baselines}


def test_the_report_is_read_by_people(report: Report) -> None:
    """A row a method and kind, every outcome, every miss with its rank."""
    text = "\n".join(report_lines(report))

    assert "ours, all                   7   0.571   0.714   0.714   0.643" in text
    for words in ("kết cục đúng", "hỏi lại không cần", "trả lời sai thủ tục", "nói không có dù có", "ngoài phạm vi"):
        assert words in text
    assert "0.500" in text and "0.333" in text and "câu trượt (misses): 3" in text
    assert f"  mat the\n      cần {LOST}; ra {READING}; hạng 2" in text
    assert f"  nuoi ong\n      cần {BEES}; ra {READING}; hạng ngoài 10" in text


def test_the_report_can_be_written_as_json(report: Report) -> None:
    """`python -m knowledge evaluate --json` keeps it for the next comparison."""
    plain = json.loads(json.dumps(report.plain(), ensure_ascii=False))

    assert plain["outcomes"]["right"] == 0.5
    assert plain["ranks"]["ours"]["typo"]["n"] == 1
    assert plain["misses"][0] == {"question": "mat the", "wanted": [LOST], "found": READING, "rank": 2}
