"""What a turn tells the channel."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Button, Outcome, Speaker, Turn, portal_link
from tests.actions.builders import make_procedure

CONTRACT = {
    "answered",
    "life_event_shown",
    "asked_back",
    "nothing_found",
    "out_of_scope",
    "small_talk",
    "status_asked",
    "status_shown",
    "status_refused",
    "one_stop_unavailable",
    "handed_over",
    "failed",
}


def test_the_outcomes_are_those_of_the_contract() -> None:
    """Channels and statistics count on these names."""
    assert {outcome.value for outcome in Outcome} == CONTRACT


def test_a_turn_is_plain_data() -> None:
    """It travels to rasa and back as JSON."""
    turn = Turn(Outcome.ASKED_BACK, None, (), ("1.1", "1.2"), (("Trang", "https://dichvucong.gov.vn/"),))

    assert turn.plain() == {
        "outcome": "asked_back",
        "procedure_code": None,
        "procedure_codes": [],
        "candidates": ["1.1", "1.2"],
        "links": [{"title": "Trang", "url": "https://dichvucong.gov.vn/"}],
    }


def test_only_the_last_message_carries_the_turn() -> None:
    """One turn, one outcome."""
    dispatcher = CollectingDispatcher()
    speak = Speaker(dispatcher)
    speak.say("utter_fee", fee="miễn phí")
    speak.close("utter_source", Turn(Outcome.ANSWERED), [Button("Lệ phí", "/ask_fee")], code="1.1")

    first, last = dispatcher.messages
    assert first["response"] == "utter_fee" and first["fee"] == "miễn phí" and first["custom"] == {}
    assert last["custom"]["turn"]["outcome"] == "answered"
    assert last["buttons"] == [{"title": "Lệ phí", "payload": "/ask_fee"}]


def test_the_portal_link_carries_the_code() -> None:
    """The source is one tap away, on the national portal."""
    title, url = portal_link(make_procedure("1.001193"))

    assert url.startswith("https://dichvucong.gov.vn/") and url.endswith("ma_thu_tuc=1.001193")
    assert title
