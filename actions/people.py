"""Thumbs and deleting one's data."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Button, Outcome, Speaker, Turn


class SayAction(Action):
    """An action that utters one template and ends the turn."""

    def __init__(self, name: str, response: str, turn: Turn) -> None:
        self._name = name
        self._response = response
        self._turn = turn

    def name(self) -> str:
        return self._name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        Speaker(dispatcher).close(self._response, self._turn)
        return []


#: Why an answer was no help: what the button says → the reason that is kept (channels/feedback.py).
REASONS = {
    "Sai hoặc đã cũ": "wrong",
    "Không đúng việc tôi hỏi": "other_procedure",
    "Thiếu điều tôi cần": "missing",
    "Lý do khác": "other",
}


class FeedbackAction(Action):
    """`action_feedback`: thanks for a thumb up, asks why after a thumb down, thanks for the reason."""

    def name(self) -> str:
        return "action_feedback"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        value = next(tracker.get_latest_entity_values("value"), "up")
        reason = next(tracker.get_latest_entity_values("reason"), None)
        speak, turn = Speaker(dispatcher), Turn(Outcome.SMALL_TALK)
        if value != "down":
            speak.close("utter_feedback_up", turn)
        elif reason == "other":
            speak.close("utter_feedback_write", turn, [_because("Thôi, không viết", "unsaid")])
        elif reason:
            speak.close("utter_feedback_reason_taken", turn)
        else:
            speak.close("utter_feedback_down", turn, [_because(title, name) for title, name in REASONS.items()])
        return []


def _because(title: str, reason: str) -> Button:
    return Button(title, f'/feedback{{"value":"down","reason":"{reason}"}}')


def people_actions() -> list[Action]:
    """Return the actions that need no service of their own."""
    return [
        SayAction("action_delete_my_data", "utter_data_deleted", Turn(Outcome.SMALL_TALK, forget=True)),
        SayAction("action_cancelled", "utter_cancelled", Turn(Outcome.SMALL_TALK)),
        SayAction("action_privacy", "utter_privacy", Turn(Outcome.SMALL_TALK)),
        FeedbackAction(),
    ]
