"""A gateway over a fake dialogue server, real HTTP in between, and a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from actions.digits import DigitVault
from actions.one_stop.last_known import MemoryLastKnown
from channels.conversation import Conversations
from channels.rasa_client import RasaClient
from channels.sentences import Sentences
from channels.store.conversations import ConversationStore
from channels.store.database import open_database
from tests.fakes.rasa import FakeRasa, running_rasa


@pytest.fixture
def rasa() -> FakeRasa:
    """The fake dialogue server; tell it how to behave."""
    return FakeRasa()


@pytest.fixture
def rasa_url(rasa: FakeRasa) -> Iterator[str]:
    with running_rasa(rasa) as url:
        yield url


@pytest_asyncio.fixture
async def client(rasa: FakeRasa, rasa_url: str) -> AsyncIterator[RasaClient]:
    async with RasaClient(rasa_url, timeout_s=2.0, secret=rasa.secret) as one:
        yield one


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    yield ConversationStore(engine)
    engine.dispose()


@pytest.fixture
def vault() -> DigitVault:
    return DigitVault()


@pytest.fixture
def conversations(client: RasaClient, store: ConversationStore, vault: DigitVault) -> Conversations:
    key = b"a key for tests"
    return Conversations(client, store, MemoryLastKnown(), vault, Sentences(), key, max_text=200, retention_days=90)
