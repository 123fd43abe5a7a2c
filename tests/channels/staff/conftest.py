"""A desk in an app of its own, over SQLite and PostgreSQL in turn where a test asks for `engine`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from channels.staff.desk import Desk
from channels.store.database import open_database
from tests.fakes.staff import browser, make_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with an account of every role."""
    engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    yield make_desk(engine)
    engine.dispose()


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    """An app with the desk's doors and nothing else; tests install what they are about."""
    app = FastAPI()
    desk.install(app, [])
    return app


@pytest_asyncio.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser, not signed in."""
    async with browser(app) as one:
        yield one
