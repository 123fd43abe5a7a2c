"""What all tests share: a part that is missing is a skip on a person's machine and a failure in CI."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NoReturn

import pytest

CannotRun = Callable[[str], NoReturn]


@pytest.fixture(scope="session")
def cannot_run() -> CannotRun:
    """Give up on a test with the reason: `cannot_run("var/index is missing: make setup")`."""

    def give_up(reason: str) -> NoReturn:
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)

    return give_up
