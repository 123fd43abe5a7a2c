"""Thumbs, deleting one's data."""

from __future__ import annotations

import pytest

from actions.people import REASONS, FeedbackAction, people_actions
from tests.actions.builders import make_message, run


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("action_delete_my_data", "small_talk"),
        ("action_feedback", "small_talk"),
    ],
)
async def test_each_of_them_says_something_and_ends_the_turn(name: str, outcome: str) -> None:
    """Silence is no answer."""
    (action,) = [one for one in people_actions() if one.name() == name]
    said = await run(action, make_message("…"))

    assert said.responses and said.turn["outcome"] == outcome


async def test_deleting_one_s_data_tells_the_channel_to_delete() -> None:
    """Only the channel knows everything that is kept of a conversation."""
    (action,) = [one for one in people_actions() if one.name() == "action_delete_my_data"]
    said = await run(action, make_message("xoá dữ liệu của tôi"))

    assert said.turn["forget"] is True


async def test_a_thumb_down_is_not_thanked_like_a_thumb_up() -> None:
    """Who is unhappy needs a way on."""
    up = await run(FeedbackAction(), make_message("/feedback", "feedback", value="up"))
    down = await run(FeedbackAction(), make_message("/feedback", "feedback", value="down"))

    assert (up.responses, down.responses) == (["utter_feedback_up"], ["utter_feedback_down"])


async def test_after_a_thumb_down_the_reason_is_asked_by_buttons() -> None:
    """One press tells us what to mend; nobody has to give one."""
    down = await run(FeedbackAction(), make_message("/feedback", "feedback", value="down"))
    wrong = await run(FeedbackAction(), make_message("/feedback", "feedback", value="down", reason="wrong"))
    other = await run(FeedbackAction(), make_message("/feedback", "feedback", value="down", reason="other"))

    assert down.buttons == list(REASONS)
    assert down.messages[-1]["buttons"][0]["payload"] == '/feedback{"value":"down","reason":"wrong"}'
    assert wrong.responses == ["utter_feedback_reason_taken"]
    assert other.responses == ["utter_feedback_write"]
    assert other.messages[-1]["buttons"][0]["payload"] == '/feedback{"value":"down","reason":"unsaid"}'
