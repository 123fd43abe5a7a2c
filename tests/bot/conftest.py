"""The trained model and running servers, shared by the tests of the dialogue side."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.utils.log_utils import configure_structlog

from bot.train import train
from tests.bot.running import Client, running

configure_structlog(logging.WARNING)


@pytest.fixture(scope="session")
def model() -> Path:
    """The model of the sources as they are; trained when it is not there (about 20 seconds)."""
    return train()


@pytest.fixture(scope="module")
def client(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A citizen before a running server with a fake app behind it."""
    with running(model, tmp_path_factory.mktemp("db") / "conversations.db") as one:
        yield one
