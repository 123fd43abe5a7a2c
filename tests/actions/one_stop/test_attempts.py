"""Counting failures: per key, within a window, all keys or none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions.one_stop.attempts import AttemptLimit, MemoryAttempts, attempt_keys
from tests.fakes.one_stop import NOON

pytestmark = pytest.mark.asyncio
LIMIT = AttemptLimit(failures=2, window=timedelta(minutes=15))
MINUTE = timedelta(minutes=1)


async def test_a_key_is_closed_until_its_oldest_failure_leaves_the_window() -> None:
    """The citizen is told the moment, so it must be the true one."""
    store = MemoryAttempts()
    assert await store.claim(["a"], NOON, LIMIT) is None
    assert await store.claim(["a"], NOON + MINUTE, LIMIT) is None

    closed_until = await store.claim(["a"], NOON + 2 * MINUTE, LIMIT)

    assert closed_until == NOON + 15 * MINUTE
    assert await store.claim(["a"], NOON + 15 * MINUTE, LIMIT) is None


async def test_one_closed_key_closes_all_and_counts_none() -> None:
    """Knocking at a locked door must not lock the neighbour's."""
    store = MemoryAttempts()
    for _ in range(2):
        await store.claim(["closed"], NOON, LIMIT)
    for _ in range(5):
        assert await store.claim(["closed", "open"], NOON, LIMIT) is not None

    assert await store.claim(["open"], NOON, LIMIT) is None


async def test_what_is_given_back_does_not_count() -> None:
    """A right answer is no failure."""
    store = MemoryAttempts()
    for _ in range(9):
        assert await store.claim(["a"], NOON, LIMIT) is None
        await store.give_back(["a"], NOON)


async def test_old_failures_leave_the_memory() -> None:
    """Ten thousand guessers must not fill it for ever."""
    store = MemoryAttempts()
    for number in range(1000):
        await store.claim([str(number)], NOON, LIMIT)
    await store.claim(["new"], NOON + 16 * MINUTE, LIMIT)

    assert len(store) == 1


async def test_keys_do_not_tell_the_code_or_the_citizen() -> None:
    """The store of failures is no list of codes."""
    keys = attempt_keys("citizen", "H50.05-261120-0975")

    assert "0975" not in "".join(keys)
    assert "citizen" not in "".join(keys)
    assert len(set(keys)) == 2
