"""Whatever arrives, the app never answers with a fault of its own (more: python -m tests.bench.fuzz)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from knowledge.errors import KnowledgeError
from tests.channels.fuzzing import by_addresses, by_noise, by_the_schema, posts_of
from tests.conftest import CannotRun
from tests.fakes.rasa import FakeRasa
from tests.fakes.whole_app import running_app

EXAMPLES = 20


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, cannot_run: CannotRun) -> Iterator[tuple[str, FastAPI]]:
    """The whole app, once for the module."""
    try:
        with running_app(tmp_path_factory.mktemp("app"), FakeRasa()) as (url, app):
            yield url, app
    except KnowledgeError as error:
        cannot_run(f"make setup: {error}")


def test_nothing_that_the_openapi_describes_breaks_it(running: tuple[str, FastAPI]) -> None:
    """Rightly and wrongly filled in; every status and shape is one that is told."""
    assert by_the_schema(*running, EXAMPLES) == []


def test_no_noise_breaks_it(running: tuple[str, FastAPI]) -> None:
    """Bytes of any kind on every door, also behind the secrets."""
    assert by_noise(*running, EXAMPLES) == []


def test_no_address_breaks_it(running: tuple[str, FastAPI]) -> None:
    """People cut addresses short, and robots make them up."""
    assert by_addresses(running[0], 4 * EXAMPLES) == []


def test_the_doors_are_found(running: tuple[str, FastAPI]) -> None:
    """The tests above must not pass by knocking nowhere."""
    doors = set(posts_of(running[1]))

    assert {
        "/api/v1/messages",
        "/actions/webhook",
        "/webhooks/telegram",
        "/zalo/webhook",
        "/webhooks/one-stop",
    } <= doors
