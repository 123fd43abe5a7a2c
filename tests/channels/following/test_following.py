"""All parts together: who writes gets what was held, who wants to be forgotten leaves nothing, old things go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Engine, select

from actions.following import Consent
from actions.one_stop.identity import DigitProof
from actions.one_stop.port import Status, vietnam_now
from actions.one_stop.state import StateMaker
from actions.one_stop.status_view import status_view
from actions.turn import Outcome
from channels.errors import DeliveryLater
from channels.following import Following, build_following
from channels.following.settings import FollowingSettings
from channels.following.webhook import PATH
from channels.hooks import Heard, Hooks
from channels.messages import Reply, TurnResult
from channels.privacy import hashed_id
from channels.store.addresses import ADDRESSES, AddressBook
from channels.store.database import METADATA, open_database
from channels.store.moments import utc_now
from tests.actions.test_applications import CODE
from tests.fakes.moving_world import FakeDeliverer
from tests.fakes.one_stop import FakeOneStop, make_record

KEY = b"a key for tests"
PROOF = DigitProof(b"k")
RESULT = TurnResult(replies=[], outcome=Outcome.ANSWERED)


class World:
    """A following installation with a one-stop system and a Zalo in memory."""

    def __init__(self, engine: Engine, **settings: object) -> None:
        self.engine = engine
        self.one_stop = FakeOneStop(make_record(PROOF, code=CODE))
        self.zalo = FakeDeliverer()
        self.addresses = AddressBook(engine, KEY)
        wanted = FollowingSettings.model_validate({"requests_per_second": 5, "poll_s": 0.05} | settings)
        self.following: Following = build_following(
            engine, wanted, lambda pace: self.one_stop, self.addresses, KEY, retention_days=30
        )
        self.following.deliver_by(self.zalo)

    async def follow(self, conversation: str, channel: str = "zalo") -> None:
        """Let somebody follow, as after a look-up."""
        now = vietnam_now()
        await self.addresses.remember(conversation, channel, f"person {conversation}")
        await self.following.subscriptions.note_check(
            conversation, status_view(make_record(PROOF, code=CODE), now), now
        )
        await self.following.subscriptions.follow(Consent(conversation, CODE, "1", "0" * 64, now))

    def tables_with(self, conversation: str) -> set[str]:
        """Return the tables in which anything names a conversation."""
        found = set()
        with self.engine.connect() as connection:
            for table in METADATA.sorted_tables:
                if any(conversation in map(str, row) for row in connection.execute(select(table)).all()):
                    found.add(table.name)
        return found


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    one = World(engine, webhook_secret=SecretStr("s"))
    yield one
    engine.dispose()


async def until_sent(world: World, count: int) -> None:
    """Wait until Zalo has got so many messages."""
    async with asyncio.timeout(20):
        while len(world.zalo.sent) < count:
            await asyncio.sleep(0.02)


async def test_what_was_held_comes_with_the_persons_next_message(world: World) -> None:
    """From change to message, through the running parts."""
    conversation = "a" * 32
    await world.follow(conversation)
    world.zalo.troubles = [DeliveryLater("48 hours", None)]
    with world.engine.begin() as connection:  # written long ago
        connection.execute(ADDRESSES.update().values(last_s=0))
    world.one_stop.records[CODE] = make_record(PROOF, code=CODE, status=Status.FINISHED)
    await world.following.start()
    try:
        async with asyncio.timeout(20):
            while world.zalo.troubles:
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
        assert world.zalo.sent == []
        heard = Heard(conversation, "zalo", "m", "chào", False, utc_now())
        await Hooks(listeners=[world.following]).tell(heard, RESULT, 1.0)
        await until_sent(world, 1)
    finally:
        await world.following.stop()
    ((person, (text,), _),) = world.zalo.sent
    assert person == f"person {conversation}" and "đã xử lý xong" in text


async def test_who_wants_to_be_forgotten_is_in_no_table(world: World) -> None:
    """And nobody else is touched."""
    mine, other = hashed_id(KEY, "web", "mine"), hashed_id(KEY, "web", "other")
    for conversation in (mine, other):
        await world.follow(conversation, "web")
        await world.following.hub.append(conversation, "k", {"replies": []})
        await world.following.outbox.put(conversation, "web", [Reply(text="lời")], f"k{conversation}")
    before = world.tables_with(mine)
    await world.following.forget(mine)
    await world.addresses.forget(mine)

    assert before >= {"subscriptions", "consents", "identity_checks", "outbox", "events", "event_topics"}
    assert world.tables_with(mine) == set() and world.tables_with(other) == before


async def test_nothing_is_followed_longer_than_conversations_are_kept(world: World) -> None:
    """After that no address would be left."""
    assert world.following.subscriptions.days == 30


async def test_old_events_are_swept(world: World) -> None:
    """With the conversations of the same age."""
    await world.following.hub.append("a", "k", {})
    assert world.following.forget_older_than(1) == 0
    assert world.following.forget_older_than(-1) >= 1


@pytest.mark.parametrize(("secret", "status"), [("s", 401), (None, 404)])
async def test_reports_are_taken_only_with_a_secret(tmp_path: Path, secret: str | None, status: int) -> None:
    """Without one there is no such address."""
    engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    app = FastAPI()
    app.include_router(World(engine, webhook_secret=SecretStr(secret) if secret else None).following.router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as http:
        assert (await http.post(PATH, content=b"{}")).status_code == status
    engine.dispose()


def test_a_view_is_equal_over_looks() -> None:
    """The state of a record does not hang on when it was looked at."""
    record = make_record(PROOF, code=CODE)
    later = replace(record, as_of=record.as_of + timedelta(hours=1))
    states = StateMaker(KEY)
    assert states.of(status_view(record, vietnam_now())) == states.of(status_view(later, vietnam_now()))
