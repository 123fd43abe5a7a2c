"""Stands in for the dialogue server over real HTTP: strict about what it gets, bad-tempered when told to be."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.serving import serving

SECRET_HEADER = "X-Action-Secret"
_SENDER = re.compile(r"[0-9a-f]{32}")
#: A token may hold eight digits by chance; it is no number.
_RAW_DIGITS = re.compile(r"(?<![\w./-])\d{4}(?![\w./-])|(?<![\w])\d{8,}")


class Mood(Enum):
    """How the server answers."""

    WELL = "well"
    SILENT = "silent"  # 200 with an empty list, as rasa does after a fault inside
    ERROR = "error"  # 500
    GARBAGE = "garbage"  # no JSON
    WRONG_TYPE = "wrong_type"  # JSON of another shape


def say(text: str, outcome: str | None = "small_talk", **turn: Any) -> dict[str, Any]:
    """Return one utterance as rasa gives it; with an outcome it carries the turn."""
    utterance: dict[str, Any] = {"recipient_id": "x", "text": text}
    return utterance if outcome is None else utterance | {"custom": {"turn": {"outcome": outcome, **turn}}}


def echo(text: str) -> list[dict[str, Any]]:
    """Answer with the words as they arrived."""
    return [say(f"« {text} »")]


def _open_gate() -> threading.Event:
    gate = threading.Event()
    gate.set()
    return gate


@dataclass
class FakeRasa:
    """A dialogue server in a thread.

    answer: what is said to a text.  intent: what is understood of one.  delay_s: before each answer.
    heard: (sender, text) of every message.  forgotten: senders whose conversation was deleted.
    at_work: the most messages of one sender at the same time.  side_by_side: the most of all senders.
    """

    answer: Callable[[str], list[dict[str, Any]]] = echo
    intent: Callable[[str], str] = lambda text: "ask_procedure"
    mood: Mood = Mood.WELL
    delay_s: float = 0.0
    secret: str = "made-at-start"
    heard: list[tuple[str, str]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    at_work: int = 0
    side_by_side: int = 0
    _now: dict[str, int] = field(default_factory=dict)
    _may_answer: threading.Event = field(default_factory=_open_gate)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Answer nothing until the block ends: what happens in it happened before any answer, however slow it was."""
        self._may_answer.clear()
        try:
            yield
        finally:
            self._may_answer.set()

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.heard]

    def app(self) -> Starlette:
        """Return the ASGI application: the routes that the real server has."""
        return Starlette(
            routes=[
                Route("/status", self._status),
                Route("/webhooks/rest/webhook", self._receive, methods=["POST"]),
                Route("/intent", self._judge, methods=["POST"]),
                Route("/conversations/{sender}", self._forget, methods=["DELETE"]),
            ]
        )

    async def _status(self, request: Request) -> Response:
        return JSONResponse({"status": "ready"}, 200 if self.mood is Mood.WELL else 500)

    async def _receive(self, request: Request) -> Response:
        body = json.loads(await request.body())
        self._check(body)
        sender, text = body["sender"], body["message"]
        self.heard.append((sender, text))
        self._now[sender] = self._now.get(sender, 0) + 1
        self.at_work = max(self.at_work, self._now[sender])
        self.side_by_side = max(self.side_by_side, sum(self._now.values()))
        await asyncio.sleep(self.delay_s)
        while not self._may_answer.is_set():
            await asyncio.sleep(0.01)
        self._now[sender] -= 1
        return {
            Mood.WELL: lambda: JSONResponse(self.answer(text)),
            Mood.SILENT: lambda: JSONResponse([]),
            Mood.ERROR: lambda: PlainTextResponse("trouble", 500),
            Mood.GARBAGE: lambda: PlainTextResponse("<html>"),
            Mood.WRONG_TYPE: lambda: JSONResponse({"text": "not a list"}),
        }[self.mood]()

    async def _judge(self, request: Request) -> Response:
        body = json.loads(await request.body())
        if set(body) != {"text"} or not body["text"].strip() or _RAW_DIGITS.search(body["text"]):
            self.violations.append(f"a text to judge: {body}")
        return {
            Mood.WELL: lambda: JSONResponse({"intent": self.intent(body["text"])}),
            Mood.SILENT: lambda: JSONResponse({}),
            Mood.ERROR: lambda: PlainTextResponse("trouble", 500),
            Mood.GARBAGE: lambda: PlainTextResponse("<html>"),
            Mood.WRONG_TYPE: lambda: JSONResponse([]),
        }[self.mood]()

    async def _forget(self, request: Request) -> Response:
        if request.headers.get(SECRET_HEADER) != self.secret:
            return JSONResponse({"detail": "wrong or missing secret"}, 403)
        if self.mood is not Mood.WELL:
            return PlainTextResponse("trouble", 500)
        self.forgotten.append(request.path_params["sender"])
        return JSONResponse({"deleted_events": 1})

    def _check(self, body: Any) -> None:
        """Note whatever the real server would not get, or must never get."""
        if set(body) != {"sender", "message", "metadata"}:
            self.violations.append(f"fields {sorted(body)}")
        if not _SENDER.fullmatch(str(body.get("sender"))):
            self.violations.append("the sender is no hash")
        if set(body.get("metadata", {})) != {"channel"}:
            self.violations.append(f"metadata {body.get('metadata')}")
        if not isinstance(body.get("message"), str) or not body["message"].strip():
            self.violations.append("an empty message")
        elif not body["message"].startswith("/") and (raw := _RAW_DIGITS.search(body["message"])):
            self.violations.append(f"raw digits {raw[0]}")


@contextmanager
def running_rasa(rasa: FakeRasa) -> Iterator[str]:
    """Serve it on a free port and give its address; a strict one complains at the end.

    Raises:
        AssertionError: it got something that the real server must not get.
    """
    with serving(rasa.app(), abrupt=True) as url:
        yield url
    assert rasa.violations == []
