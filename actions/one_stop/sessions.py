"""Keeps one log-in to an upstream and renews it once when it is refused."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from actions.one_stop.errors import OneStopUnavailable
from actions.one_stop.identity import DigitProof
from actions.one_stop.port import ApplicationRecord, vietnam_now
from actions.one_stop.upstream import Answer, Upstream

_RENEW_EARLY_S = 30.0


@dataclass(frozen=True)
class Token:
    """What a log-in gives: a session id or a bearer token.

    lifetime_s: None when the system does not say; then it is used until refused.
    """

    value: str = field(repr=False)
    lifetime_s: float | None = None


class Session:
    """One log-in shared by all questions; never two log-ins at the same time."""

    def __init__(self, log_in: Callable[[], Awaitable[Token]]) -> None:
        self._log_in = log_in
        self._value: str | None = None
        self._expires_at: float | None = None
        self._one_at_a_time = asyncio.Lock()

    async def use(self, send: Callable[[str], Awaitable[Answer]], refused: Callable[[Answer], bool]) -> Answer:
        """Return the answer to `send(token)`, after a second log-in when the first is refused.

        Raises:
            OneStopUnavailable: refused again right after a fresh log-in.
        """
        token = await self._current()
        answer = await send(token)
        if not refused(answer):
            return answer
        answer = await send(await self.renew(token))
        if refused(answer):
            raise OneStopUnavailable("session_refused")
        return answer

    async def renew(self, refused: str | None = None) -> str:
        """Log in and return the new token, unless somebody else just replaced the refused one.

        refused: the token that was not accepted, "" when there was none; None logs in whatever happens.
        """
        async with self._one_at_a_time:
            if refused is None or self._value is None or self._value == refused:
                token = await self._log_in()
                self._value = token.value
                self._expires_at = _expiry(token)
            return self._value

    async def _current(self) -> str:
        if self._value is None:
            return await self.renew("")
        if self._expires_at is not None and time.monotonic() >= self._expires_at:
            return await self.renew(self._value)
        return self._value


class SessionOneStop(ABC):
    """What adapters with a log-in share: the guard, the session, the clock."""

    def __init__(self, upstream: Upstream, proof: DigitProof, now: Callable[[], datetime] = vietnam_now) -> None:
        self._upstream = upstream
        self._proof = proof
        self._now = now
        self._session = Session(self._log_in)

    async def application(self, code: str) -> ApplicationRecord:
        """Return the application (hồ sơ); see `OneStop.application`."""
        return await self._upstream.ask(lambda: self._search(code))

    async def check(self) -> None:
        """Log in afresh; see `OneStop.check`."""
        await self._upstream.ask(self._session.renew)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._upstream.aclose()

    @abstractmethod
    async def _log_in(self) -> Token:
        """Return a new session of this system."""

    @abstractmethod
    async def _search(self, code: str) -> ApplicationRecord:
        """Ask once for an application."""


def _expiry(token: Token) -> float | None:
    if token.lifetime_s is None:
        return None
    return time.monotonic() + max(token.lifetime_s - _RENEW_EARLY_S, token.lifetime_s / 2)
