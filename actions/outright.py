"""A procedure that is named outright, or talked about, is answered, whatever else a message sounds like."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.corrections import what_is_meant
from actions.following import PENDING
from actions.memory import memory_of
from actions.procedures import AnswerAction
from actions.subject import SURE_IN_TALK, SubjectFinder

#: Shorter messages ("thôi không làm nữa") are taken for what they sound like.
MIN_SYLLABLES = 6


class UnlessNamedOutright(Action):
    """Another action, unless a message is about a procedure: the search is all but certain of one, or it is a talk.

    "Không lấy phần thừa kế, viết giấy từ chối" sounds like a no, "nộp nhầm hồ sơ mở hộ kinh doanh, xin dừng" like
    giving up: both are names of procedures. Of sentences that are really a no, a complaint or a goodbye the search is
    hardly ever so sure. In a talk about a procedure people say half sentences ("xã xử mà tui không phục"): there the
    words must sound surely like a no or a complaint to be taken for one.
    """

    def __init__(self, action: Action, finder: SubjectFinder, answer: AnswerAction) -> None:
        self._action = action
        self._finder = finder
        self._answer = answer

    def name(self) -> str:
        return str(self._action.name())

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        asked = self._answer if await self._is_asked(tracker) else self._action
        return list(await asked.run(dispatcher, tracker, domain))

    async def _is_asked(self, tracker: Tracker) -> bool:
        message = tracker.latest_message
        text = str(message.get("text") or "")
        if tracker.active_loop_name or tracker.get_slot(PENDING) or text.startswith("/"):
            return False
        memory = memory_of(tracker)
        in_doubt = float((message.get("intent") or {}).get("confidence") or 1.0) < SURE_IN_TALK
        if memory.is_talk and (in_doubt or what_is_meant(text) != text):
            subject = await asyncio.to_thread(self._finder.find, message, memory)
            return subject.tells_something
        if memory.candidates or len(text.split()) < MIN_SYLLABLES:
            return False
        return await asyncio.to_thread(self._finder.names_outright, text)
