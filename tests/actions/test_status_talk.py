"""What the last messages of a status check were: fresh digits, another application, a look-up just now."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.status_talk import are_fresh_digits, brought_a_wrong_code, just_looked_up, wants_another
from tests.actions.builders import make_message

TOKEN = "pin_0123456789ab"
DIGITS = make_message(TOKEN, "inform_pin", pin_token=TOKEN)
QUESTION = make_message("lệ phí khai sinh", "ask_fee")
CODE = make_message("H50.05-261102-0001", "inform_code", application_code="H50.05-261102-0001")


def after(*happened: dict[str, Any] | str) -> Tracker:
    """Return a tracker after messages and, by name, actions; the last message is the latest."""
    events = [
        {"event": "action", "name": one} if isinstance(one, str) else {"event": "user", "parse_data": one}
        for one in happened
    ]
    messages = [one for one in happened if not isinstance(one, str)]
    return Tracker("a-citizen", {}, messages[-1] if messages else {}, events, False, None, {}, "action_listen")


@pytest.mark.parametrize(
    ("happened", "fresh"),
    [
        ((make_message("…", pin_token=TOKEN, application_code="…"),), True),
        ((DIGITS, "application_status_form", CODE), True),
        ((DIGITS, QUESTION, CODE), False),
        ((make_message("…", pin_token="pin_ffffffffffff"), CODE), False),
        ((), False),
    ],
    ids=["with the code", "just before it", "long before it", "other digits", "no message at all"],
)
def test_digits_belong_to_the_code_of_the_same_or_the_next_message(happened: Any, fresh: bool) -> None:
    """Older ones were meant for another code: trying them would waste an attempt."""
    assert are_fresh_digits(after(*happened), TOKEN) is fresh


@pytest.mark.parametrize("text", ["tra hồ sơ khác", "cho em tra ho so khac voi", "tra mã khác giúp tôi", "coi hs khác"])
def test_another_application_is_wanted_without_its_code(text: str) -> None:
    """The form then asks for the code, not for the digits of the old one."""
    assert wants_another(after(make_message(text, "ask_status")))


@pytest.mark.parametrize(
    "message",
    [
        make_message("hồ sơ tôi nộp ở xã khác xong chưa", "ask_status"),
        make_message("tra hồ sơ khác: H50…", "ask_status", application_code="H50.05-261102-0001"),
        make_message("tra hồ sơ khác: H50…", "ask_status", application_code_problem="H50.05-26"),
        make_message("hồ sơ khác gồm giấy tờ gì", "ask_documents"),
    ],
    ids=["another commune", "its code is there", "a mistyped code is there", "a question about papers"],
)
def test_other_words_leave_the_code_as_it_is(message: dict[str, Any]) -> None:
    """Losing the code by mistake is what citizens complained of."""
    assert not wants_another(after(message))


def test_no_message_is_no_wish() -> None:
    """A conversation may begin with a button of an old one."""
    assert not wants_another(after())


def test_a_look_up_counts_for_its_own_turn_only() -> None:
    """In the next turn the form asks in full again."""
    assert just_looked_up(after(DIGITS, "application_status_form", "action_show_status"))
    assert not just_looked_up(after(DIGITS, "action_show_status", QUESTION, "action_answer"))
    assert not just_looked_up(after())


def test_a_mistyped_code_is_noticed_in_its_own_turn() -> None:
    """The sentence before has said what is wrong with it."""
    mistyped = make_message("H50.05-2611", "inform_code", application_code_problem="H50.05-2611")

    assert brought_a_wrong_code(after(mistyped))
    assert not brought_a_wrong_code(after(mistyped, QUESTION)) and not brought_a_wrong_code(after())
