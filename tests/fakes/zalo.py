"""Stands in for Zalo: an Official Account's Open API and its OAuth server, as strict as the platform.

Run by hand it brings a page with a chat, so that anybody can talk to the assistant without an account:
`python -m tests.fakes.zalo --port 8091`; see `main` for what the app has to be told. The clock can be moved.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.serving import serving

HOUR_S = 3600.0
ACCESS_LIFE_S = 25 * HOUR_S
WINDOW_S, WINDOW_MESSAGES = 48 * HOUR_S, 8
MAX_TEXT, MAX_BUTTONS, MAX_TITLE, MAX_PAYLOAD = 2000, 5, 100, 1000
#: Two codes are documented by integrators: a bad access token, a refresh token used before. The others are ours.
BAD_TOKEN, SPENT = -216, -14020
BAD_REQUEST, NOT_FOLLOWING, WINDOW_CLOSED = -201, -213, -230
RETRY_AFTER_S = (30.0, 300.0, 900.0, 1800.0, 3600.0)
PAGE = Path(__file__).with_name("zalo_chat.html")


class Mood(Enum):
    """How the servers answer."""

    WELL = "well"
    SLOW = "slow"  # after `slow_s`
    ERROR = "error"  # 500
    GARBAGE = "garbage"  # no JSON


@dataclass
class Person:
    """A user of Zalo: when they last wrote, what they got since, everything they got."""

    last_at: float = 0.0
    since: int = 0
    follows: bool = True
    messages: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class FakeZalo:
    """One account, its app, its people.

    webhook_url: where events go.  errors: codes for the next messages, instead of taking them.
    violations: what a careful integration must never send.  asked: the refresh tokens seen, in order.
    retry_factor: how much of the platform's pauses between repeated webhooks to really wait.
    patience_s: how long it waits for our answer to an event; the platform waits two seconds, a busy machine gets more,
    so that a test fails for what it says and not for its hour.
    """

    app_id: str = "4001001001"
    app_secret: str = "secret-of-the-app"
    oa_secret: str = "secret-of-the-account"
    first_refresh: str = field(default_factory=lambda: f"refresh-{secrets.token_hex(8)}")
    webhook_url: str = ""
    mood: Mood = Mood.WELL
    slow_s: float = 1.0
    retry_factor: float = 0.001
    patience_s: float = 10.0
    follow_opens_window: bool = True
    errors: deque[int] = field(default_factory=deque)
    people: dict[str, Person] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    _moved_s: float = 0.0
    _refresh: set[str] = field(default_factory=set)
    _access: dict[str, float] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._refresh.add(self.first_refresh)

    # --- the clock, and what a test looks at

    def now(self) -> float:
        return time.time() + self._moved_s

    def pass_time(self, hours: float) -> None:
        """Move the clock on."""
        self._moved_s += hours * HOUR_S

    def person(self, number: str) -> Person:
        return self.people.setdefault(number, Person())

    def texts(self, number: str) -> list[str]:
        """Return what a person read so far."""
        return [message["text"] for message in self.person(number).messages]

    def buttons(self, number: str) -> list[dict[str, Any]]:
        """Return the buttons under a person's last message."""
        attachment = self.person(number).messages[-1].get("attachment", {"payload": {"buttons": []}})
        return list(attachment["payload"]["buttons"])

    def end_access(self) -> None:
        """Let every access token end now."""
        self._access.clear()

    def lose(self) -> None:
        """Count every refresh token as used, as after a pair was lost on the way."""
        self._refresh.clear()
        self._access.clear()

    def sign_in_anew(self) -> str:
        """Return a new refresh token, as a person gets it from Zalo's pages."""
        self._refresh.add(token := f"refresh-{secrets.token_hex(8)}")
        return token

    # --- webhooks: from people to the app

    def event(self, name: str, number: str, **more: Any) -> bytes:
        """Return the body of an event; writing and following open the person's window."""
        person = self.person(number)
        person.follows = name != "unfollow" and (person.follows or name == "follow")
        if name.startswith("user_send_") or (name == "follow" and self.follow_opens_window):
            person.last_at, person.since = self.now(), 0
        who = {"follower": {"id": number}} if name in ("follow", "unfollow") else {"sender": {"id": number}}
        event = {"app_id": self.app_id, "oa_id": "9001", "event_name": name, **who, **more}
        event |= {"user_id_by_app": "5001", "timestamp": str(int(self.now() * 1000))}
        return json.dumps(event, ensure_ascii=False).encode()

    def text(self, number: str, words: str, msg_id: str = "") -> bytes:
        """Return the body of a message typed by a person."""
        message = {"text": words, "msg_id": msg_id or secrets.token_hex(8)}
        return self.event("user_send_text", number, recipient={"id": "9001"}, message=message)

    def signature(self, body: bytes) -> str:
        """Return the header that goes with a body."""
        timestamp = str(json.loads(body)["timestamp"])
        digest = hashlib.sha256(self.app_id.encode() + body + timestamp.encode() + self.oa_secret.encode())
        return f"mac={digest.hexdigest()}"

    async def post(self, body: bytes, http: httpx.AsyncClient | None = None) -> list[int]:
        """Deliver an event, again and again until it is taken; return the answers (0: too late or none)."""
        answers: list[int] = []
        headers = {"X-ZEvent-Signature": self.signature(body), "Content-Type": "application/json"}
        client = http or httpx.AsyncClient(trust_env=False)
        try:
            for pause in (0.0, *RETRY_AFTER_S):
                await asyncio.sleep(pause * self.retry_factor)
                try:
                    sent = client.post(self.webhook_url, content=body, headers=headers, timeout=self.patience_s)
                    answers.append((await asyncio.wait_for(sent, self.patience_s)).status_code)
                except (httpx.HTTPError, TimeoutError):
                    answers.append(0)
                if answers[-1] == 200:
                    break
        finally:
            if http is None:
                await client.aclose()
        return answers

    async def says(self, number: str, words: str) -> list[int]:
        """Let a person write."""
        return await self.post(self.text(number, words))

    async def presses(self, number: str, title: str) -> list[int]:
        """Let a person press a button under the last message."""
        (button,) = [button for button in self.buttons(number) if button["title"] == title]
        assert button["type"].startswith("oa.query"), "this one opens a page"
        return await self.says(number, button["payload"])

    # --- the servers

    def app(self) -> Starlette:
        """Return the ASGI application: Open API, OAuth, and the page for people."""
        return Starlette(
            routes=[
                Route("/v3.0/oa/message/cs", self._send, methods=["POST"]),
                Route("/v4/oa/access_token", self._token, methods=["POST"]),
                Route("/", lambda _: FileResponse(PAGE)),
                Route("/chat", self._chat, methods=["GET", "POST"]),
            ]
        )

    async def _moody(self) -> Response | None:
        if self.mood is Mood.SLOW:
            await asyncio.sleep(self.slow_s)
        if self.mood is Mood.ERROR:
            return PlainTextResponse("trouble", 500)
        return PlainTextResponse("<html>") if self.mood is Mood.GARBAGE else None

    async def _send(self, request: Request) -> Response:
        if (bad := await self._moody()) is not None:
            return bad
        if self._access.get(request.headers.get("access_token", ""), 0.0) <= self.now():
            return _error(BAD_TOKEN, "Access token is invalid")
        if self.errors:
            return _error(self.errors.popleft(), "as told")
        body = json.loads(await request.body())
        wrong = _wrong_with(body)
        if wrong:
            self.violations.append(wrong)
            return _error(BAD_REQUEST, wrong)
        number, message = body["recipient"]["user_id"], body["message"]
        person = self.people.get(number)
        if person is None or not person.follows:
            return _error(NOT_FOLLOWING, "User has not followed Official Account")
        if self.now() - person.last_at > WINDOW_S or person.since >= WINDOW_MESSAGES:
            return _error(WINDOW_CLOSED, "User has not interacted with the OA")
        person.since += 1
        person.messages.append(message)
        return JSONResponse({"error": 0, "message": "Success", "data": {"message_id": secrets.token_hex(8)}})

    async def _token(self, request: Request) -> Response:
        if (bad := await self._moody()) is not None:
            return bad
        if request.headers.get("secret_key") != self.app_secret:
            return _error(-14003, "Invalid secret key")
        form = await request.form()
        if form.get("app_id") != self.app_id or form.get("grant_type") != "refresh_token":
            return _error(-14002, "Invalid request")
        refresh = str(form.get("refresh_token"))
        with self._guard:
            self.asked.append(refresh)
            if refresh not in self._refresh:
                return _error(SPENT, "Refresh token was used")
            self._refresh.discard(refresh)
            self._refresh.add(new := f"refresh-{secrets.token_hex(8)}")
            self._access = {(access := f"access-{secrets.token_hex(8)}"): self.now() + ACCESS_LIFE_S}
        return JSONResponse({"access_token": access, "refresh_token": new, "expires_in": str(int(ACCESS_LIFE_S))})

    async def _chat(self, request: Request) -> Response:
        """Serve the page for people: what they got; what they do."""
        number = "7000000001"
        if request.method == "POST":
            said = await request.json()
            if said.get("hours"):
                self.pass_time(float(said["hours"]))
            elif said.get("event") == "user_send_text":
                asyncio.get_running_loop().create_task(self.post(self.text(number, str(said["text"]))))
            elif said.get("event"):
                body = self.event(said["event"], number, message={"msg_id": secrets.token_hex(8)})
                asyncio.get_running_loop().create_task(self.post(body))
        person = self.person(number)
        open_s = person.last_at + WINDOW_S - self.now()
        state = {"left": WINDOW_MESSAGES - person.since if open_s > 0 else 0, "hours": round(open_s / HOUR_S, 1)}
        return JSONResponse({"messages": person.messages, "follows": person.follows, **state})


