"""Statistics over an empty database, SQLite and PostgreSQL in turn."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from channels.statistics import Statistics, build_statistics
from channels.statistics.settings import StatisticsSettings
from tests.channels.store.conftest import database_url, engine
from tests.fakes.tiny_search import make_search

__all__ = ["database_url", "engine"]


@pytest.fixture
def statistics(engine: Engine) -> Statistics:
    """All parts, over the tiny catalogue."""
    settings = StatisticsSettings(rising_least=3)
    return build_statistics(engine, make_search().index.catalogue, retention_days=90, settings=settings)
