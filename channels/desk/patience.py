"""Sees to it that nobody waits unseen: clerks are reminded, citizens told, silent talks given back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from channels.desk.hours import Hours
from channels.desk.queue import Bell
from channels.desk.sentences import DeskSentences, everywhere
from channels.desk.settings import DeskSettings
from channels.store.desk import Tickets
from channels.store.moments import utc_now
from channels.store.outbox import Outbox
from channels.store.tickets import Ended, Reason, Said, State, Ticket
from channels.store.transcripts import Who

log = logging.getLogger(__name__)
LOOK_EVERY_S = 10.0


class Patience:
    """Looks at the open conversations now and then; several workers may, each step is done once."""

    def __init__(
        self,
        tickets: Tickets,
        hours: Hours,
        outbox: Outbox,
        sentences: DeskSentences,
        bell: Bell,
        settings: DeskSettings,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._tickets = tickets
        self._hours = hours
        self._outbox = outbox
        self._sentences = sentences
        self._bell = bell
        self._settings = settings
        self._now = now

    async def run(self) -> None:
        """Look for ever; a fault costs one look."""
        while True:
            try:
                await self.look()
            except Exception as error:
                log.warning("looking at the desk: %s", type(error).__name__)
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Do what is due."""
        now = self._now()
        for ticket in await asyncio.to_thread(self._tickets.all_open):
            since = unseen_since(ticket)
            if since is None:
                await self._end_when_quiet(ticket, now)
                continue
            waited = self._hours.worked(since, now)
            if waited >= self._settings.remind_after and ticket.warned_at < since:
                await self._remind(ticket, now)
            if waited >= self._settings.apologise_after and not ticket.apologised:
                await self._apologise(ticket, now)

    async def _remind(self, ticket: Ticket, now: datetime) -> None:
        if await asyncio.to_thread(self._tickets.warn, ticket.id, ticket.warned_at, now):
            await self._bell.ring("late", ticket.id)

    async def _apologise(self, ticket: Ticket, now: datetime) -> None:
        if ticket.reason is Reason.COMPLAINT and ticket.state is State.WAITING:
            return  # nobody was promised an answer
        told = everywhere(self._sentences.apology())
        said = Said(Who.DESK, "Đã xin lỗi người dân vì đợi lâu.", uuid4().hex, told)
        if await asyncio.to_thread(self._tickets.apologise, ticket.id, now, said):
            self._outbox.news.set()
            await self._bell.ring("line", ticket.id)

    async def _end_when_quiet(self, ticket: Ticket, now: datetime) -> None:
        last = max(ticket.citizen_at, ticket.officer_at, ticket.taken_at or ticket.asked_at)
        if now - last < self._settings.quiet_after:
            return
        told = everywhere(self._sentences.reply("utter_handover_quiet"))
        said = Said(Who.DESK, "Lâu không ai nhắn, trao đổi tự kết thúc.", uuid4().hex, told, "small_talk")
        if await asyncio.to_thread(self._tickets.close, ticket.id, Ended.QUIET, now, said):
            self._outbox.news.set()
            await self._bell.ring("change", ticket.id)


def unseen_since(ticket: Ticket) -> datetime | None:
    """Return since when a citizen waits for a clerk; None when it is the citizen's turn."""
    if ticket.state is State.WAITING:
        return ticket.waits_since
    return max(ticket.owed_since, ticket.taken_at or ticket.owed_since) if ticket.is_unanswered else None


def is_late(ticket: Ticket, hours: Hours, now: datetime, limit: timedelta) -> bool:
    """Tell whether a citizen has waited longer than `limit` of working time."""
    since = unseen_since(ticket)
    return since is not None and hours.worked(since, now) >= limit
