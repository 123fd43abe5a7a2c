"""Replies in words to "which of these?"."""

from __future__ import annotations

from typing import cast

from actions.bearing import BearingModel
from actions.talk import Talk
from knowledge.search import Search
from knowledge.verdict import Judge
from tests.actions.builders import BIRTH, DEATH, MARRIAGE, FakeJudge, FakeSearch

OFFERED = (BIRTH, DEATH)


def talk(search: FakeSearch) -> Talk:
    return Talk(cast(Search, search), cast(Judge, FakeJudge()), BearingModel(0.0, {}))


def test_words_that_fit_one_of_the_offered_choose_it() -> None:
    search = FakeSearch({"người chết": ((DEATH, 4.0), (BIRTH, 1.0)), "khai người chết": ((DEATH, 5.0), (BIRTH, 3.0))})

    assert talk(search).reply("người chết", "khai", OFFERED).chosen == DEATH


def test_words_that_only_the_first_question_settles_choose_nothing() -> None:
    """ "rồi sau đó" chose whatever the question had found first."""
    search = FakeSearch({"rồi sau đó": ((DEATH, 1.0), (BIRTH, 1.0)), "khai rồi sau đó": ((BIRTH, 9.0), (DEATH, 3.0))})

    assert talk(search).reply("rồi sau đó", "khai", OFFERED).chosen is None


def test_another_matter_far_ahead_is_another_matter() -> None:
    """An offer binds nobody."""
    search = FakeSearch({"cưới": ((MARRIAGE, 8.0), (BIRTH, 1.0)), "khai cưới": ((MARRIAGE, 6.0), (BIRTH, 5.0))})
    reply = talk(search).reply("cưới", "khai", OFFERED)

    assert reply.chosen is None and reply.clear
    assert [hit.procedure.code for hit in reply.others] == [MARRIAGE]


def test_what_is_near_to_nothing_is_no_other_matter() -> None:
    search = FakeSearch({"cái mô cũng được": ((MARRIAGE, 0.1),), "khai cái mô cũng được": ((BIRTH, 5.0), (DEATH, 5.0))})
    reply = talk(search).reply("cái mô cũng được", "khai", OFFERED)

    assert (reply.chosen, reply.others) == (None, ())
