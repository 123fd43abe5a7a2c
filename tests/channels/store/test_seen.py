"""Events of a platform are taken once, also over restarts, workers and a database in trouble."""

from __future__ import annotations

import asyncio

from sqlalchemy import Engine, select

from channels.store import seen
from channels.store.database import METADATA
from channels.store.seen import SEEN, SeenStore


async def test_a_key_is_new_once(engine: Engine) -> None:
    """A platform repeats what it thinks was lost."""
    store = SeenStore(engine)

    assert await store.add("telegram:update:1") is True
    assert await store.add("telegram:update:1") is False
    assert await store.holds("telegram:update:1")
    assert not await store.holds("telegram:update:2")


async def test_another_worker_knows_it_too(engine: Engine) -> None:
    """The repetition may reach another process, or the same one after a restart."""
    await SeenStore(engine).add("telegram:update:1")

    assert await SeenStore(engine).add("telegram:update:1") is False
    assert await SeenStore(engine).holds("telegram:update:1")


async def test_of_many_at_the_same_time_one_wins(engine: Engine) -> None:
    """Two workers get the same event in the same moment."""
    won = await asyncio.gather(*(SeenStore(engine).add("telegram:update:1") for _ in range(8)))

    assert sorted(won) == [False] * 7 + [True]


async def test_a_database_in_trouble_loses_no_message(engine: Engine) -> None:
    """Answering twice is better than not at all."""
    METADATA.drop_all(engine, tables=[SEEN])

    assert await SeenStore(engine).add("telegram:update:1") is True
    assert await SeenStore(engine).holds("telegram:update:2") is False


async def test_old_keys_are_swept_out(engine: Engine) -> None:
    """The table must not grow for ever."""
    store = SeenStore(engine)
    with engine.begin() as connection:
        connection.execute(SEEN.insert().values(key="old", at_s=0))
    for number in range(seen._SWEEP_EVERY):
        await store.add(f"k{number}")

    with engine.connect() as connection:
        kept = {row.key for row in connection.execute(select(SEEN.c.key))}
    assert "old" not in kept
    assert len(kept) == seen._SWEEP_EVERY
