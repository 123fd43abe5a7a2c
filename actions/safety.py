"""Danger and secrets come first; a question about papers told in such words is still answered afterwards."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.memory import Reason, memory_of
from actions.procedures import AnswerAction
from actions.subject import SubjectFinder
from actions.turn import Outcome, Speaker, Turn

#: From here on nothing but the words of safety, unless a procedure is named outright: "cháy nhà rồi" is no question.
NO_DOUBT = 0.8
#: Below this, what goes on about a procedure under discussion is no cry for help ("con tui gãy tay ba bữa trước").
MUCH_DOUBT = 0.5


class SafetyFirstAction(Action):
    """`action_emergency` and `action_scam_or_secret`: the words of safety, then what was asked beside.

    "Chồng em bị rơi giàn giáo gãy tay, hưởng chế độ tai nạn lao động ra răng" names an accident and asks for a
    procedure: both are said. Where the search knows no procedure the words of safety stand alone.
    """

    def __init__(self, name: str, response: str, finder: SubjectFinder, answer: AnswerAction) -> None:
        self._name = name
        self._response = response
        self._finder = finder
        self._answer = answer

    def name(self) -> str:
        return self._name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        message = tracker.latest_message
        certainty = float((message.get("intent") or {}).get("confidence") or 0.0)
        subject = None
        if certainty < NO_DOUBT or await self._is_named(str(message.get("text") or "")):
            subject = await asyncio.to_thread(self._finder.find, message, memory_of(tracker))
        goes_on = subject is not None and subject.reason in (Reason.KEPT, Reason.WHAT_IF)
        if not (goes_on and certainty < MUCH_DOUBT):
            Speaker(dispatcher).close(self._response, Turn(Outcome.OUT_OF_SCOPE))
        if subject is None or not subject.tells_something:
            return []
        return list(await self._answer.run(dispatcher, tracker, domain))

    async def _is_named(self, text: str) -> bool:
        return await asyncio.to_thread(self._finder.names_outright, text)
