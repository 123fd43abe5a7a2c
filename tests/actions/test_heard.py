"""What was heard in a message beside its intent."""

from __future__ import annotations

from actions.heard import asks_an_office, without_kinds
from tests.actions.builders import make_message


def test_without_a_ranking_nobody_is_sure_of_an_office() -> None:
    """A button's payload has none."""
    assert not asks_an_office(make_message("khai sinh"))


def test_gossip_among_the_likely_ones_is_no_office() -> None:
    ranking = [{"name": "ask_fee", "confidence": 0.9}, {"name": "out_of_scope", "confidence": 0.09}]
    assert not asks_an_office({**make_message("khai sinh"), "intent_ranking": ranking})


def test_the_words_that_ask_a_kind_are_left_out() -> None:
    message = {**make_message("khai sinh mất mấy ngày"), "entities": [{"entity": "kind", "start": 10, "end": 22}]}
    assert without_kinds("khai sinh mất mấy ngày", message).split() == ["khai", "sinh"]
