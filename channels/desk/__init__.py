"""Clerks take over: the queue, the silence of the machine, a clerk's words to the citizen, nobody waits unseen."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine

from channels.desk.hours import Hours, read_hours
from channels.desk.interceptor import DeskInterceptor
from channels.desk.listener import DeskListener
from channels.desk.patience import Patience
from channels.desk.queue import Bell, WaitingQueue
from channels.desk.sentences import DeskSentences
from channels.desk.settings import DeskSettings
from channels.desk.talks import Talks
from channels.events import EventHub
from channels.store.desk import Tickets
from channels.store.moments import utc_now
from channels.store.outbox import Outbox
from channels.store.transcripts import Transcripts
from channels.web.pages import PortalSettings


@dataclass
class TakeOver:
    """All parts. queue: the port of the dialogue.  interceptor, listener: what joins the citizens' turns."""

    settings: DeskSettings
    hours: Hours
    tickets: Tickets
    transcripts: Transcripts
    bell: Bell
    queue: WaitingQueue
    interceptor: DeskInterceptor
    listener: DeskListener
    talks: Talks
    patience: Patience
    now: Callable[[], datetime]
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        """Begin to look after those who wait."""
        self._tasks = [asyncio.create_task(self.patience.run())]

    async def stop(self) -> None:
        """Stop looking; the queue stays in the database."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def forget_older_than(self, days: int) -> int:
        """Delete what was said before that many days, and tickets as old; return how much. Blocking."""
        before = self.now() - timedelta(days=days)
        return self.transcripts.forget_before(before) + self.tickets.forget_before(before)


def build_take_over(
    engine: Engine,
    outbox: Outbox,
    hub: EventHub,
    is_staffed: Callable[[], bool],
    is_emergency: Callable[[str], Awaitable[bool]],
    settings: DeskSettings | None = None,
    portal: PortalSettings | None = None,
    now: Callable[[], datetime] = utc_now,
) -> TakeOver:
    """Return all parts over one database; nothing runs before `start`.

    is_staffed: tells (blocking) whether any clerk has an account.
    is_emergency: tells whether words are a cry for help.

    Raises:
        HoursFault: the settings' hours or the file of holidays cannot be read.
    """
    settings, portal = settings or DeskSettings(), portal or PortalSettings()
    hours = read_hours(settings.week, settings.holidays)
    tickets, transcripts, bell = Tickets(engine), Transcripts(engine), Bell(hub)
    sentences = DeskSentences(hours, _hotline(portal))
    queue = WaitingQueue(tickets, transcripts, hours, bell, is_staffed, now)
    return TakeOver(
        settings,
        hours,
        tickets,
        transcripts,
        bell,
        queue,
        DeskInterceptor(tickets, transcripts, queue, sentences, bell, is_emergency, now),
        DeskListener(tickets, transcripts, sentences, bell, now),
        Talks(tickets, outbox, sentences, bell, now),
        Patience(tickets, hours, outbox, sentences, bell, settings, now),
        now,
    )


def _hotline(portal: PortalSettings) -> str | None:
    if not portal.hotline:
        return None
    return f"{portal.hotline} ({portal.hotline_source})" if portal.hotline_source else portal.hotline
