"""Keeps what is said, masked, and lets the clerks' pages know; deletes it for whoever wants to be forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from channels.desk.masking import mask_line
from channels.desk.queue import Bell
from channels.desk.sentences import HANDOVER, LEAVE_PAYLOAD, DeskSentences
from channels.hooks import Errand, Heard
from channels.messages import TurnResult
from channels.sentences import Sentences
from channels.store.desk import Tickets
from channels.store.moments import utc_now
from channels.store.transcripts import Line, Transcripts, Who

_ALWAYS_THERE = {HANDOVER: "Gặp cán bộ", LEAVE_PAYLOAD: "Thôi, không chờ cán bộ"}
#: How many of the machine's lines are searched for the button that was pressed.
_LOOK_BACK = 20


class DeskListener:
    """`TurnListener`: every turn becomes one line of the citizen and, if the machine spoke, one of the machine.

    Who was told to call for help is marked as urgent for the clerks, whether waiting or with one of them.
    """

    def __init__(
        self,
        tickets: Tickets,
        transcripts: Transcripts,
        sentences: DeskSentences,
        bell: Bell,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._tickets = tickets
        self._transcripts = transcripts
        self._sentences = sentences
        self._bell = bell
        self._now = now
        # Every conversation begins with the notice; clerks know it.
        self._notice = Sentences().say("utter_notice", days="\0").partition("\0")[0]

    def turn_ended(self, heard: Heard, result: TurnResult, took_ms: float) -> Errand | None:
        """Keep a turn."""
        in_danger = self._sentences.tells_of_emergency(result.replies)
        ticket_id = self._keep(heard, result, in_danger)
        if ticket_id is None:
            return None
        return lambda: self._bell.ring("danger" if in_danger else "line", ticket_id)

    async def forget(self, conversation: str) -> None:
        """Delete a conversation here; pages that show it empty themselves."""
        await asyncio.to_thread(self._transcripts.forget, conversation)
        for ticket_id in await asyncio.to_thread(self._tickets.forget, conversation):
            await self._bell.ring("gone", ticket_id)

    def _keep(self, heard: Heard, result: TurnResult, in_danger: bool) -> int | None:
        words = self._title_of(heard) if heard.is_payload else mask_line(heard.words)
        lines = [Line(heard.conversation, heard.channel, heard.at, Who.CITIZEN, words)]
        texts = [reply.text for reply in result.replies if not reply.text.startswith(self._notice)]
        if texts:
            text = "\n\n".join(texts)
            buttons = {button.payload: button.title for reply in result.replies for button in reply.buttons}
            outcome = result.outcome.value
            lines.append(
                Line(heard.conversation, heard.channel, heard.at, Who.MACHINE, mask_line(text), outcome, buttons)
            )
        self._transcripts.add(*lines)
        # Counted from when it can be read, not from when it came: a clerk who looked in between has not seen it.
        return self._tickets.heard(heard.conversation, self._now(), in_danger=in_danger)

    def _title_of(self, heard: Heard) -> str:
        """Return what the pressed button said."""
        if heard.words in _ALWAYS_THERE:
            return f"[{_ALWAYS_THERE[heard.words]}]"
        for line in reversed(self._transcripts.latest(heard.conversation, _LOOK_BACK, Who.MACHINE)):
            if heard.words in line.buttons:
                return f"[{line.buttons[heard.words]}]"
        return "[bấm một nút]"
