"""The whole system, started once for all conversations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import CannotRun
from tests.journeys.system import NotSetUp, System, running_system


@pytest.fixture(scope="session")
def system(cannot_run: CannotRun) -> Iterator[System]:
    """Dialogue server, app and simulator, over real HTTP; all stopped afterwards."""
    try:
        with running_system() as running:
            yield running
    except NotSetUp as missing:
        cannot_run(str(missing))
