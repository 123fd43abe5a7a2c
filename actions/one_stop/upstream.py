"""Asks an upstream system over HTTP within a fixed time: one retry, circuit breaker, capped answers."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import pybreaker

from actions.one_stop.errors import ApplicationNotFound, OneStopMisconfigured, OneStopUnavailable

T = TypeVar("T")

_RETRY_PAUSE_S = (0.05, 0.3)
_SESSION_REFUSED = (401, 403)


@dataclass(frozen=True)
class Limits:
    """How long, how much and how often an upstream is asked.

    timeout_s: for one question with its log-in and its retry.
    breaker_failures: failures in a row after which nobody is sent upstream for breaker_pause_s.
    """

    timeout_s: float = 7.5
    max_answer_bytes: int = 1_000_000
    breaker_failures: int = 5
    breaker_pause_s: float = 30.0


@dataclass(frozen=True)
class Answer:
    """One HTTP answer that is either good (2xx) or says that our session is not accepted."""

    session_refused: bool
    content: bytes

    def json(self) -> Any:
        """Return the parsed content.

        Raises:
            OneStopUnavailable: it is not JSON.
        """
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError) as error:
            raise OneStopUnavailable("malformed") from error

    def object(self) -> dict[str, Any]:
        """Return the parsed content, which must be a JSON object.

        Raises:
            OneStopUnavailable: it is something else.
        """
        body = self.json()
        if not isinstance(body, dict):
            raise OneStopUnavailable("malformed")
        return body

    def rows(self, name: str) -> list[Any]:
        """Return the list under a name of the object.

        Raises:
            OneStopUnavailable: there is none.
        """
        rows = self.object().get(name)
        if not isinstance(rows, list):
            raise OneStopUnavailable("malformed")
        return rows


class Upstream:
    """A polite, guarded HTTP client for one upstream; connections are kept and used again."""

    def __init__(
        self,
        base_url: str,
        limits: Limits | None = None,
        *,
        tls: ssl.SSLContext | bool = True,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        pace: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """pace: awaited before every single request, log-ins and retries too; for those who ask unasked."""
        self._limits = limits or Limits()
        self._pace = pace
        self._sleep = sleep
        for chatty in ("httpx", "httpcore"):  # they log addresses with codes and headers with tokens
            logging.getLogger(chatty).setLevel(logging.WARNING)
        self._http = httpx.AsyncClient(
            base_url=base_url,
            verify=tls,
            transport=transport,
            trust_env=False,
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            timeout=httpx.Timeout(self._limits.timeout_s, connect=self._limits.timeout_s / 3),
            limits=httpx.Limits(max_connections=20, max_keepalive_connections=10),
        )
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=self._limits.breaker_failures,
            reset_timeout=self._limits.breaker_pause_s,
            exclude=[_is_no_outage],
            throw_new_error_on_trip=False,
        )

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Return what the question gives, within the time and the guard of the breaker.

        Raises:
            OneStopUnavailable: too slow, failed twice, or the breaker is open.
        """
        try:
            with self._breaker.calling():
                return await self._ask_in_time(question)
        except pybreaker.CircuitBreakerError as error:
            raise OneStopUnavailable("circuit_open") from error

    async def send(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request and return its answer; `ask` puts the guard around it.

        Raises:
            OneStopUnavailable: no connection, 5xx, 429, or an answer too large.
            OneStopMisconfigured: any other status, such as a redirect or 404: the address is wrong.
        """
        if self._pace is not None:
            await self._pace()
        try:
            async with self._http.stream(method, path, json=json, data=form, params=query, headers=headers) as response:
                _check_status(response.status_code)
                content = await self._capped_content(response)
                return Answer(response.status_code in _SESSION_REFUSED, content)
        except httpx.HTTPError as error:
            raise OneStopUnavailable("no_connection", worth_retrying=True) from error
        except httpx.InvalidURL as error:
            raise OneStopMisconfigured("the one-stop address is no URL") from error

    async def aclose(self) -> None:
        """Close the kept connections."""
        await self._http.aclose()

    async def _ask_in_time(self, question: Callable[[], Awaitable[T]]) -> T:
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._limits.timeout_s):
                try:
                    return await question()
                except OneStopUnavailable as error:
                    too_late = time.monotonic() - started > self._limits.timeout_s / 2
                    if too_late or not error.worth_retrying:
                        raise
                await self._sleep(random.uniform(*_RETRY_PAUSE_S))
                return await question()
        except TimeoutError as error:
            raise OneStopUnavailable("timeout") from error

    async def _capped_content(self, response: httpx.Response) -> bytes:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise OneStopUnavailable("malformed")  # we asked for plain bytes; a packed bomb is not unpacked
        content = bytearray()
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > self._limits.max_answer_bytes:
                raise OneStopUnavailable("too_large")
        return bytes(content)


def _is_no_outage(error: BaseException) -> bool:
    """Tell whether the upstream answered: an unknown code or one broken record must not stop all look-ups."""
    unreadable = isinstance(error, OneStopUnavailable) and error.reason in ("malformed", "too_large")
    return unreadable or isinstance(error, ApplicationNotFound)


def _check_status(status_code: int) -> None:
    if 200 <= status_code < 300 or status_code in _SESSION_REFUSED:
        return
    if status_code >= 500 or status_code in (408, 425, 429):
        raise OneStopUnavailable(f"http_{status_code}", worth_retrying=status_code >= 500)
    raise OneStopMisconfigured(f"the one-stop system answers {status_code} to a well-formed question")
