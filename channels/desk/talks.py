"""What a clerk does with a conversation: takes it, writes, forwards it, gives it back, closes it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from channels.desk.errors import NotYours, TakenAlready
from channels.desk.masking import mask_officer
from channels.desk.queue import Bell
from channels.desk.sentences import DeskSentences, everywhere
from channels.store.desk import Tickets
from channels.store.moments import utc_now
from channels.store.outbox import Outbox
from channels.store.tickets import Ended, Holder, Said, Ticket
from channels.store.transcripts import Who

_ENDINGS = {
    Ended.MACHINE: ("utter_handover_ended", "trả về máy"),
    Ended.SETTLED: ("utter_handover_settled", "kết thúc trao đổi"),
}


class Talks:
    """Every change and what the citizen is told of it happen together or not at all."""

    def __init__(
        self,
        tickets: Tickets,
        outbox: Outbox,
        sentences: DeskSentences,
        bell: Bell,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._tickets = tickets
        self._outbox = outbox
        self._sentences = sentences
        self._bell = bell
        self._now = now

    async def take(self, ticket: Ticket, holder: Holder, held_by: int | None = None) -> None:
        """Take a conversation: from here on the machine is silent.

        held_by: the colleague to take it away from, who left its citizen without an answer.

        Raises:
            TakenAlready: another clerk was faster, or it is over.
        """
        if held_by is not None and (held_by == holder.account_id or not ticket.is_unanswered):
            raise TakenAlready
        said = Said(
            Who.DESK,
            f"{holder.full_name} nhận trao đổi.",
            uuid4().hex,
            everywhere(self._sentences.reply("utter_handover_taken")) if held_by is None else None,
        )
        done = await asyncio.to_thread(self._tickets.take, ticket.id, holder, self._now(), said, held_by)
        await self._after(done, ticket, TakenAlready)

    async def write(self, ticket: Ticket, holder: Holder, text: str, message_id: str) -> None:
        """Send a clerk's words to the citizen, on whatever channel; under the same message id once.

        Raises:
            NotYours: the conversation is not this clerk's (any more).
        """
        said = Said(
            Who.OFFICER,
            mask_officer(text),
            f"desk:{ticket.id}:{message_id}",
            self._sentences.officer_says(text),
            "handed_over",
            holder.full_name[:64],
        )
        done = await asyncio.to_thread(self._tickets.write, ticket.id, holder, self._now(), said)
        await self._after(done, ticket, NotYours, "line")

    async def forward(self, ticket: Ticket, holder: Holder, field: str | None, wanted: Holder | None) -> None:
        """Put a conversation back into the queue, for a field or a colleague.

        Raises:
            NotYours: the conversation is not this clerk's (any more).
        """
        whom = wanted.full_name if wanted else f"lĩnh vực {field}" if field else "cán bộ khác"
        told = everywhere(self._sentences.reply("utter_handover_forwarded"))
        said = Said(Who.DESK, f"{holder.full_name} chuyển cho {whom}.", uuid4().hex, told)
        done = await asyncio.to_thread(self._tickets.forward, ticket.id, holder, self._now(), said, field, wanted)
        await self._after(done, ticket, NotYours, "new")

    async def end(self, ticket: Ticket, holder: Holder, how: Ended) -> None:
        """Give a conversation back to the machine, or close it as settled.

        Raises:
            NotYours: the conversation is not this clerk's (any more).
        """
        response, did = _ENDINGS[how]
        told = everywhere(self._sentences.reply(response))
        said = Said(Who.DESK, f"{holder.full_name} {did}.", uuid4().hex, told, "small_talk")
        done = await asyncio.to_thread(self._tickets.close, ticket.id, how, self._now(), said, holder)
        await self._after(done, ticket, NotYours)

    async def seen(self, ticket: Ticket, holder: Holder) -> None:
        """Note that its clerk has read what the citizen wrote."""
        await asyncio.to_thread(self._tickets.seen, ticket.id, holder, self._now())

    async def _after(self, done: bool, ticket: Ticket, refusal: type[Exception], what: str = "change") -> None:
        if not done:
            raise refusal
        self._outbox.news.set()
        await self._bell.ring(what, ticket.id)
