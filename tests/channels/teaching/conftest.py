"""A project to teach in, and its database: SQLite, and PostgreSQL where a server is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.staff.roles import Officer, Role
from tests.channels.store.conftest import database_url, engine  # noqa: F401  the same databases
from tests.fakes.teaching import make_project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of a small project."""
    (tmp_path / "project").mkdir()
    return make_project(tmp_path / "project")


def officer(name: str, role: Role) -> Officer:
    """Return somebody signed in."""
    return Officer(hash(name) % 1000, name, name.title(), role, "csrf")
