"""A search whose index is replaced while it is at work: nobody sees half of one and half of the other."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from channels.live_search import LiveSearch, Renewed
from channels.staff.lookup import Lookup
from channels.web.search_filters import Wanted
from channels.web.twins import Twins
from knowledge.search import Search
from knowledge.verdict import Judge
from tests.fakes.tiny_search import PROCEDURES, READING_CARD, make_procedure, make_search

TAUGHT = "lấy thẻ coi sách"


def look_up(search: Search) -> Lookup:
    return Lookup(search, Judge.load())


@pytest.fixture(scope="module")
def before() -> Search:
    return make_search()


@pytest.fixture(scope="module")
def after() -> Search:
    """One more name for a procedure, and one more procedure."""
    taught = replace(READING_CARD, also_called=(*READING_CARD.also_called, TAUGHT))
    return make_search((taught, *PROCEDURES[1:], make_procedure("1.000009", "Cho thuê thuyền thúng")))


def test_a_replaced_index_answers_the_next_question(before: Search, after: Search) -> None:
    """What was taught works without a restart."""
    live = LiveSearch(before)
    live.replace(after)

    assert live.find(TAUGHT).hits[0].procedure.code == READING_CARD.code
    assert live.find(TAUGHT).hits[0].passage == TAUGHT
    assert live.index.fingerprint == after.index.fingerprint != before.index.fingerprint


def test_whoever_holds_the_catalogue_has_the_new_one(before: Search, after: Search) -> None:
    """Pages, actions and papers were handed the catalogue at the start."""
    live = LiveSearch(before)
    catalogue, procedures = live.index.catalogue, live.index.catalogue.procedures
    assert catalogue.get("1.000009") is None
    live.replace(after)

    assert catalogue.get("1.000009") is not None and "1.000009" in procedures
    assert len(catalogue) == len(list(catalogue)) == len(procedures) == len(before.index.catalogue) + 1
    assert TAUGHT in catalogue.procedures[READING_CARD.code].also_called
    assert list(catalogue.life_events) == list(after.index.catalogue.life_events)


def test_what_is_derived_is_ready_before_the_index_is(before: Search, after: Search) -> None:
    """The look-up as you type holds its own tables; it must never meet a code that it does not know."""
    live = LiveSearch(before)
    lookups = Renewed(live, look_up)
    twins = Twins(live.index.catalogue)
    live.on_replace(lambda new: twins.prepare(new.index.catalogue))
    first = lookups.now
    live.replace(after)

    assert lookups.now is not first
    assert lookups.now.find(Wanted.read({"q": "thuyền thúng"})).rows[0].procedure.code == "1.000009"
    assert first.find(Wanted.read({"q": "thuyền nan"})).rows
    assert twins.of(after.index.catalogue.procedures[READING_CARD.code])


def test_a_fault_in_what_is_derived_leaves_all_as_it_was(before: Search, after: Search) -> None:
    """Either everything goes over or nothing."""
    live = LiveSearch(before)
    lookups = Renewed(live, look_up)
    first = lookups.now

    def break_down(search: Search) -> None:
        raise ValueError("no twins today")

    live.on_replace(break_down)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="twins"):
        live.replace(after)
    assert live.current is before and lookups.now is first


def test_questions_under_way_are_answered_while_the_index_changes(before: Search, after: Search) -> None:
    """Replaced forty times beside four askers: no error, and every answer is of one of the two."""
    live = LiveSearch(before)
    stop, faults = threading.Event(), []

    def ask() -> None:
        while not stop.is_set():
            try:
                assert live.find("thẻ đọc sách").hits
                assert len(list(live.index.catalogue)) in (len(before.index.catalogue), len(after.index.catalogue))
            except Exception as error:
                faults.append(error)

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    for number in range(40):
        live.replace(after if number % 2 == 0 else before)
    stop.set()
    for asker in askers:
        asker.join()

    assert faults == []


def test_a_plain_search_needs_no_replacing(before: Search) -> None:
    """Tests and tools hand in searches that stay what they are."""
    assert Renewed(before, look_up).now.fields
