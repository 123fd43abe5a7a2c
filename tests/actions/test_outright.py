"""A procedure that is named outright outranks what its words sound like."""

from __future__ import annotations

from typing import Any

import pytest

from actions.following import PENDING
from actions.outright import UnlessNamedOutright
from actions.people import SayAction
from actions.procedures import AnswerAction
from actions.services import OFTEN_MISHEARD
from actions.turn import Outcome, Turn
from tests.actions.builders import BIRTH, DEATH, FakeSearch, FakeTalk, make_finder, make_message, run, sounding_like

TURN = Turn(Outcome.SMALL_TALK)
REFUSAL = "em út không lấy phần thừa kế, viết giấy từ chối"


def action(found: dict[str, Any]) -> UnlessNamedOutright:
    finder = make_finder(FakeSearch(found))
    inner = SayAction("action_cancelled", "utter_cancelled", Turn(Outcome.SMALL_TALK))
    return UnlessNamedOutright(inner, finder, AnswerAction(finder))


async def test_a_name_of_a_procedure_is_answered() -> None:
    """It sounds like a no; it is what the paper is called."""
    said = await run(action({REFUSAL: ((BIRTH, 2.0),)}), make_message(REFUSAL, "cancel"))

    assert said.turn["outcome"] == "answered" and said.turn["procedure_code"] == BIRTH


@pytest.mark.parametrize("hits", [(), ((BIRTH, 0.9), (DEATH, 0.8))], ids=["nothing", "two alike"])
async def test_without_certainty_the_words_are_taken_as_they_sound(hits: tuple[tuple[str, float], ...]) -> None:
    """Nobody who gives up is asked which of two procedures is meant."""
    said = await run(action({REFUSAL: hits}), make_message(REFUSAL, "cancel"))

    assert said.responses == ["utter_cancelled"]


async def test_a_short_word_is_not_even_searched() -> None:
    """The search would say something about "thôi khỏi"."""
    said = await run(action({}), make_message("thôi không làm nữa", "cancel"))

    assert said.responses == ["utter_cancelled"]


@pytest.mark.parametrize("slot", [PENDING, "candidates"])
async def test_a_reply_to_an_open_question_is_a_reply(slot: str) -> None:
    """Whoever is asked for consent and says no at length has said no; the search is not even asked."""
    said = await run(action({}), make_message(REFUSAL, "deny"), {slot: ["something"]})

    assert said.responses == ["utter_cancelled"]


async def test_a_button_does_what_it_says() -> None:
    """Its payload is no sentence."""
    said = await run(action({}), make_message('/cancel{"a": "b c d e f g h"}', "cancel"))

    assert said.responses == ["utter_cancelled"]


def test_the_name_is_that_of_the_action_inside() -> None:
    """Rasa calls it by that name."""
    assert action({}).name() == "action_cancelled"


def test_every_action_named_is_one_of_the_domain() -> None:
    """A renamed action would silently lose its second look."""
    import yaml

    with open("bot/domain/domain.yml", encoding="utf8") as file:
        assert set(yaml.safe_load(file)["actions"]) >= OFTEN_MISHEARD


HALF = "xã xử mà tui không phục"


def in_talk(stays: float) -> UnlessNamedOutright:
    finder = make_finder(FakeSearch({HALF: ()}), FakeTalk({HALF: stays}))
    return UnlessNamedOutright(SayAction("action_complaint", "utter_complaint", TURN), finder, AnswerAction(finder))


@pytest.mark.parametrize(
    ("confidence", "stays", "answered"),
    [(0.8, 0.9, True), (0.99, 0.9, False), (0.8, 0.1, False)],
    ids=["about it", "surely a complaint", "about nothing of ours"],
)
async def test_a_half_sentence_is_about_what_is_talked_about(confidence: float, stays: float, answered: bool) -> None:
    """It sounds like a complaint; only one that surely is one is taken for it."""
    said = await run(in_talk(stays), sounding_like("complaint", confidence, HALF), {"procedure_code": BIRTH})

    assert ("utter_complaint" not in said.responses) is answered


async def test_outside_a_talk_the_words_are_taken_as_they_sound() -> None:
    said = await run(in_talk(0.9), sounding_like("complaint", 0.8, HALF))

    assert said.responses == ["utter_complaint"]
