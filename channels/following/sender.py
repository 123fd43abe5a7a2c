"""Brings the letters of the outbox to people by the way out of their channel, in order, with patience."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from channels.delivery import Deliverer
from channels.errors import DeliveryLater, DeliveryRefused
from channels.following.news import News
from channels.following.web import WebDeliverer
from channels.store.addresses import WEB, AddressBook
from channels.store.moments import from_ms, utc_now
from channels.store.outbox import Letter, Outbox
from channels.store.subscriptions import SqlSubscriptions

log = logging.getLogger(__name__)
_PEOPLE_AT_ONCE = 16
_IDLE_S = 1.0
_FIRST_PAUSE_S = 5.0
_LONGEST_PAUSE_S = 3600.0
_NO_WAY_OUT = timedelta(minutes=10)
SENT, REFUSED, EXPIRED = "sent", "refused", "expired"


def _pass(step: str) -> None:
    """Nobody watches the steps."""


class Sender:
    """Takes letters out of the outbox and hands them to the deliverer of their channel.

    lease: for how long a person's letters are this worker's; a delivery gets half of it.
    step: told the name of each step; tests end the process there.
    """

    def __init__(
        self,
        outbox: Outbox,
        addresses: AddressBook,
        subscriptions: SqlSubscriptions,
        news: News,
        deliverers: Iterable[Deliverer],
        *,
        lease: timedelta = timedelta(seconds=60),
        give_up_after: timedelta = timedelta(days=7),
        idle_s: float = _IDLE_S,
        step: Callable[[str], None] = _pass,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._outbox = outbox
        self._addresses = addresses
        self._subscriptions = subscriptions
        self._news = news
        self._deliverers = {deliverer.channel: deliverer for deliverer in deliverers}
        self._lease = lease
        self._give_up_after = give_up_after
        self._idle_s = idle_s
        self._step = step
        self._now = now

    def add(self, deliverer: Deliverer) -> None:
        """Open one more way out."""
        self._deliverers[deliverer.channel] = deliverer

    async def run(self) -> None:
        """Send for ever; a fault of the database is waited out."""
        while True:
            self._outbox.news.clear()
            try:
                people = await self._outbox.claim(self._now(), self._lease, _PEOPLE_AT_ONCE)
                self._step("send:claimed")
                results = await asyncio.gather(*map(self.bring, people), return_exceptions=True)
                for error in results:
                    if isinstance(error, Exception):
                        log.warning("bringing a message: %s", type(error).__name__)
            except Exception as error:
                log.warning("the outbox: %s", type(error).__name__)
                people = []
            if not people:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._outbox.news.wait(), self._idle_s)

    async def bring(self, letters: list[Letter]) -> None:
        """Bring one person's letters; what cannot go now keeps its place in the order."""
        rest = list(letters)
        for group in _groups(letters):
            if not await self._bring(group, rest):
                return
            rest = rest[len(group) :]

    async def _bring(self, group: list[Letter], rest: list[Letter]) -> bool:
        """Bring what makes one message; tell whether the next may follow."""
        now, first = self._now(), group[0]
        deliverer = self._deliverers.get(first.channel)
        address = await self._addresses.find(first.conversation)
        if address is None or address.channel != first.channel:
            await self._refuse(rest, now)
            return False
        if deliverer is None:
            await self._outbox.put_off(rest, now + _NO_WAY_OUT, is_uncertain=False)
            return False
        if not await self._outbox.begin(group):
            return False
        self._step("send:begun")
        try:
            async with asyncio.timeout(self._lease.total_seconds() / 2):
                await self._deliver(deliverer, address.person, group)
        except DeliveryRefused:
            await self._refuse(rest, now)
            return False
        except DeliveryLater as later:
            await self._wait(rest, later, now)
            return False
        except Exception as error:
            await self._try_again(group, error)
            return False
        self._step("send:delivered")
        await self._outbox.finish(group, SENT, self._now())
        self._step("send:finished")
        return True

    async def _deliver(self, deliverer: Deliverer, person: str, group: list[Letter]) -> None:
        if isinstance(deliverer, WebDeliverer):  # told apart by its key, so nothing arrives twice
            await deliverer.deliver(person, list(group[0].replies), group[0].key, group[0].outcome)
            return
        replies = [reply for letter in group for reply in letter.replies]
        maybe_again = any(letter.is_uncertain for letter in group)
        if group[0].subscription and (len(replies) > 1 or maybe_again):
            replies = [self._news.together(replies, maybe_again)]
        elif maybe_again:
            replies = [self._news.together([replies[0]], maybe_again), *replies[1:]] if replies else replies
        await deliverer.deliver(person, replies, _key(group))

    async def _refuse(self, letters: list[Letter], now: datetime) -> None:
        """Nobody can be reached there: give the letters up, and with them all subscriptions of this person."""
        await self._outbox.finish(letters, REFUSED, now)
        if any(letter.subscription for letter in letters):
            await self._subscriptions.end_unreachable(letters[0].conversation, now)

    async def _wait(self, letters: list[Letter], later: DeliveryLater, tried_at: datetime) -> None:
        if later.after is not None:
            await self._outbox.put_off(letters, self._now() + later.after, is_uncertain=False)
            return
        await self._outbox.hold(letters)
        conversation = letters[0].conversation
        address = await self._addresses.find(conversation)
        if address is not None and address.last_at >= tried_at.replace(microsecond=0):
            await self._outbox.release(conversation, self._now())  # the person wrote in the meantime

    async def _try_again(self, group: list[Letter], error: Exception) -> None:
        """Wait longer each time; whether the channel took it is not known."""
        now, first = self._now(), group[0]
        log.warning("a message on %s failed: %s", first.channel, type(error).__name__)
        if now - from_ms(first.created_ms) > self._give_up_after:
            await self._outbox.finish(group, EXPIRED, now)
            log.error("a message on %s is given up after %s", first.channel, self._give_up_after)
            return
        pause_s = min(_FIRST_PAUSE_S * 2 ** min(first.attempts, 20), _LONGEST_PAUSE_S) * random.uniform(0.8, 1.2)
        await self._outbox.put_off(group, now + timedelta(seconds=pause_s), is_uncertain=True)


def _groups(letters: list[Letter]) -> list[list[Letter]]:
    """Put news of applications that wait together into one message; a clerk's words stay single, the web's all."""
    groups: list[list[Letter]] = []
    for together, run in itertools.groupby(letters, key=lambda one: bool(one.subscription) and one.channel != WEB):
        found = list(run)
        groups += [found] if together else [[letter] for letter in found]
    return groups


def _key(group: list[Letter]) -> str:
    if len(group) == 1:
        return group[0].key
    return sha256(" ".join(letter.key for letter in group).encode()).hexdigest()
