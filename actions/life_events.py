"""Life events (sự kiện trong đời): from "nhà mới có em bé" to the procedures in a family's order."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.procedures import AnswerAction
from actions.turn import Button, Outcome, Speaker, Turn
from knowledge.model import LifeEvent
from knowledge.search import Search, SearchResult, held_words

MAX_BUTTONS = 9
BESIDE_PROCEDURES = 0.6
HELD_WORDS = 0.5


class LifeEventAction(Action):
    """`action_life_event`: shows the procedures of an event; without a fitting event, searches procedures."""

    def __init__(self, search: Search, otherwise: AnswerAction) -> None:
        self._search = search
        self._otherwise = otherwise

    def name(self) -> str:
        return "action_life_event"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        goes_on = await asyncio.to_thread(self._otherwise.goes_on, tracker)
        event = None if goes_on else await asyncio.to_thread(self._event_of, tracker)
        if event is None:
            return await self._otherwise.run(dispatcher, tracker, domain)
        return say_life_event(event, self._search, Speaker(dispatcher))

    def _event_of(self, tracker: Tracker) -> LifeEvent | None:
        named = next(tracker.get_latest_entity_values("life_event"), None)
        if named:
            return self._search.index.catalogue.life_events.get(str(named))
        return fitting_event(self._search.find(str(tracker.latest_message.get("text") or "")))


def fitting_event(result: SearchResult) -> LifeEvent | None:
    """Return the event that a story fits: near the best procedure's score, and saying at least half of its words."""
    if not result.life_events:
        return None
    best = result.life_events[0]
    enough = BESIDE_PROCEDURES * (result.hits[0].score if result.hits else 0.0)
    fits = best.score >= enough and held_words(best, result.question) >= HELD_WORDS
    return best.item if fits and isinstance(best.item, LifeEvent) else None


def _says_when(line: str) -> bool:
    return any(word in f" {line}" for word in (" khi ", " nếu ", " để "))


def say_life_event(event: LifeEvent, search: Search, speak: Speaker) -> list[EventType]:
    """Say an event's procedures, one line each, with a button for each of the first ones."""
    known = [(step, search.index.catalogue.get(step.code)) for step in event.steps]
    steps = [(step, procedure) for step, procedure in known if procedure is not None]
    lines = [
        f"{number}. {procedure.short_title}: {step.line}"
        + (" (nếu cần)" if step.optional and not _says_when(step.line) else "")
        for number, (step, procedure) in enumerate(steps, 1)
    ]
    buttons = [
        Button(procedure.short_title, f'/choose_procedure{{"procedure_code": "{procedure.code}"}}')
        for _, procedure in steps[:MAX_BUTTONS]
    ]
    codes = tuple(procedure.code for _, procedure in steps)
    turn = Turn(Outcome.LIFE_EVENT_SHOWN, procedure_codes=codes)
    speak.close(
        "utter_life_event", turn, buttons, title=event.title[:1].lower() + event.title[1:], steps="\n".join(lines)
    )
    return [SlotSet("candidates", list(codes)), SlotSet("pending_kinds", None), SlotSet("pending_question", None)]
