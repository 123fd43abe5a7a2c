"""Telling people that their application (hồ sơ) has changed: consent, looking, outbox, pushed events."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import APIRouter
from sqlalchemy import Engine

from actions.one_stop.pace import Pacer
from actions.one_stop.port import OneStop
from actions.one_stop.state import StateMaker
from channels.delivery import Deliverer
from channels.events import EventHub
from channels.following.news import News
from channels.following.poller import Poller, Rhythm
from channels.following.sender import Sender
from channels.following.settings import FollowingSettings
from channels.following.web import WebDeliverer
from channels.following.webhook import build_webhook_router
from channels.hooks import Errand, Heard
from channels.messages import TurnResult
from channels.privacy import hashed_id
from channels.store.addresses import WEB, AddressBook
from channels.store.events import EventStore
from channels.store.leases import Leases
from channels.store.moments import utc_now
from channels.store.outbox import Outbox
from channels.store.seen import SeenStore
from channels.store.subscriptions import SqlSubscriptions
from channels.store.watch import Watch
from channels.web.events import Places, build_events_router

#: Builds the one-stop system that is asked unasked: its every request awaits the pacer.
PacedOneStop = Callable[[Callable[[], Awaitable[None]]], OneStop]
_TOMBSTONES_KEPT = timedelta(days=30)


@dataclass
class Following:
    """All parts; a `TurnListener` too: who writes gets what was held, who wants to be forgotten is."""

    subscriptions: SqlSubscriptions
    outbox: Outbox
    hub: EventHub
    router: APIRouter
    _events: EventStore
    _sender: Sender
    _poller: Poller
    _one_stop: OneStop
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def deliver_by(self, deliverer: Deliverer) -> None:
        """Open the way out of one more channel."""
        self._sender.add(deliverer)

    async def start(self) -> None:
        """Begin to look and to send."""
        self.hub.start()
        self._tasks = [asyncio.create_task(self._sender.run()), asyncio.create_task(self._poller.run())]

    async def stop(self) -> None:
        """Stop; what is under way is found in the database by the next start."""
        await self.hub.stop()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._one_stop.aclose()

    def turn_ended(self, heard: Heard, result: TurnResult, took_ms: float) -> Errand | None:
        """Whoever writes can be reached again: what was held is sent."""
        if heard.channel == WEB:
            return None
        return lambda: self.outbox.release(heard.conversation, utc_now())

    async def forget(self, conversation: str) -> None:
        """Delete everything kept of a conversation."""
        await self.subscriptions.forget(conversation)
        await self.outbox.forget(conversation)
        await self._events.forget(conversation)

    def forget_older_than(self, days: int) -> int:
        """Delete what is older than the retention time; return how much."""
        before = utc_now() - timedelta(days=days)
        count = self._events.forget_before(before) + self.outbox.forget_before(utc_now() - _TOMBSTONES_KEPT)
        return count + self.subscriptions.forget_before(before)


def build_following(
    engine: Engine,
    settings: FollowingSettings,
    one_stop: PacedOneStop,
    addresses: AddressBook,
    key: bytes,
    retention_days: int,
) -> Following:
    """Return all parts over one database; nothing runs before `start`.

    key: the secret of hashes and states.
    """
    news, states = News(), StateMaker(key)
    outbox, events, watch = Outbox(engine), EventStore(engine), Watch(engine)
    subscriptions = SqlSubscriptions(engine, states, min(settings.days, retention_days))
    hub = EventHub(events)
    asked = one_stop(Pacer(settings.requests_per_second).wait)
    rhythm = Rhythm(settings.requests_per_second, settings.poll_s, settings.poll_lease)
    poller = Poller(asked, watch, Leases(engine), outbox, states, news, rhythm)
    sender = Sender(
        outbox,
        addresses,
        subscriptions,
        news,
        [WebDeliverer(hub)],
        lease=settings.delivery_lease,
        give_up_after=timedelta(days=settings.give_up_days),
    )
    router = APIRouter()
    places = Places(settings.streams, settings.streams_per_address)
    router.include_router(build_events_router(hub, lambda person: hashed_id(key, WEB, person), places))
    if settings.webhook_secret:
        secret = settings.webhook_secret.get_secret_value().encode()
        router.include_router(build_webhook_router(secret, watch, SeenStore(engine), poller.wake.set))
    return Following(subscriptions, outbox, hub, router, events, sender, poller, asked)
