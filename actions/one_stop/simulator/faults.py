"""Lets the simulator misbehave as real systems do: slow, down, broken, expired, huge."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from enum import Enum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_HUGE_CHUNKS = 5_000
_CHUNK = b'{"MaHoSo": "' + b"x" * 10_000 + b'"},'


class Mode(Enum):
    """How the simulator behaves."""

    OK = "ok"
    SLOW = "slow"  # waits delay_s before a right answer
    DOWN = "down"  # cuts the connection in the middle of the answer
    ERROR500 = "error500"
    MALFORMED = "malformed"  # 200, but half a JSON text
    WRONG_TYPE = "wrong_type"  # JSON, but of another shape
    EXPIRED_SESSION = "expired_session"  # forgets all log-ins, once
    REFUSED_SESSION = "refused_session"  # lets log in, but accepts no session
    UNAUTHORIZED = "unauthorized"  # refuses the user name and password
    HUGE = "huge"  # 50 MB


class Orders(BaseModel):
    """What the simulator is told to do.

    times: for how many requests; None until told otherwise.
    """

    model_config = ConfigDict(extra="forbid")

    mode: Mode = Mode.OK
    delay_s: float = Field(default=0.0, ge=0, le=120)
    times: int | None = Field(default=None, ge=1)


class Faults:
    """The orders in force."""

    def __init__(self) -> None:
        self.orders = Orders()
        self.requests = 0

    def obey(self, orders: Orders) -> None:
        """Take new orders."""
        self.orders = orders

    def next_mode(self) -> Mode:
        """Return the mode for one more request, and count it."""
        self.requests += 1
        mode, left = self.orders.mode, self.orders.times
        if left is not None:
            self.orders = (
                self.orders.model_copy(update={"times": left - 1}) if left > 1 else Orders(delay_s=self.orders.delay_s)
            )
        return mode


class FaultyMiddleware:
    """Puts the ordered fault between the caller and the simulated system; control paths stay sound."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/simulator"):
            await self._app(scope, receive, send)
            return
        delay_s = self._faults.orders.delay_s
        mode = self._faults.next_mode()
        scope.setdefault("state", {})["mode"] = mode
        if mode is Mode.DOWN:
            await _hang_up(send)
            return
        if mode is Mode.SLOW:
            await asyncio.sleep(delay_s)
        answer = _wrong_answer(mode, Request(scope).url.path)
        await (answer or self._app)(scope, receive, send)


def _wrong_answer(mode: Mode, path: str) -> Response | None:
    if mode is Mode.ERROR500:
        return Response("Internal Server Error", status_code=500)
    if mode is Mode.MALFORMED:
        return Response('{"result": [{"MaHoSo": "H50', media_type="application/json")
    if mode is Mode.WRONG_TYPE and not _is_log_in(path):
        wrong: dict[str, Any] = {"error_code": 0, "result": {"MaHoSo": 7}, "content": "none"}
        return JSONResponse(wrong)
    if mode is Mode.HUGE and not _is_log_in(path):
        return StreamingResponse(_huge(), media_type="application/json")
    return None


def _is_log_in(path: str) -> bool:
    return path.endswith(("/auth", "/token"))


async def _huge() -> AsyncIterator[bytes]:
    yield b'{"result": ['
    for _ in range(_HUGE_CHUNKS):
        yield _CHUNK


async def _hang_up(send: Send) -> None:
    """Promise a body and send less: the server then closes the connection."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"result": [', "more_body": False})
