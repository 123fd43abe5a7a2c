"""The hub of events: readers are woken, also by other workers, and miss nothing."""

from __future__ import annotations

import asyncio

import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine

from channels.events import EventHub
from channels.serve import Server
from channels.store.events import Event, EventStore
from tests.channels.store.conftest import database_url, engine

__all__ = ["database_url", "engine"]


async def read(hub: EventHub, topic: str, count: int, cursor: int = 0) -> list[Event]:
    """Return the first `count` events of a topic as a reader gets them."""
    found: list[Event] = []
    async with asyncio.timeout(10):
        async for events in hub.subscribe(topic, cursor):
            found += events
            if len(found) >= count:
                break
    return found


async def test_a_reader_gets_what_is_there_and_what_comes(engine: Engine) -> None:
    """In order."""
    hub = EventHub(EventStore(engine), keep_alive_s=60)
    await hub.append("staff:desk", "1", {"n": 1})
    reading = asyncio.create_task(read(hub, "staff:desk", 3))
    await asyncio.sleep(0.05)
    for number in (2, 3):
        await hub.append("staff:desk", str(number), {"n": number})

    assert [event.data["n"] for event in await reading] == [1, 2, 3]


async def test_another_workers_event_wakes_within_the_look(engine: Engine) -> None:
    """One question for all topics."""
    here, there = EventHub(EventStore(engine), look_s=0.05, keep_alive_s=60), EventHub(EventStore(engine))
    here.start()
    reading = asyncio.create_task(read(here, "a", 1))
    await asyncio.sleep(0.1)
    await there.append("a", "1", {"n": 1})
    assert [event.data["n"] for event in await reading] == [1]
    await here.stop()


async def test_a_silent_line_shows_signs_of_life(engine: Engine) -> None:
    """Proxies cut connections over which nothing comes."""
    hub = EventHub(EventStore(engine), keep_alive_s=0.05)
    async with asyncio.timeout(5):
        async for events in hub.subscribe("a", 0):
            assert events == []
            break


async def test_closing_ends_all_streams_and_leaves_no_reader(engine: Engine) -> None:
    """Else a restart would wait for every open page."""
    hub = EventHub(EventStore(engine), keep_alive_s=60)
    reading = asyncio.create_task(read(hub, "a", 1))
    await asyncio.sleep(0.05)
    hub.close()

    assert await reading == [] and not hub._readers


async def test_a_server_that_stops_ends_the_streams_first() -> None:
    """It would else wait for every open page until its patience is over."""
    app, closed = FastAPI(), list[bool]()
    app.state.close_streams = lambda: closed.append(True)
    server = Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:
            await asyncio.sleep(0.01)
        server.should_exit = True
        await running

    assert closed == [True]
