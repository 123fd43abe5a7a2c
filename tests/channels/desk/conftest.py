"""A desk over both databases, a clock that tests turn, and a citizen whose turns go as the gateway takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import pytest
from pydantic import TypeAdapter
from sqlalchemy import Engine, select

from actions.turn import Outcome
from channels.desk import TakeOver, build_take_over
from channels.desk.settings import DeskSettings
from channels.events import EventHub
from channels.hooks import Heard, Hooks
from channels.messages import Reply, TurnResult
from channels.store.addresses import ADDRESSES
from channels.store.events import EventStore
from channels.store.outbox import OUTBOX, Outbox
from channels.store.tickets import Holder, Ticket
from channels.store.upsert import upsert
from channels.web.pages import PortalSettings
from tests.channels.store.conftest import DATABASES, database_url, engine

__all__ = ["DATABASES", "database_url", "engine"]
#: A Monday morning, within working hours.
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=timezone(timedelta(hours=7)))
LAN, HOA = Holder(1, "lan", "Cô Lan"), Holder(2, "hoa", "Cô Hoa")
CITIZEN = "c" * 32
_REPLIES = TypeAdapter(list[Reply])


@dataclass
class Clock:
    """Stands still until it is turned."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def later(self, **how_much: float) -> None:
        self.now += timedelta(**how_much)


@dataclass
class World:
    """The desk, its citizen and what reaches them.

    cries: words that the dialogue takes for an emergency.  looked_at: what it was asked about.
    """

    desk: TakeOver
    engine: Engine
    clock: Clock
    channel: str = "web"
    conversation: str = CITIZEN
    is_staffed: bool = True
    cries: frozenset[str] = frozenset()
    looked_at: list[str] = field(default_factory=list)
    heard_by_machine: list[str] = field(default_factory=list)
    _turns: int = 0

    async def says(
        self, words: str, outcome: Outcome = Outcome.ANSWERED, payload: bool = False, answer: str | None = None
    ) -> TurnResult:
        """Take one turn, as `Conversations` does. answer: what the dialogue says if it is asked."""
        self._turns += 1
        self._writes()
        hooks = Hooks([self.desk.interceptor], [self.desk.listener], [self.desk.interceptor])
        notes = hooks.look(self.conversation)
        heard = Heard(self.conversation, self.channel, f"m{self._turns}", words, payload, self.clock.now, notes)
        result = await hooks.intercept(heard)
        if result is None:
            self.heard_by_machine.append(words)
            result = TurnResult(replies=[Reply(text=answer or f"Máy: {words}")], outcome=outcome)
        result = await hooks.finish(heard, result)
        await hooks.tell(heard, result, 1.0)
        return result

    async def is_emergency(self, words: str) -> bool:
        """Judge as the dialogue does; buttons never come here, and empty words neither."""
        assert words.strip() and not words.startswith("/"), words
        self.looked_at.append(words)
        return words in self.cries

    async def asks_for_a_person(self) -> Ticket:
        """Wait in the queue, as the action puts one there."""
        await self.desk.queue.ask(self.conversation, "cho tôi gặp cán bộ")
        self._writes()
        return self.ticket

    async def is_taken(self, by: Holder = LAN) -> Ticket:
        """Be with a clerk."""
        await self.desk.talks.take(await self.asks_for_a_person(), by)
        return self.ticket

    @property
    def ticket(self) -> Ticket:
        """The open ticket."""
        found = self.desk.tickets.of(self.conversation)
        assert found is not None
        return found

    def letters(self) -> list[tuple[str, str | None]]:
        """Return text and outcome of what goes to the citizen unasked."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(OUTBOX).order_by(OUTBOX.c.id)).all()
        return [(_REPLIES.validate_json(row.replies)[0].text, row.outcome) for row in rows]

    def lines(self) -> list[str]:
        """Return who said what."""
        return [f"{line.who.value}: {line.text}" for line in self.desk.transcripts.latest(self.conversation)]

    def _writes(self) -> None:
        row = {"conversation": self.conversation, "channel": self.channel, "sealed": "", "last_s": 0}
        with self.engine.begin() as connection:
            connection.execute(upsert(self.engine, ADDRESSES, row))


def make_world(engine: Engine, portal: PortalSettings | None = None) -> World:
    """Return a desk in which nothing has happened; reminders after 5 minutes, apologies after 20."""
    clock = Clock()
    world: list[World] = []
    desk = build_take_over(
        engine,
        Outbox(engine),
        EventHub(EventStore(engine)),
        lambda: world[0].is_staffed,
        lambda words: world[0].is_emergency(words),
        DeskSettings(remind_minutes=5, apologise_minutes=20, quiet_hours=24),
        portal or PortalSettings(hotline=None),
        clock,
    )
    world.append(World(desk, engine, clock))
    return world[0]


@pytest.fixture
def world(engine: Engine) -> Iterator[World]:
    """A desk on a Monday morning."""
    yield make_world(engine)
