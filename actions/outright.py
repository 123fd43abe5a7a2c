"""A procedure that is named outright is answered, whatever else a message sounds like."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.following import PENDING
from actions.procedures import AnswerAction
from actions.subject import SubjectFinder

#: Shorter messages ("thôi không làm nữa") are taken for what they sound like.
MIN_SYLLABLES = 6
#: While one of these slots is filled something was asked, and the message is taken as the reply it sounds like.
OPEN_QUESTIONS = (PENDING, "candidates")


class UnlessNamedOutright(Action):
    """Another action, unless the search is all but certain of a procedure: then that is answered.

    "Không lấy phần thừa kế, viết giấy từ chối" sounds like a no, "nộp nhầm hồ sơ mở hộ kinh doanh, xin dừng" like
    giving up: both are names of procedures. Of sentences that are really a no, a complaint or a goodbye the search is
    hardly ever so sure.
    """

    def __init__(self, action: Action, finder: SubjectFinder, answer: AnswerAction) -> None:
        self._action = action
        self._finder = finder
        self._answer = answer

    def name(self) -> str:
        return str(self._action.name())

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        text = str(tracker.latest_message.get("text") or "")
        asked = self._answer if await self._is_named(text, tracker) else self._action
        return list(await asked.run(dispatcher, tracker, domain))

    async def _is_named(self, text: str, tracker: Tracker) -> bool:
        if tracker.active_loop_name or any(tracker.get_slot(slot) for slot in OPEN_QUESTIONS):
            return False
        if text.startswith("/") or len(text.split()) < MIN_SYLLABLES:
            return False
        return await asyncio.to_thread(self._finder.names_outright, text)
