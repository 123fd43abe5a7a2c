"""What the search page makes of a search's result."""

from __future__ import annotations

import pytest

from channels.web.search_filters import Wanted
from channels.web.search_page import SearchPages, SearchView
from knowledge.elsewhere import Elsewhere
from knowledge.model import LifeEvent, Procedure, Wording
from knowledge.question import QuestionReader
from knowledge.search import Search, SearchHit, SearchResult
from knowledge.verdict import Outcome
from tests.fakes.elsewhere import make_elsewhere, make_rival
from tests.fakes.tiny_search import (
    BEEKEEPING,
    FOREIGN_CARD,
    GOING_TO_SCHOOL,
    LOST_CARD,
    READING_CARD,
    FixedJudge,
    make_search,
)

INDEX = make_search().index


class FixedSearch(Search):
    """Finds what it was told."""

    def __init__(self, hits: list[SearchHit], events: list[SearchHit], elsewhere: Elsewhere | None = None) -> None:
        self.index = INDEX
        self._hits, self._events = tuple(hits), tuple(events)
        self._beside = make_rival(elsewhere) if elsewhere else None

    def find(self, text: str, limit: int = 10) -> SearchResult:
        return SearchResult(
            QuestionReader().read(text),
            self._hits[:limit],
            (),
            self._events,
            1.0,
            rival=self._beside,
        )


def hit(item: Procedure | LifeEvent, score: float, passage: str = "thẻ đọc sách") -> SearchHit:
    """Return a hit with this score."""
    return SearchHit(item, passage, score, {})


def view(
    hits: list[SearchHit],
    events: list[SearchHit] | None = None,
    outcome: Outcome = Outcome.CLEAR,
    query: str = "thẻ đọc sách",
) -> SearchView:
    """Return the page for what the search found."""
    return SearchPages(FixedSearch(hits, events or []), FixedJudge(outcome)).show(Wanted(query))


def shown(page: SearchView) -> list[str]:
    """Return the codes of the rows."""
    return [row.procedure.code for row in page.rows]


def test_a_clear_hit_comes_before_a_lesser_life_event() -> None:
    """Who names a paper wants that paper; the family's list is a link below."""
    page = view([hit(READING_CARD, 5.0)], [hit(GOING_TO_SCHOOL, 4.5)])
    assert page.rows[0].clear
    assert [shown_event.event.name for shown_event in page.events] == ["di_hoc"]
    assert not page.events_first


def test_a_life_event_that_fits_better_comes_first() -> None:
    """A new child in the house is no question about one paper."""
    assert view([hit(READING_CARD, 5.0)], [hit(GOING_TO_SCHOOL, 5.5)]).events_first


@pytest.mark.parametrize("outcome", [Outcome.AMBIGUOUS, Outcome.NOTHING])
def test_a_life_event_comes_first_when_no_procedure_is_clear(outcome: Outcome) -> None:
    """It may be what was meant."""
    page = view([hit(READING_CARD, 5.0)], [hit(GOING_TO_SCHOOL, 4.5)], outcome)
    assert page.events_first
    assert not page.nearest


@pytest.mark.parametrize(
    ("score", "passage"), [(3.0, "thẻ đọc sách"), (9.0, "con vào lớp một"), (9.0, "thẻ của trẻ em tới trường")]
)
def test_a_life_event_needs_score_and_words(score: float, passage: str) -> None:
    """The price of gold is not about the old (già) in the family, however near the vectors are."""
    assert view([hit(READING_CARD, 5.0)], [hit(GOING_TO_SCHOOL, score, passage)]).events == ()


def test_the_tail_of_a_search_is_left_out() -> None:
    """One word in common is no match."""
    page = view(
        [
            hit(READING_CARD, 5.0),
            hit(LOST_CARD, 3.6, "mất giấy tờ"),
            hit(FOREIGN_CARD, 2.9),
            hit(BEEKEEPING, 2.9, "đọc"),
        ]
    )
    assert shown(page) == [READING_CARD.code, LOST_CARD.code, FOREIGN_CARD.code]


def test_a_name_is_told_from_what_people_say() -> None:
    """The reason for a hit is part of the hit."""
    page = view([hit(READING_CARD, 5.0, READING_CARD.title), hit(LOST_CARD, 4.9, "làm lại thẻ đọc sách")])
    assert [row.wording for row in page.rows] == [Wording.NAME, Wording.CALLED]
    assert [piece.text for piece in page.rows[1].why if piece.marked] == ["thẻ đọc sách"]


def test_nothing_found_at_all_is_an_empty_page() -> None:
    """An index of words that the query lacks."""
    page = view([], outcome=Outcome.NOTHING, query="xyz")
    assert page.rows == ()
    assert page.events == ()
    assert page.nearest


def test_another_offices_procedure_is_named_above_what_is_nearest() -> None:
    licence = make_elsewhere()
    search = FixedSearch([hit(READING_CARD, 0.2)], [], licence)
    page = SearchPages(search, FixedJudge(Outcome.NOTHING)).show(Wanted("bằng lái hết hạn"))

    assert page.elsewhere == licence and page.nearest
