"""Lines of events: each once, in an order in which no reader misses one."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from channels.store.database import open_database
from channels.store.events import EventStore
from tests.channels.store.conftest import DATABASES, new_database
from tests.fakes.one_stop import NOON


async def test_events_are_read_after_a_cursor_oldest_first(engine: Engine) -> None:
    """A page that comes back goes on where it was."""
    store = EventStore(engine)
    for number in range(3):
        await store.append("a", f"k{number}", {"n": number})
    events = await store.after("a", 0)

    assert [event.data["n"] for event in events] == [0, 1, 2]
    assert [event.data["n"] for event in await store.after("a", events[1].id)] == [2]
    assert await store.after("a", events[2].id) == [] and await store.last_id("a") == events[2].id
    assert await store.after("b", 0) == [] and await store.last_id("b") == 0


async def test_a_key_is_taken_once_in_a_topic(engine: Engine) -> None:
    """However often a delivery is tried."""
    store = EventStore(engine)

    assert await store.append("a", "k", {"n": 1})
    assert not await store.append("a", "k", {"n": 2})
    assert await store.append("b", "k", {"n": 3})
    assert [event.data for event in await store.after("a", 0)] == [{"n": 1}]


@pytest.mark.parametrize("kind", DATABASES)
async def test_no_reader_misses_an_event_that_was_written_at_the_same_time(kind: str, tmp_path: Path) -> None:
    """With numbers given before the commit, a 6 could become visible after a 7 was read."""
    with new_database(kind, tmp_path) as url:
        writers = [open_database(url) for _ in range(3)]
        seen: list[int] = []

        async def write(engine: Engine, name: int) -> None:
            for number in range(20):
                await EventStore(engine).append("a", f"{name}:{number}", {})

        async def read() -> None:
            store, cursor = EventStore(writers[0]), 0
            while len(seen) < 60:
                for event in await store.after("a", cursor):
                    cursor = event.id
                    seen.append(event.id)
                await asyncio.sleep(0.001)

        async with asyncio.timeout(60):
            await asyncio.gather(read(), *(write(engine, name) for name, engine in enumerate(writers)))
        for engine in writers:
            engine.dispose()
    assert len(seen) == len(set(seen)) == 60 and seen == sorted(seen)


async def test_numbers_grow_over_a_deletion(engine: Engine) -> None:
    """A page that kept its cursor must still see what comes after."""
    store = EventStore(engine)
    await store.append("a", "k1", {}, NOON)
    cursor = await store.last_id("a")
    await store.forget("a")
    assert await store.after("a", 0) == []

    await store.append("a", "k2", {}, NOON + timedelta(milliseconds=1))
    assert len(await store.after("a", cursor)) == 1


async def test_old_events_are_deleted(engine: Engine) -> None:
    """Retention is kept here too."""
    store = EventStore(engine)
    await store.append("a", "old", {}, NOON - timedelta(days=91))
    await store.append("a", "new", {}, NOON)

    assert store.forget_before(NOON - timedelta(days=90)) == 1
    assert len(await store.after("a", 0)) == 1


async def test_other_workers_find_the_topics_that_changed(engine: Engine) -> None:
    """One question every two seconds, however many pages are open."""
    store = EventStore(engine)
    await store.append("old", "k", {}, NOON - timedelta(minutes=5))
    await store.append("new", "k", {}, NOON)

    assert await store.changed_since(NOON - timedelta(seconds=30)) == {"new": await store.last_id("new")}
