"""Reaching a person, complaints, thumbs, deleting one's data."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Outcome, Speaker, Turn


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


class FeedbackAction(Action):
    """`action_feedback`: thanks for a thumb up, says sorry for a thumb down."""

    def name(self) -> str:
        return "action_feedback"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        value = next(tracker.get_latest_entity_values("value"), "up")
        response = "utter_feedback_down" if value == "down" else "utter_feedback_up"
        Speaker(dispatcher).close(response, Turn(Outcome.SMALL_TALK))
        return []


def people_actions() -> list[Action]:
    """Return the actions that need no service of their own.

    There is no staff desk yet: asking for a person is answered honestly (step 6 of the plan brings the desk).
    """
    talk = Turn(Outcome.SMALL_TALK)
    return [
        SayAction("action_handover", "utter_handover_unavailable", Turn(Outcome.HANDED_OVER)),
        SayAction("action_complaint", "utter_complaint_unavailable", talk),
        SayAction("action_delete_my_data", "utter_data_deleted", Turn(Outcome.SMALL_TALK, forget=True)),
        FeedbackAction(),
    ]
