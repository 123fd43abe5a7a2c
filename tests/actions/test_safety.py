"""Danger and secrets first, and what was asked beside is not lost."""

from __future__ import annotations

from typing import Any

import pytest

from actions.procedures import AnswerAction
from actions.safety import SafetyFirstAction
from tests.actions.builders import BIRTH, DEATH, FakeSearch, FakeTalk, make_finder, make_message, run

ACCIDENT = "chồng em rơi giàn giáo gãy tay, hưởng chế độ ra răng"


def action(found: dict[str, Any]) -> SafetyFirstAction:
    finder = make_finder(FakeSearch(found))
    return SafetyFirstAction("action_emergency", "utter_emergency", finder, AnswerAction(finder))


def message(text: str, confidence: float) -> dict[str, Any]:
    told = make_message(text, "emergency")
    return {**told, "intent": {"name": "emergency", "confidence": confidence}}


async def test_danger_beyond_doubt_gets_the_numbers_and_nothing_else() -> None:
    """Nobody whose house burns reads about papers, however much some procedure looks like it."""
    said = await run(action({"cháy nhà rồi": ((BIRTH, 0.9), (DEATH, 0.8))}), message("cháy nhà rồi", 0.99))

    assert said.responses == ["utter_emergency"]
    assert said.turn["outcome"] == "out_of_scope"


async def test_an_accident_that_asks_for_a_benefit_gets_both() -> None:
    """The numbers come first, then the procedure, which names the turn."""
    said = await run(action({ACCIDENT: ((BIRTH, 2.0),)}), message(ACCIDENT, 0.5))

    assert said.responses[0] == "utter_emergency" and len(said.responses) > 1
    assert said.turn["outcome"] == "answered" and said.turn["procedure_code"] == BIRTH


async def test_a_procedure_named_outright_is_answered_behind_the_numbers() -> None:
    """ "Bìa đỏ cháy trong vụ cháy nhà, xin lại" is no fire, however surely it is taken for one."""
    said = await run(action({ACCIDENT: ((BIRTH, 2.0),)}), message(ACCIDENT, 0.99))

    assert said.responses[0] == "utter_emergency"
    assert said.turn["procedure_code"] == BIRTH


async def test_where_the_search_knows_nothing_safety_stands_alone() -> None:
    """No "I found nothing" behind the emergency numbers."""
    said = await run(action({ACCIDENT: ()}), message(ACCIDENT, 0.5))

    assert said.responses == ["utter_emergency"]


@pytest.mark.parametrize("name", ["action_emergency", "action_scam_or_secret"])
def test_both_are_among_the_actions_of_the_domain(name: str) -> None:
    """An action that the app does not know leaves the citizen without an answer."""
    import yaml

    with open("bot/domain/domain.yml", encoding="utf8") as file:
        assert name in yaml.safe_load(file)["actions"]


LOST = "miếng này đang đứng tên ông nội"


@pytest.mark.parametrize(("confidence", "numbers"), [(0.45, False), (0.7, True)])
async def test_in_a_talk_half_a_doubt_is_no_cry_for_help(confidence: float, numbers: bool) -> None:
    """What goes on about a deed is answered about it; the numbers only where it may well be danger."""
    finder = make_finder(FakeSearch({LOST: ()}), FakeTalk({LOST: 0.9}))
    action = SafetyFirstAction("action_emergency", "utter_emergency", finder, AnswerAction(finder))
    said = await run(action, message(LOST, confidence), {"procedure_code": BIRTH})

    assert ("utter_emergency" in said.responses) is numbers
    assert said.turn["procedure_code"] == BIRTH
