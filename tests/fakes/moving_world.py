"""Stands in for the one-stop system and a messaging platform over real HTTP, while the app in between is killed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actions.one_stop.errors import OneStopUnavailable
from actions.one_stop.identity import DigitProof
from actions.one_stop.port import ApplicationRecord
from channels.errors import DeliveryLater, DeliveryRefused
from channels.messages import Reply
from tests.fakes.one_stop import make_record
from tests.serving import serving

_PROOF = DigitProof(b"a key for tests")


def record_at(code: str, step: int) -> ApplicationRecord:
    """Return an application whose status names its step; none of the ten, so that every step differs."""
    return make_record(_PROOF, code=code, status=None, status_text=f"Bước {step}")


@dataclass
class MovingWorld:
    """Applications that the test moves, and a platform that keeps what it was sent, as often as it was sent.

    The platform is not told our keys, as real ones are not, so it cannot drop a repetition.
    """

    steps: dict[str, int] = field(default_factory=dict)
    received: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[float, str]] = field(default_factory=list)

    def app(self) -> Starlette:
        """Return the ASGI application."""
        return Starlette(
            routes=[
                Route("/applications/{code}", self._application),
                Route("/send", self._send, methods=["POST"]),
            ]
        )

    async def _application(self, request: Request) -> Response:
        code = request.path_params["code"]
        self.asked.append((time.monotonic(), code))
        return JSONResponse({"step": self.steps[code]})

    async def _send(self, request: Request) -> Response:
        body = await request.json()
        assert set(body) == {"person", "text"}
        self.received.append((body["person"], body["text"]))
        return JSONResponse({"ok": True})


@contextmanager
def running_world(world: MovingWorld) -> Iterator[str]:
    """Serve it on a free port and give its address."""
    with serving(world.app(), abrupt=True) as url:
        yield url


class WorldOneStop:
    """`OneStop` over the world's HTTP."""

    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=5.0, trust_env=False)

    async def application(self, code: str) -> ApplicationRecord:
        """Return the application at its step."""
        try:
            response = await self._http.get(f"/applications/{code}")
        except httpx.HTTPError as error:
            raise OneStopUnavailable("no_connection") from error
        return record_at(code, response.json()["step"])

    async def check(self) -> None:
        """Do nothing."""

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


class WorldDeliverer:
    """`Deliverer` of a messaging channel over the world's HTTP."""

    channel = "telegram"

    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=5.0, trust_env=False)

    async def deliver(self, address: str, replies: list[Reply], key: str) -> None:
        """Send the replies in order."""
        for reply in replies:
            (await self._http.post("/send", json={"person": address, "text": reply.text})).raise_for_status()


class FakeDeliverer:
    """`Deliverer` in memory; `troubles` are raised one after the other before anything is taken."""

    def __init__(self, channel: str = "zalo") -> None:
        self.channel = channel
        self.troubles: list[Exception | DeliveryRefused | DeliveryLater] = []
        self.sent: list[tuple[str, list[str], str]] = []

    async def deliver(self, address: str, replies: list[Reply], key: str) -> None:
        """Take the replies, or raise the next trouble."""
        if self.troubles:
            raise self.troubles.pop(0)
        self.sent.append((address, [reply.text for reply in replies], key))
