"""Answers "where does my application stand" (tra cứu hồ sơ) for whoever proves to be its owner."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from actions.one_stop.attempts import AttemptLimit, AttemptStore, attempt_keys
from actions.one_stop.errors import (
    ApplicationNotFound,
    LockedOut,
    OneStopError,
    StatusRefused,
)
from actions.one_stop.identity import DigitProof
from actions.one_stop.last_known import KnownAnswer, LastKnownStore, is_too_old
from actions.one_stop.port import ApplicationRecord, OneStop
from actions.one_stop.status_view import StatusView, is_overdue, status_view

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LookupPolicy:
    """How strict a look-up is.

    refusal_step_s: a refusal comes at a whole multiple of this after the question, never in between.
    last_known_for: how long a kept answer may stand in when the system is down.
    """

    limit: AttemptLimit = field(default_factory=AttemptLimit)
    refusal_step_s: float = 1.0
    last_known_for: timedelta = timedelta(days=7)


class StatusLookup:
    """Looks up one application for one citizen; the digits live in the arguments and nowhere else."""

    def __init__(
        self,
        one_stop: OneStop,
        proof: DigitProof,
        attempts: AttemptStore,
        last_known: LastKnownStore,
        policy: LookupPolicy | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._one_stop = one_stop
        self._proof = proof
        self._attempts = attempts
        self._last_known = last_known
        self._policy = policy or LookupPolicy()
        self._monotonic = monotonic
        self._sleep = sleep

    async def look_up(self, code: str, digits: str, channel_user: str, now: datetime) -> StatusView:
        """Return where the application with this canonical code stands.

        digits: the last four of the owner's ID number or phone on file.
        channel_user: who asks, the same for one citizen on one channel (hashed).

        Raises:
            StatusRefused: unknown code or wrong digits, which of them is not told.
            LockedOut: five failures within fifteen minutes, of this citizen or for this code.
            OneStopUnavailable, OneStopMisconfigured: no answer, and none kept that this citizen may see.
        """
        started = self._monotonic()
        keys = attempt_keys(channel_user, code)
        locked_until = await self._attempts.claim(keys, now, self._policy.limit)
        if locked_until is not None:
            raise LockedOut(locked_until)
        try:
            record = await self._record(code)
        except OneStopError as trouble:
            known = await self._last_known.find(channel_user, code)
            if known is None or is_too_old(known.view, now, self._policy.last_known_for):
                await self._attempts.give_back(keys, now)
                raise
            if not self._proof.matches(known.proofs, code, digits):
                raise await self._refusal(started) from trouble
            await self._attempts.give_back(keys, now)
            return self._stale(known.view, now)
        except BaseException:
            await self._attempts.give_back(keys, now)
            raise
        is_owner = self._proof.matches(record.proofs if record else (), code, digits)
        if record is None or not is_owner:
            raise await self._refusal(started)
        await self._attempts.give_back(keys, now)
        view = status_view(record, now)
        await self._last_known.keep(channel_user, KnownAnswer(view, record.proofs))
        return view

    async def look_again(self, code: str, channel_user: str, now: datetime) -> StatusView:
        """Return where an application stands whose digits this citizen has proved lately; nothing is counted.

        Raises:
            StatusRefused: the system does not know it any more.
            OneStopUnavailable, OneStopMisconfigured: no answer, and none kept.
        """
        try:
            record = await self._one_stop.application(code)
        except ApplicationNotFound as gone:
            raise StatusRefused from gone
        except OneStopError:
            known = await self._last_known.find(channel_user, code)
            if known is None or is_too_old(known.view, now, self._policy.last_known_for):
                raise
            return self._stale(known.view, now)
        view = status_view(record, now)
        await self._last_known.keep(channel_user, KnownAnswer(view, record.proofs))
        return view

    @staticmethod
    def _stale(view: StatusView, now: datetime) -> StatusView:
        return replace(view, is_stale=True, is_overdue=is_overdue(view.status, view.due_at, now))

    async def _record(self, code: str) -> ApplicationRecord | None:
        """Return the record, None when there is none: both go the same way from here."""
        try:
            record = await self._one_stop.application(code)
        except ApplicationNotFound:
            return None
        if not record.proofs:
            _log.warning("an application carries neither an ID number nor a phone: its owner is refused")
        return record

    async def _refusal(self, started: float) -> StatusRefused:
        """Wait until the next whole step, whatever took how long before, and return the one refusal."""
        step_s = self._policy.refusal_step_s
        elapsed_s = self._monotonic() - started
        await self._sleep(max(1, math.ceil(elapsed_s / step_s)) * step_s - elapsed_s)
        return StatusRefused()