def _error(code: int, why: str) -> Response:
    """Return a fault as Zalo does: with HTTP 200."""
    return JSONResponse({"error": code, "message": why})


def _wrong_with(body: Any) -> str:
    """Return what is wrong with a message; empty when nothing is."""
    if set(body) != {"recipient", "message"} or set(body["recipient"]) != {"user_id"}:
        return f"fields {sorted(body)}"
    message = body["message"]
    text = message.get("text")
    if not isinstance(text, str) or not text.strip() or len(text.encode("utf-16-le")) // 2 > MAX_TEXT:
        return "no text, or too long a one"
    if set(message) == {"text"}:
        return ""
    attachment = message.get("attachment", {})
    if set(message) != {"text", "attachment"} or attachment.get("type") != "template":
        return "no template"
    buttons = attachment["payload"]["buttons"]
    if not 1 <= len(buttons) <= MAX_BUTTONS:
        return f"{len(buttons)} buttons"
    return next((wrong for button in buttons if (wrong := _wrong_with_button(button))), "")


def _wrong_with_button(button: Any) -> str:
    if set(button) != {"title", "type", "payload"} or not 0 < len(button["title"]) <= MAX_TITLE:
        return f"a button with {sorted(button)}"
    payload, kind = button["payload"], button["type"]
    if kind == "oa.open.url":
        good = set(payload) == {"url"} and payload["url"].startswith(("https://", "http://"))
        return "" if good else "an address that opens nothing"
    if kind in ("oa.query.show", "oa.query.hide"):
        return "" if isinstance(payload, str) and 0 < len(payload) <= MAX_PAYLOAD else "a payload of the wrong size"
    return f"a button of kind {kind}"


