"""Reaching a person, complaints, thumbs, following an application, deleting one's data."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Outcome, Speaker, Turn


class SayAction(Action):
    """An action that utters one template and ends the turn."""

    def __init__(self, name: str, response: str, outcome: Outcome, events: tuple[EventType, ...] = ()) -> None:
        self._name = name
        self._response = response
        self._outcome = outcome
        self._events = events

    def name(self) -> str:
        return self._name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        Speaker(dispatcher).close(self._response, Turn(self._outcome))
        return list(self._events)


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
    return [
        SayAction("action_handover", "utter_handover_unavailable", Outcome.HANDED_OVER),
        SayAction("action_complaint", "utter_complaint_unavailable", Outcome.SMALL_TALK),
        SayAction("action_follow", "utter_follow_unavailable", Outcome.SMALL_TALK),
        SayAction("action_unfollow", "utter_nothing_followed", Outcome.SMALL_TALK),
        SayAction("action_delete_my_data", "utter_data_deleted", Outcome.SMALL_TALK, (AllSlotsReset(),)),
        FeedbackAction(),
    ]
