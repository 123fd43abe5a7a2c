"""The queue of those who want a person: `Desk` of the dialogue, over the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from actions.desk import Place, Reach
from actions.turn import Outcome
from channels.desk.hours import Hours
from channels.desk.masking import mask_line
from channels.events import EventHub
from channels.store.desk import Tickets
from channels.store.moments import utc_now
from channels.store.tickets import Reason, State
from channels.store.transcripts import Transcripts, Who

#: The topic on which clerks' pages hear that something changed; events name a ticket and hold no words.
TOPIC = "staff:desk"
MISSES = frozenset({Outcome.NOTHING_FOUND.value, Outcome.OUT_OF_SCOPE.value})
_WORDS_KEPT = 300


class Bell:
    """Lets the clerks' pages know that something changed."""

    def __init__(self, hub: EventHub) -> None:
        self.hub = hub

    async def ring(self, what: str, ticket_id: int) -> None:
        """Tell every open page. what: "new", "line", "danger", "change", "late" or "gone"."""
        await self.hub.append(TOPIC, uuid4().hex, {"what": what, "ticket": ticket_id})


class WaitingQueue:
    """`Desk` over tickets.

    is_staffed: tells whether any clerk has an account; without one nobody may be promised a person.
    """

    def __init__(
        self,
        tickets: Tickets,
        transcripts: Transcripts,
        hours: Hours,
        bell: Bell,
        is_staffed: Callable[[], bool],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._tickets = tickets
        self._transcripts = transcripts
        self._hours = hours
        self._bell = bell
        self._is_staffed = is_staffed
        self._now = now

    async def ask(self, conversation: str, words: str) -> Place:
        """Put a conversation into the queue; see `Desk.ask`."""
        if not await self.is_staffed():
            return Place(Reach.NOBODY)
        now = self._now()
        reason = await asyncio.to_thread(self._reason, conversation)
        kept = mask_line(words)[:_WORDS_KEPT]
        ticket, is_new = await asyncio.to_thread(self._tickets.open, conversation, reason, kept, now)
        if is_new:
            await self._bell.ring("new", ticket.id)
        if ticket.state is State.TAKEN:
            return Place(Reach.WITH_OFFICER)
        if not self._hours.is_open(now):
            return Place(Reach.CLOSED, opens_at=self._hours.next_opening(now))
        if not is_new:
            return Place(Reach.WAITING)
        return Place(Reach.QUEUED, await asyncio.to_thread(self._tickets.ahead_of, ticket))

    async def complain(self, conversation: str, words: str) -> bool:
        """Put a complaint before the clerks; see `Desk.complain`."""
        if not await self.is_staffed():
            return False
        kept = mask_line(words)[:_WORDS_KEPT]
        ticket, is_new = await asyncio.to_thread(self._tickets.open, conversation, Reason.COMPLAINT, kept, self._now())
        if is_new:
            await self._bell.ring("new", ticket.id)
        return True

    async def is_staffed(self) -> bool:
        """Tell whether anybody could answer at all."""
        return await asyncio.to_thread(self._is_staffed)

    def _reason(self, conversation: str) -> Reason:
        last = self._transcripts.latest(conversation, 2, Who.MACHINE)
        return Reason.MISSED if len(last) == 2 and all(line.outcome in MISSES for line in last) else Reason.ASKED