@contextmanager
def running_zalo(zalo: FakeZalo) -> Iterator[str]:
    """Serve it on a free port and give its address; a strict one complains at the end.

    Raises:
        AssertionError: it got something that the platform would refuse.
    """
    with serving(zalo.app(), abrupt=True) as url:
        yield url
    assert zalo.violations == []


def environment(zalo: FakeZalo, url: str) -> dict[str, str]:
    """Return what an app has to be told so that it talks to this Zalo."""
    return {
        "MOT_CUA_ZALO_APP_ID": zalo.app_id,
        "MOT_CUA_ZALO_APP_SECRET": zalo.app_secret,
        "MOT_CUA_ZALO_OA_SECRET": zalo.oa_secret,
        "MOT_CUA_ZALO_REFRESH_TOKEN": zalo.first_refresh,
        "MOT_CUA_ZALO_API_URL": url,
        "MOT_CUA_ZALO_OAUTH_URL": url,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C; print what the app has to be told."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.zalo", description="Zalo giả lập để thử")
    parser.add_argument("--port", type=int, default=8091)
    parser.add_argument("--app", default="http://127.0.0.1:8000", help="địa chỉ của trợ lý")
    parser.add_argument("--refresh-token", default=None, help="refresh token đầu tiên; để trống thì tự tạo")
    given = parser.parse_args(arguments)
    first = {"first_refresh": given.refresh_token} if given.refresh_token else {}
    zalo = FakeZalo(webhook_url=f"{given.app}/zalo/webhook", retry_factor=1.0, **first)
    url = f"http://127.0.0.1:{given.port}"
    if not given.refresh_token:  # who gives one has told the app already
        print("Ghi vào .env của trợ lý rồi chạy `make run`:")
        print(*(f"{name}={value}" for name, value in environment(zalo, url).items()), sep="\n")
    print(f"Trò chuyện tại {url} (Ctrl-C để dừng)", flush=True)
    uvicorn.run(zalo.app(), host="127.0.0.1", port=given.port, log_level="warning", access_log=False)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
