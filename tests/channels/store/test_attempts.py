"""Counting failures, in memory and in the database: the same promises, and in the database also over a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from actions.one_stop.attempts import AttemptLimit, AttemptStore, MemoryAttempts, attempt_keys
from channels.store.attempts import ATTEMPTS, KEYS, SqlAttempts
from channels.store.database import open_database
from tests.channels.store.conftest import DATABASES, new_database
from tests.fakes.one_stop import NOON

LIMIT = AttemptLimit(failures=2, window=timedelta(minutes=15))
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["memory", *DATABASES])
def attempts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AttemptStore]:
    """Each store in turn."""
    if request.param == "memory":
        yield MemoryAttempts()
        return
    with new_database(request.param, tmp_path) as url:
        engine = open_database(url)
        yield SqlAttempts(engine)
        engine.dispose()


def count(engine: Engine) -> tuple[int, int]:
    """Return how many attempts and keys are kept."""
    with engine.connect() as connection:
        first, second = (connection.scalar(select(func.count()).select_from(table)) for table in (ATTEMPTS, KEYS))
    return int(first or 0), int(second or 0)


async def test_a_key_is_closed_until_its_oldest_failure_leaves_the_window(attempts: AttemptStore) -> None:
    """The citizen is told the moment, so it must be the true one, in the citizen's time."""
    assert await attempts.claim(["a"], NOON, LIMIT) is None
    assert await attempts.claim(["a"], NOON + MINUTE, LIMIT) is None

    closed_until = await attempts.claim(["a"], NOON + 2 * MINUTE, LIMIT)

    assert closed_until == NOON + 15 * MINUTE
    assert closed_until.utcoffset() == NOON.utcoffset()
    assert await attempts.claim(["a"], NOON + 15 * MINUTE, LIMIT) is None


async def test_the_later_of_two_closed_keys_tells_when(attempts: AttemptStore) -> None:
    """Coming back at that moment must work."""
    for key, moment in (("a", NOON), ("b", NOON + MINUTE)):
        for _ in range(2):
            await attempts.claim([key], moment, LIMIT)

    assert await attempts.claim(["b", "a"], NOON + 2 * MINUTE, LIMIT) == NOON + 16 * MINUTE


async def test_one_closed_key_closes_all_and_counts_none(attempts: AttemptStore) -> None:
    """Knocking at a locked door must not lock the neighbour's."""
    for _ in range(2):
        await attempts.claim(["closed"], NOON, LIMIT)
    for _ in range(5):
        assert await attempts.claim(["closed", "open"], NOON, LIMIT) is not None

    assert await attempts.claim(["open"], NOON, LIMIT) is None


async def test_what_is_given_back_does_not_count(attempts: AttemptStore) -> None:
    """A right answer is no failure."""
    for _ in range(5):
        assert await attempts.claim(["a", "b"], NOON, LIMIT) is None
        await attempts.give_back(["a", "b"], NOON)


async def test_one_of_two_attempts_of_the_same_moment_is_given_back(attempts: AttemptStore) -> None:
    """Somebody else's failure at the same microsecond stays one."""
    await attempts.claim(["a"], NOON, LIMIT)
    await attempts.claim(["a"], NOON, LIMIT)
    await attempts.give_back(["a"], NOON.astimezone(timezone.utc))

    assert await attempts.claim(["a"], NOON, LIMIT) is None
    assert await attempts.claim(["a"], NOON, LIMIT) is not None


async def test_giving_back_what_nobody_took_changes_nothing(attempts: AttemptStore) -> None:
    """Neither another key nor another moment."""
    await attempts.claim(["a"], NOON, LIMIT)
    await attempts.claim(["a"], NOON, LIMIT)
    await attempts.give_back(["b"], NOON)
    await attempts.give_back(["a"], NOON + MINUTE)

    assert await attempts.claim(["a"], NOON, LIMIT) is not None


async def test_a_crowd_of_guesses_at_once_does_not_pass(attempts: AttemptStore) -> None:
    """Sixteen guesses at the same moment, keys in either order: two are let in, and nobody waits for ever."""
    orders = [["a", "b"], ["b", "a"]] * 8
    results = await asyncio.gather(*(attempts.claim(keys, NOON, LIMIT) for keys in orders))

    assert sum(result is None for result in results) == LIMIT.failures


async def test_failures_survive_a_restart_and_are_shared(database_url: str) -> None:
    """Restarting the app, or asking another worker, gives no further guesses."""
    before = open_database(database_url)
    for _ in range(2):
        await SqlAttempts(before).claim(["a"], NOON, LIMIT)
    before.dispose()
    after = open_database(database_url)

    assert await SqlAttempts(after).claim(["a"], NOON + MINUTE, LIMIT) == NOON + 15 * MINUTE
    after.dispose()


async def test_old_failures_leave_the_database(engine: Engine) -> None:
    """Ten thousand guessers must not fill it for ever."""
    store = SqlAttempts(engine)
    for number in range(20):
        await store.claim([str(number)], NOON, LIMIT)
    assert count(engine) == (20, 20)
    await store.claim(["new"], NOON + 16 * MINUTE, LIMIT)

    assert count(engine) == (1, 1)


async def test_a_refused_claim_leaves_nothing_behind(engine: Engine) -> None:
    """All keys or none, in one transaction."""
    store = SqlAttempts(engine)
    for _ in range(2):
        await store.claim(["closed"], NOON, LIMIT)
    await store.claim(["closed", "open"], NOON, LIMIT)

    assert count(engine) == (2, 1)


async def test_no_code_and_no_citizen_stands_in_the_database(engine: Engine) -> None:
    """The store of failures is no list of codes."""
    await SqlAttempts(engine).claim(attempt_keys("citizen", "H50.05-261120-0975"), NOON, LIMIT)
    with engine.connect() as connection:
        rows = [tuple(row) for table in (ATTEMPTS, KEYS) for row in connection.execute(select(table))]

    assert rows and "0975" not in repr(rows) and "citizen" not in repr(rows)
