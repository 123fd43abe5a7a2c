"""Looks at followed applications politely: one worker of all, evenly, never faster than agreed, less in an outage."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from actions.one_stop.errors import ApplicationNotFound, OneStopError, OneStopUnavailable
from actions.one_stop.port import OneStop, Status
from actions.one_stop.state import StateMaker
from actions.one_stop.status_view import status_view
from channels.following.news import News
from channels.store.leases import Leases
from channels.store.moments import utc_now
from channels.store.outbox import Outbox
from channels.store.watch import Watch

log = logging.getLogger(__name__)
LEASE = "poller"
_AT_ONCE = 8
_BATCH = 20
_IDLE_S = 1.0
_COUNT_EVERY = timedelta(seconds=30)
_END_EVERY = timedelta(seconds=60)
_LONGEST_PAUSE_S = 300.0
_FIRST_PAUSE_S = 5.0
_AFTER_OUTAGE_S = 30.0
_PATIENCE = 3
_LONGEST_WAIT_S = 6 * 3600.0
#: Faults of one record, not of the system.
_ONE_RECORD = frozenset({"malformed", "too_large"})


@dataclass(frozen=True)
class Rhythm:
    """How often each application is looked at.

    per_second: the most requests for the whole installation.  poll_s: between two looks while the rate allows.
    lease: for how long a worker has the looking to itself.  idle_s: how long it rests when nothing is due.
    """

    per_second: float = 5.0
    poll_s: float = 270.0
    lease: timedelta = timedelta(seconds=30)
    idle_s: float = _IDLE_S

    def pause_after(self, status: int, applications: int) -> float:
        """Return the seconds until the next look, spread by a tenth.

        With more applications than the rate allows, all wait longer; a result that only waits to be fetched waits
        twice as long, so that those still under way keep their turn.
        """
        needed_s = applications / self.per_second
        pause_s = max(self.poll_s, needed_s)
        if needed_s > self.poll_s and status == Status.FINISHED:
            pause_s *= 2
        return pause_s * random.uniform(0.95, 1.05)


def _pass(step: str) -> None:
    """Nobody watches the steps."""


class Poller:
    """Asks the one-stop system about each followed application once, however many people follow it.

    step: told the name of each step; tests end the process there.
    """

    def __init__(
        self,
        one_stop: OneStop,
        watch: Watch,
        leases: Leases,
        outbox: Outbox,
        states: StateMaker,
        news: News,
        rhythm: Rhythm,
        *,
        step: Callable[[str], None] = _pass,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._one_stop = one_stop
        self._watch = watch
        self._leases = leases
        self._outbox = outbox
        self._states = states
        self._news = news
        self._rhythm = rhythm
        self._step = step
        self._now = now
        self._me = uuid4().hex
        self._mine_until: datetime | None = None
        self._waiting: deque[str] = deque()
        self._at_work: dict[asyncio.Task[None], str] = {}
        self._outages = 0
        self._rest_until: datetime | None = None
        self._applications = 0
        self._counted_at: datetime | None = None
        self._ended_at: datetime | None = None
        self.wake = asyncio.Event()  # set when something was reported as changed

    async def run(self) -> None:
        """Look for ever; a fault of the database is waited out."""
        try:
            while True:
                try:
                    await self._go_on()
                except Exception as error:
                    log.warning("looking at followed applications: %s", type(error).__name__)
                    await asyncio.sleep(self._rhythm.lease.total_seconds() / 3)
        finally:
            for task in self._at_work:
                task.cancel()
            await asyncio.gather(*self._at_work, return_exceptions=True)
            await asyncio.to_thread(self._leases.give_up, LEASE, self._me)

    async def _go_on(self) -> None:
        now = self._now()
        if not await self._is_my_turn(now):
            self._waiting.clear()
            await asyncio.sleep(self._rhythm.lease.total_seconds() / 3)
            return
        await self._keep_house(now)
        if self._is_resting(now):
            self._waiting.clear()
        elif not self._waiting:
            busy = set(self._at_work.values())
            self._waiting.extend(code for code in await self._watch.take(now, _BATCH) if code not in busy)
        most = 1 if self._outages else _AT_ONCE  # after an outage one goes ahead
        while self._waiting and len(self._at_work) < most:
            code = self._waiting.popleft()
            self._at_work[asyncio.create_task(self._look(code))] = code
        await self._rest()

    async def _rest(self) -> None:
        """Wait for the next application to be done, for a report, or for a moment."""
        if not self._at_work:
            self.wake.clear()
            if not self._waiting:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.wake.wait(), self._rhythm.idle_s)
            return
        done, _ = await asyncio.wait(self._at_work, timeout=self._rhythm.idle_s, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            del self._at_work[task]
            if (error := task.exception()) is not None:
                log.warning("looking at a followed application: %s", type(error).__name__)

    async def _is_my_turn(self, now: datetime) -> bool:
        """Tell whether this worker is the one that looks; renewed when half of the lease is over."""
        lease = self._rhythm.lease
        if self._mine_until is not None and now < self._mine_until - lease / 2:
            return True
        has_it = await asyncio.to_thread(self._leases.take, LEASE, self._me, now, lease)
        self._mine_until = now + lease if has_it else None
        return has_it

    def _is_resting(self, now: datetime) -> bool:
        return self._rest_until is not None and now < self._rest_until

    async def _keep_house(self, now: datetime) -> None:
        if self._counted_at is None or now - self._counted_at > _COUNT_EVERY:
            self._applications, self._counted_at = await self._watch.count(), now
        if self._ended_at is None or now - self._ended_at > _END_EVERY:
            self._ended_at = now
            if await self._watch.end_over(now, self._news.over):
                self._outbox.news.set()

    async def _look(self, code: str) -> None:
        """Ask about one application and note what it led to."""
        if self._mine_until is None or self._now() >= self._mine_until:
            return  # this worker was asleep too long: another one looks now
        try:
            self._step("poll:asking")
            record = await self._one_stop.application(code)
            self._step("poll:asked")
        except ApplicationNotFound:
            await self._put_off(code, self._usual_pause())
            return
        except OneStopError as trouble:
            reason = trouble.reason if isinstance(trouble, OneStopUnavailable) else type(trouble).__name__
            if reason in _ONE_RECORD:
                await self._put_off(code, self._usual_pause())
            else:
                await self._put_off(code, _AFTER_OUTAGE_S)  # another one goes ahead next time
                self._note_outage(reason)
            return
        self._outages, self._rest_until = 0, None
        now = self._now()
        view = status_view(record, now)
        state = self._states.of(view)
        following = now + timedelta(seconds=self._rhythm.pause_after(state.status, self._applications))
        told = await self._watch.record(code, state, self._news.of(view, state.is_final), now, following)
        self._step("poll:recorded")
        if told:
            self._outbox.news.set()

    def _usual_pause(self) -> float:
        return self._rhythm.pause_after(0, self._applications)

    async def _put_off(self, code: str, pause_s: float) -> None:
        """Look again after a pause; at one that fails again and again, less and less often."""
        failures = await self._watch.put_off(code, self._now() + timedelta(seconds=pause_s))
        if failures > _PATIENCE:
            longer_s = min(pause_s * 2 ** min(failures - _PATIENCE, 6), _LONGEST_WAIT_S)
            await self._watch.put_off(code, self._now() + timedelta(seconds=longer_s))

    def _note_outage(self, reason: str) -> None:
        """Leave the system alone for a while that grows; questions under way then count as one."""
        now = self._now()
        if self._is_resting(now):
            return
        pause_s = min(_FIRST_PAUSE_S * 2**self._outages, _LONGEST_PAUSE_S) * random.uniform(0.8, 1.2)
        self._outages += 1
        self._rest_until = now + timedelta(seconds=pause_s)
        log.warning("the one-stop system gives no news (%s); looking again in %.0f s", reason, pause_s)
