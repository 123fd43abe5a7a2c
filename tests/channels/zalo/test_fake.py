"""The fake is as strict as the platform, or the tests over it prove nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.fakes.zalo import FakeZalo

BUTTON = {"title": "Lệ phí", "type": "oa.query.hide", "payload": "x"}


class Client:
    """A careless integration: sends whatever it is told to."""

    def __init__(self, zalo: FakeZalo, http: httpx.AsyncClient) -> None:
        self.zalo = zalo
        self.http = http
        self.access = ""

    async def exchange(self, refresh: str) -> dict[str, Any]:
        form = {"refresh_token": refresh, "app_id": self.zalo.app_id, "grant_type": "refresh_token"}
        headers = {"secret_key": self.zalo.app_secret}
        answer: dict[str, Any] = (await self.http.post("/v4/oa/access_token", data=form, headers=headers)).json()
        self.access = str(answer.get("access_token"))
        return answer

    async def send(self, text: str = "chào", person: str = "7", buttons: list[dict[str, Any]] | None = None) -> int:
        message: dict[str, Any] = {"text": text}
        if buttons is not None:
            message["attachment"] = {"type": "template", "payload": {"buttons": buttons}}
        body = {"recipient": {"user_id": person}, "message": message}
        response = await self.http.post("/v3.0/oa/message/cs", json=body, headers={"access_token": self.access})
        assert response.status_code == 200
        return int(response.json()["error"])


@pytest_asyncio.fixture
async def client() -> AsyncIterator[Client]:
    """Signed in, with one person who just wrote."""
    zalo = FakeZalo()
    transport = httpx.ASGITransport(zalo.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://zalo.test") as http:
        one = Client(zalo, http)
        await one.exchange(zalo.first_refresh)
        zalo.text("7", "chào")
        yield one


async def test_a_refresh_token_works_once(client: Client) -> None:
    """The second use is an error, and with HTTP 200."""
    assert (await client.exchange(client.zalo.first_refresh))["error"] == -14020


async def test_an_access_token_lasts_25_hours(client: Client) -> None:
    """Then −216, until a new one is asked for."""
    client.zalo.pass_time(24)
    assert await client.send() == 0
    client.zalo.pass_time(2)
    assert await client.send() == -216


@pytest.mark.parametrize(
    "text, buttons",
    [
        ("a" * 2001, None),
        ("👍" * 1001, None),
        ("", None),
        ("chào", []),
        ("chào", [BUTTON] * 6),
        ("chào", [BUTTON | {"title": "d" * 101}]),
        ("chào", [BUTTON | {"payload": "p" * 1001}]),
        ("chào", [BUTTON | {"type": "oa.open.url"}]),
        ("chào", [BUTTON | {"type": "something"}]),
    ],
)
async def test_what_is_too_long_or_too_many_is_refused(
    client: Client, text: str, buttons: list[dict[str, Any]] | None
) -> None:
    """And remembered, so that the test that sent it fails."""
    if buttons and buttons[0]["type"] == "oa.open.url":
        buttons = [BUTTON | {"type": "oa.open.url", "payload": {"url": "/relative"}}]
    assert await client.send(text, buttons=buttons) != 0
    assert client.zalo.violations


async def test_the_ninth_message_and_the_49th_hour_are_refused(client: Client) -> None:
    """Until the person writes again."""
    assert [await client.send() for _ in range(9)] == [0] * 8 + [-230]
    client.zalo.text("7", "còn đó không")
    assert await client.send() == 0
    client.zalo.pass_time(20)
    assert await client.send() == 0
    assert await client.send(person="a stranger") == -213


async def test_an_event_comes_again_until_it_is_taken_in_time() -> None:
    """After a fault, and after more than it waits for."""
    came: list[bytes] = []

    async def receive(request: Request) -> Response:
        came.append(await request.body())
        if len(came) == 2:
            await asyncio.sleep(1.0)
        return Response(status_code=500 if len(came) == 1 else 200)

    zalo = FakeZalo(webhook_url="http://app.test/zalo/webhook", patience_s=0.4)
    app = Starlette(routes=[Route("/zalo/webhook", receive, methods=["POST"])])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
        assert await zalo.post(zalo.text("7", "chào"), http) == [500, 0, 200]
    assert len(set(came)) == 1
