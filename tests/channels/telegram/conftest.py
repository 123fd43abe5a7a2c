"""The Telegram channel in a small app, between a strict Bot API and the gateway over the fake dialogue server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Engine

from channels.api import add_fault_handlers
from channels.conversation import Conversations
from channels.sentences import Sentences
from channels.store.database import open_database
from channels.store.seen import SeenStore
from channels.telegram.channel import TelegramChannel
from channels.telegram.pace import Limits
from channels.telegram.settings import Intake, TelegramSettings
from tests.fakes.telegram import TOKEN, FakeTelegram, running_telegram, serving
from tests.fakes.telegram_rules import Flood

#: Fifty times faster than the real ones, so that a test does not wait.
QUICK = Limits(per_chat_per_s=50, per_chat_burst=20, overall_per_s=2000, overall_burst=100)
Start = Callable[..., Awaitable[TelegramChannel]]


@pytest.fixture
def telegram() -> FakeTelegram:
    """The Bot API; tell it how to behave."""
    return FakeTelegram(flood=Flood(per_chat_per_s=60, burst=30, overall_per_s=3000))


@pytest_asyncio.fixture
async def api(telegram: FakeTelegram) -> AsyncIterator[str]:
    async with running_telegram(telegram) as url:
        yield url


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_database(f"sqlite:///{tmp_path / 'seen.db'}")


@pytest_asyncio.fixture
async def start(api: str, conversations: Conversations, engine: Engine) -> AsyncIterator[Start]:
    """Start the app with the channel; each call is another process as far as Telegram can tell."""
    async with AsyncExitStack() as stack:

        async def one(**options: Any) -> TelegramChannel:
            return await stack.enter_async_context(running_channel(api, conversations, engine, **options))

        yield one


@pytest_asyncio.fixture
async def channel(start: Start) -> TelegramChannel:
    """The channel, ready, with its webhook registered."""
    return await start()


@asynccontextmanager
async def running_channel(
    api: str,
    conversations: Conversations,
    engine: Engine,
    intake: Intake = Intake.WEBHOOK,
    token: str = TOKEN,
    limits: Limits = QUICK,
    wait: bool = True,
    **options: Any,
) -> AsyncIterator[TelegramChannel]:
    """Serve the channel's webhook behind the app's body limit, and stop it at the end."""
    app = FastAPI()
    add_fault_handlers(app, Sentences())
    async with serving(app) as url:
        settings = TelegramSettings(token=SecretStr(token), api_url=api, intake=intake)
        one = TelegramChannel(
            settings,
            conversations,
            Sentences(),
            SeenStore(engine),
            url,
            limits=limits,
            **options,
        )
        app.include_router(one.router)
        await one.start()
        try:
            if wait:
                await asyncio.wait_for(one.is_ready.wait(), 10)
            yield one
        finally:
            await one.stop()
