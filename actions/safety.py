"""Danger and secrets come first; a question about papers told in such words is still answered afterwards."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.procedures import AnswerAction, memory_of
from actions.subject import Reason, SubjectFinder
from actions.turn import Outcome, Speaker, Turn

#: From here on nothing but the words of safety, unless a procedure is named outright: "cháy nhà rồi" is no question.
NO_DOUBT = 0.8


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
        Speaker(dispatcher).close(self._response, Turn(Outcome.OUT_OF_SCOPE))
        message = tracker.latest_message
        certain = float((message.get("intent") or {}).get("confidence") or 0.0) >= NO_DOUBT
        if certain and not await asyncio.to_thread(self._finder.names_outright, str(message.get("text") or "")):
            return []
        subject = await asyncio.to_thread(self._finder.find, message, memory_of(tracker))
        if subject.reason not in (Reason.NAMED, Reason.UNSURE):
            return []
        return await self._answer.run(dispatcher, tracker, domain)
