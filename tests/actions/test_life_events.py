"""Life events: the procedures in a family's order."""

from __future__ import annotations

from actions.life_events import MAX_BUTTONS, LifeEventAction
from actions.procedures import AnswerAction
from knowledge.model import LifeEvent, LifeEventStep
from tests.actions.builders import BIRTH, DEATH, FakeSearch, as_search, make_finder, make_message, run

GONE = "1.000001"
BABY = LifeEvent(
    "co_con",
    "Nhà có em bé",
    ("mới sinh con",),
    (LifeEventStep(BIRTH, "trong 60 ngày"), LifeEventStep(GONE, "không còn"), LifeEventStep(DEATH, "nếu", True)),
)


def action(score: float = 1.5) -> LifeEventAction:
    search = FakeSearch({"mới sinh con": ((BIRTH, 0.9),)}, events={"mới sinh con": (BABY, score)})
    return LifeEventAction(as_search(search), AnswerAction(make_finder(search)))


async def test_the_steps_stand_in_order_with_their_reason() -> None:
    """The first thing to do is the first line; a procedure gone from the catalogue is left out."""
    said = await run(action(), make_message("mới sinh con", "life_event"))

    assert said.responses == ["utter_life_event"]
    assert said.messages[0]["title"] == "nhà có em bé"
    assert said.messages[0]["steps"].splitlines() == [
        "1. Đăng ký khai sinh: trong 60 ngày",
        "2. Đăng ký khai tử: nếu (nếu cần)",
    ]
    assert said.turn["outcome"] == "life_event_shown"
    assert said.turn["procedure_codes"] == [BIRTH, DEATH] and said.turn["procedure_code"] is None


async def test_each_step_can_be_chosen_by_button_or_number() -> None:
    """The list is an offer like any other."""
    said = await run(action(), make_message("mới sinh con", "life_event"))

    assert said.buttons == ["Đăng ký khai sinh", "Đăng ký khai tử"]
    assert len(said.buttons) <= MAX_BUTTONS
    assert said.slots["candidates"] == [BIRTH, DEATH]


async def test_a_button_names_the_event() -> None:
    """The front page links to events by name; the text is not searched."""
    message = make_message("/life_event", "life_event", life_event="co_con")

    assert (await run(action(), message)).responses == ["utter_life_event"]


async def test_without_a_fitting_event_procedures_are_searched() -> None:
    """A guess of the classifier must not end the talk."""
    said = await run(action(score=0.2), make_message("mới sinh con", "life_event"))

    assert said.turn["outcome"] == "answered"
