"""The Zalo channel in front of a gateway over a fake dialogue server, talking to a strict fake Zalo over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Engine

from actions.digits import DigitVault
from actions.one_stop.last_known import MemoryLastKnown
from channels.api import add_fault_handlers
from channels.conversation import Conversations
from channels.hooks import Hooks
from channels.rasa_client import RasaClient
from channels.sentences import Sentences
from channels.store.addresses import AddressBook
from channels.store.conversations import ConversationStore
from channels.store.database import open_database
from channels.zalo.channel import ZaloChannel
from channels.zalo.settings import ZaloSettings
from tests.channels.store.conftest import DATABASES, new_database
from tests.fakes.zalo import FakeZalo, running_zalo

KEY = b"a key for tests"
PATIENCE_S = 20.0


@dataclass
class RunningApp:
    """One process of ours: the channel, the gateway behind it, and how to stop it."""

    channel: ZaloChannel
    conversations: Conversations
    stop: Callable[[], None]


@pytest.fixture
def zalo() -> FakeZalo:
    """The fake Zalo; tell it how to behave."""
    return FakeZalo()


@pytest.fixture
def zalo_url(zalo: FakeZalo) -> Iterator[str]:
    with running_zalo(zalo) as url:
        yield url


@pytest.fixture
def settings(zalo: FakeZalo, zalo_url: str) -> ZaloSettings:
    return settings_for(zalo, zalo_url)


def settings_for(zalo: FakeZalo, url: str) -> ZaloSettings:
    """Return the settings of an app that talks to a fake."""
    return ZaloSettings(
        app_id=zalo.app_id,
        app_secret=SecretStr(zalo.app_secret),
        oa_secret=SecretStr(zalo.oa_secret),
        refresh_token=SecretStr(zalo.first_refresh),
        api_url=url,
        oauth_url=url,
        timeout_s=2.0,
    )


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An SQLite file; PostgreSQL for the tests that ask for it by `on_both`."""
    with new_database(getattr(request, "param", "sqlite"), tmp_path) as url:
        engine = open_database(url)
        yield engine
        engine.dispose()


on_both = pytest.mark.parametrize("database", DATABASES, indirect=True)


@asynccontextmanager
async def running_app(
    zalo: FakeZalo, settings: ZaloSettings, database: Engine, rasa: RasaClient
) -> AsyncIterator[RunningApp]:
    """Start a process of ours in this event loop; the fake's webhooks go to it. Leaving stops it gracefully."""
    sentences = Sentences()
    channel = ZaloChannel(settings, database, KEY, now=lambda: datetime.fromtimestamp(zalo.now(), timezone.utc))
    conversations = Conversations(
        rasa,
        ConversationStore(database),
        MemoryLastKnown(),
        DigitVault(),
        sentences,
        KEY,
        max_text=1000,
        retention_days=90,
        addresses=AddressBook(database, KEY),
        hooks=Hooks(listeners=[channel.memory]),
    )
    app = FastAPI()
    add_fault_handlers(app, sentences)
    app.include_router(channel.connect(conversations, sentences).router)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off"))
    await channel.start()
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    zalo.webhook_url = f"http://127.0.0.1:{listener.getsockname()[1]}/zalo/webhook"

    def stop() -> None:
        server.should_exit = True

    try:
        yield RunningApp(channel, conversations, stop)
    finally:
        stop()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        listener.close()
        await channel.stop()


@pytest_asyncio.fixture
async def app(
    zalo: FakeZalo, settings: ZaloSettings, database: Engine, client: RasaClient
) -> AsyncIterator[RunningApp]:
    """One running process."""
    async with running_app(zalo, settings, database, client) as one:
        yield one


async def until(holds: Callable[[], bool], within_s: float = PATIENCE_S) -> None:
    """Wait until something holds.

    Raises:
        AssertionError: it still does not after that time.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + within_s
    while not holds():
        assert loop.time() < end, "it did not happen"
        await asyncio.sleep(0.01)


async def quiet(app: RunningApp) -> None:
    """Wait until no event waits and nobody works."""
    end = asyncio.get_running_loop().time() + PATIENCE_S
    worker = app.channel._worker
    assert worker is not None
    while (await app.channel.state())["waiting"] or worker._at_work:
        assert asyncio.get_running_loop().time() < end, "events still wait"
        await asyncio.sleep(0.02)
