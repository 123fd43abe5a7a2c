"""The process that is killed: looks at applications and sends news, as the app does, over one SQLite file."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from datetime import timedelta

from actions.one_stop.state import StateMaker
from channels.events import EventHub
from channels.following.news import News
from channels.following.poller import Poller, Rhythm
from channels.following.sender import Sender
from channels.following.web import WebDeliverer
from channels.store.addresses import AddressBook
from channels.store.database import open_database
from channels.store.events import EventStore
from channels.store.leases import Leases
from channels.store.outbox import Outbox
from channels.store.subscriptions import SqlSubscriptions
from channels.store.watch import Watch
from tests.fakes.moving_world import WorldDeliverer, WorldOneStop

KEY = b"a key for tests"
LEASE = timedelta(seconds=0.7)
STEPS = (
    "poll:asking",
    "poll:asked",
    "poll:recorded",
    "send:claimed",
    "send:begun",
    "send:delivered",
    "send:finished",
)


def deadly(at: str | None, after: int) -> Callable[[str], None]:
    """Return a watcher of the steps that ends this process, with no chance to tidy up, at one of them."""
    left = after

    def step(name: str) -> None:
        nonlocal left
        if name == at:
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return step


def work(db_url: str, world_url: str, die_at: str | None = None, after: int = 1) -> None:
    """Look and send until killed."""
    logging.disable(logging.CRITICAL)
    asyncio.run(_work(db_url, world_url, deadly(die_at, after)))


async def _work(db_url: str, world_url: str, step: Callable[[str], None]) -> None:
    engine = open_database(db_url)
    outbox, states, news = Outbox(engine), StateMaker(KEY), News()
    rhythm = Rhythm(per_second=1000.0, poll_s=0.05, lease=LEASE, idle_s=0.02)
    poller = Poller(WorldOneStop(world_url), Watch(engine), Leases(engine), outbox, states, news, rhythm, step=step)
    sender = Sender(
        outbox,
        AddressBook(engine, KEY),
        SqlSubscriptions(engine, states, 90),
        news,
        [WebDeliverer(EventHub(EventStore(engine))), WorldDeliverer(world_url)],
        lease=LEASE,
        idle_s=0.02,
        step=step,
    )
    await asyncio.gather(poller.run(), sender.run())
