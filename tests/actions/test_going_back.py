"""Which earlier procedure is meant."""

from __future__ import annotations

import pytest

from actions.going_back import earlier, goes_back, named_earlier
from actions.memory import Memory
from tests.actions.builders import BIRTH, DEATH, MARRIAGE, FakeSearch, as_search

TALK = Memory(MARRIAGE, history=(BIRTH, DEATH))


@pytest.mark.parametrize("text", ["quay lại cái đầu", "cho tôi trở lại thủ tục trước", "quay ve viec luc nay"])
def test_words_that_count_go_back(text: str) -> None:
    assert goes_back(text, "ask_procedure")


@pytest.mark.parametrize("text", ["xin trở lại quốc tịch", "kinh doanh trở lại", "quay lại khai tử"])
def test_other_words_count_nothing(text: str) -> None:
    """A shop that opens again goes back to no talk."""
    assert not goes_back(text, "ask_procedure")


def test_the_first_or_the_last_or_what_is_under_discussion() -> None:
    assert earlier("quay lại cái đầu", TALK) == BIRTH
    assert earlier("quay lại cái trước", TALK) == DEATH
    assert earlier("quay lại cái trước", Memory(MARRIAGE)) == MARRIAGE
    assert earlier("quay lại cái trước", Memory()) is None


def test_a_name_tells_which() -> None:
    """Among those talked about only: another matter is no way back."""
    search = as_search(FakeSearch({"khai sinh": ((DEATH, 0.9), (BIRTH, 0.5)), "hộ chiếu": ()}))

    assert named_earlier("thôi quay lại khai sinh", Memory(MARRIAGE, history=(BIRTH,)), search) == BIRTH
    assert named_earlier("quay lại hộ chiếu", TALK, search) is None
    assert named_earlier("quay lại khai sinh", Memory(MARRIAGE), search) is None
    assert named_earlier("khai sinh", TALK, search) is None
