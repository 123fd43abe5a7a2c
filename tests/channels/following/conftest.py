"""A database with one follower on Zalo and one on the web, and the parts over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from actions.following import Consent
from actions.one_stop.port import vietnam_now
from actions.one_stop.state import StateMaker
from channels.delivery import Deliverer
from channels.events import EventHub
from channels.following.news import News
from channels.following.sender import Sender
from channels.following.web import WebDeliverer
from channels.messages import Reply
from channels.store.addresses import AddressBook
from channels.store.database import open_database
from channels.store.events import EventStore
from channels.store.outbox import Outbox
from channels.store.subscriptions import SqlSubscriptions
from channels.store.watch import Watch
from tests.actions.test_applications import CODE, VIEW
from tests.fakes.moving_world import FakeDeliverer

KEY = b"a key for tests"


@dataclass
class Office:
    """All stores over one database, a Zalo in memory, and a sender between."""

    engine: Engine
    zalo: FakeDeliverer = field(default_factory=FakeDeliverer)

    def __post_init__(self) -> None:
        self.states = StateMaker(KEY)
        self.outbox = Outbox(self.engine)
        self.addresses = AddressBook(self.engine, KEY)
        self.subscriptions = SqlSubscriptions(self.engine, self.states, 90)
        self.watch = Watch(self.engine)
        self.events = EventStore(self.engine)
        self.hub = EventHub(self.events, look_s=0.05, keep_alive_s=0.2)
        ways: list[Deliverer] = [WebDeliverer(self.hub), self.zalo]
        self.sender = Sender(self.outbox, self.addresses, self.subscriptions, News(), ways)

    async def follow(self, conversation: str = "z", channel: str = "zalo", code: str = CODE) -> None:
        """Let a person follow, as after a look-up."""
        now = vietnam_now()
        await self.addresses.remember(conversation, channel, f"person-{conversation}")
        await self.subscriptions.note_check(conversation, replace(VIEW, code=code), now)
        await self.subscriptions.follow(Consent(conversation, code, "1", "f" * 64, now))

    async def put(self, key: str, conversation: str = "z", channel: str = "zalo", outcome: str | None = None) -> None:
        """Put a clerk's words into the outbox."""
        await self.outbox.put(conversation, channel, [Reply(text=f"lời {key}")], key, outcome)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    yield Office(engine)
    engine.dispose()
