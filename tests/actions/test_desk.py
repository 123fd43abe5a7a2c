"""Asking for a person: what is said follows from what is true."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from actions.desk import ComplaintAction, HandoverAction, NoDesk, Place, Reach, sentence_of
from tests.actions.builders import make_message, run

VIETNAM = timezone(timedelta(hours=7))
MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=VIETNAM)


class FakeDesk:
    """Gives everybody the same place and remembers who asked."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.asked: list[tuple[str, str]] = []

    async def ask(self, conversation: str, words: str) -> Place:
        self.asked.append((conversation, words))
        return self.place

    async def complain(self, conversation: str, words: str) -> bool:
        self.asked.append((conversation, words))
        return True


@pytest.mark.parametrize(
    ("place", "response"),
    [
        (Place(Reach.QUEUED), "utter_handover"),
        (Place(Reach.QUEUED, ahead=2), "utter_handover_behind"),
        (Place(Reach.WAITING), "utter_handover_again"),
        (Place(Reach.WITH_OFFICER), "utter_handover_with_officer"),
        (Place(Reach.CLOSED, opens_at=MONDAY), "utter_handover_outside_hours"),
        (Place(Reach.CLOSED), "utter_handover_outside_hours_open"),
    ],
)
async def test_who_will_be_answered_by_a_person_is_handed_over(place: Place, response: str) -> None:
    """And can leave again by a button."""
    desk = FakeDesk(place)
    said = await run(HandoverAction(desk), make_message("cho tôi gặp cán bộ", "handover"))

    assert said.responses == [response]
    assert said.turn["outcome"] == "handed_over"
    assert said.messages[-1]["buttons"][0]["payload"] == "/leave_desk"
    assert desk.asked == [("a-citizen", "cho tôi gặp cán bộ")]


async def test_where_nobody_works_nothing_is_promised() -> None:
    """A hand-over to nobody is the worst answer of all."""
    said = await run(HandoverAction(NoDesk()), make_message("/handover", "handover"))

    assert said.responses == ["utter_handover_unavailable"]
    assert said.turn["outcome"] == "small_talk" and said.buttons == []


async def test_a_button_says_no_words_of_its_own() -> None:
    """A clerk must not read a payload."""
    desk = FakeDesk(Place(Reach.QUEUED))
    await run(HandoverAction(desk), make_message("/handover", "handover"))

    assert desk.asked == [("a-citizen", "")]


def test_the_opening_is_told_with_weekday_and_date() -> None:
    """ "Tomorrow" read tomorrow is wrong."""
    _, values = sentence_of(Place(Reach.CLOSED, opens_at=MONDAY))

    assert values == {"opens": "7:30 thứ Hai, ngày 23/11/2026"}


@pytest.mark.parametrize(
    ("desk", "response"),
    [(FakeDesk(Place(Reach.QUEUED)), "utter_complaint"), (NoDesk(), "utter_complaint_unavailable")],
)
async def test_a_complaint_is_taken_where_somebody_reads_it(desk: FakeDesk | NoDesk, response: str) -> None:
    """Elsewhere the citizen is told where complaints must be answered."""
    said = await run(ComplaintAction(desk), make_message("cán bộ hách dịch", "complaint"))

    assert said.responses == [response] and said.turn["outcome"] == "small_talk"
