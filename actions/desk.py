"""Reaching a clerk (gặp cán bộ): what the desk tells about a wish, and the actions that pass one on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import wording
from actions.turn import Button, Outcome, Speaker, Turn

#: The desk itself hears this payload before the dialogue does: it ends the waiting, or the talk with a clerk.
LEAVE = Button("Thôi, không chờ cán bộ", "/leave_desk")


class Reach(Enum):
    """What became of the wish to speak to a person."""

    NOBODY = "nobody"  # no clerk has an account: nothing may be promised
    QUEUED = "queued"
    WAITING = "waiting"  # asked before; the place is kept
    WITH_OFFICER = "with_officer"
    CLOSED = "closed"  # outside working hours; the wish is kept all the same


@dataclass(frozen=True)
class Place:
    """Where somebody stands who wants a person.

    ahead: how many were there before.  opens_at: when the desk opens, while it is closed.
    """

    reach: Reach
    ahead: int = 0
    opens_at: datetime | None = None


class Desk(Protocol):
    """The staff desk, as the dialogue sees it."""

    async def ask(self, conversation: str, words: str) -> Place:
        """Put a conversation into the queue, unless nobody works there."""
        ...

    async def complain(self, conversation: str, words: str) -> bool:
        """Pass a complaint on; False when nobody works there."""
        ...


class NoDesk:
    """`Desk` of an installation where nobody has an account."""

    async def ask(self, conversation: str, words: str) -> Place:
        """Tell that there is nobody."""
        return Place(Reach.NOBODY)

    async def complain(self, conversation: str, words: str) -> bool:
        """Tell that nobody will read it."""
        return False


def sentence_of(place: Place) -> tuple[str, dict[str, str]]:
    """Return the response that tells of a place, and its values."""
    if place.reach is Reach.CLOSED:
        if place.opens_at is None:
            return "utter_handover_outside_hours_open", {}
        return "utter_handover_outside_hours", {"opens": wording.opening(place.opens_at)}
    if place.reach is Reach.QUEUED and place.ahead:
        return "utter_handover_behind", {"ahead": str(place.ahead)}
    names = {
        Reach.NOBODY: "utter_handover_unavailable",
        Reach.QUEUED: "utter_handover",
        Reach.WAITING: "utter_handover_again",
        Reach.WITH_OFFICER: "utter_handover_with_officer",
    }
    return names[place.reach], {}


def outcome_of(place: Place) -> Outcome:
    """Return how the turn ended: only somebody who will be answered by a person was handed over."""
    return Outcome.SMALL_TALK if place.reach is Reach.NOBODY else Outcome.HANDED_OVER


class HandoverAction(Action):
    """`action_handover`: puts the conversation into the clerks' queue."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def name(self) -> str:
        return "action_handover"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        place = await self._desk.ask(tracker.sender_id, _words(tracker))
        response, values = sentence_of(place)
        buttons = [] if place.reach is Reach.NOBODY else [LEAVE]
        Speaker(dispatcher).close(response, Turn(outcome_of(place)), buttons, **values)
        return []


class ComplaintAction(Action):
    """`action_complaint`: passes a complaint on to the clerks, or says where one is heard."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def name(self) -> str:
        return "action_complaint"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        is_kept = await self._desk.complain(tracker.sender_id, _words(tracker))
        response = "utter_complaint" if is_kept else "utter_complaint_unavailable"
        Speaker(dispatcher).close(response, Turn(Outcome.SMALL_TALK))
        return []


def desk_actions(desk: Desk) -> list[Action]:
    """Return the actions that lead to the desk."""
    return [HandoverAction(desk), ComplaintAction(desk)]


def _words(tracker: Tracker) -> str:
    """Return the masked words that led here; a button says nothing of its own."""
    words = str((tracker.latest_message or {}).get("text") or "")
    return "" if words.startswith("/") else words
