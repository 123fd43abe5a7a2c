"""The web API: POST /api/v1/messages and GET /healthz."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, BackgroundTasks, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from actions.turn import Outcome
from channels.conversation import Conversations
from channels.conversation import Message as CitizenMessage
from channels.errors import TextTooLong, TooFast
from channels.limits import too_many
from channels.messages import Fault, IncomingMessage, Reply, TurnResult
from channels.sentences import Sentences

WEB = "web"
MAX_BODY_BYTES = 100_000
FAULTS: dict[int | str, dict[str, Any]] = {
    413: {"model": Fault, "description": "Thân yêu cầu quá lớn"},
    422: {"model": Fault, "description": "Yêu cầu không đúng dạng"},
    429: {"model": Fault, "description": "Quá nhiều tin nhắn; gửi lại sau số giây ở đầu mục Retry-After"},
}


def message_router(conversations: Conversations, sentences: Sentences) -> APIRouter:
    """Return the route that takes a message of the web channel."""
    router = APIRouter(prefix="/api/v1", tags=["hội thoại"])

    @router.post(
        "/messages", responses=FAULTS, response_model=TurnResult, summary="Gửi một tin nhắn, nhận các câu trả lời"
    )
    async def post_message(incoming: IncomingMessage, afterwards: BackgroundTasks) -> TurnResult | Response:
        """Cùng `message_id` gửi lại thì nhận đúng câu trả lời cũ, không tính là lượt mới."""
        message = CitizenMessage(WEB, incoming.conversation_id, incoming.message_id, incoming.text, incoming.payload)
        try:
            result, told = await conversations.answer(message)
        except TextTooLong as error:
            text = sentences.say("utter_too_long", limit=error.limit)
            return TurnResult(replies=[Reply(text=text)], outcome=Outcome.NOTHING_FOUND)
        except TooFast as error:
            return too_many(sentences.say("utter_slow_down", seconds=error.seconds), error.seconds)
        if told:
            afterwards.add_task(asyncio.wait, [told])  # the citizen need not wait for it
        return result

    return router


def add_fault_handlers(app: FastAPI, sentences: Sentences) -> None:
    """Make every refused request a short Vietnamese sentence under `detail`."""

    @app.exception_handler(RequestValidationError)
    async def refuse(request: Request, error: RequestValidationError) -> JSONResponse:
        where = ", ".join(sorted({".".join(map(str, fault["loc"][1:])) or "JSON" for fault in error.errors()}))
        return JSONResponse({"detail": f"{sentences.say('utter_bad_request')} ({where})"}, status_code=422)

    app.add_middleware(BodyLimit, sentence=sentences.say("utter_bad_request"))


class BodyLimit:
    """Refuses request bodies beyond MAX_BODY_BYTES while they arrive, with or without a stated length."""

    def __init__(self, app: ASGIApp, sentence: str) -> None:
        self._app = app
        self._refusal = JSONResponse({"detail": sentence}, status_code=413)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > MAX_BODY_BYTES:
                await self._refusal(scope, receive, send)
                return
            if message["type"] != "http.request" or not message.get("more_body"):
                break
        whole: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def receive_again() -> Message:
            return whole.pop() if whole else await receive()

        await self._app(scope, receive_again, send)


class Health:
    """Tells the truth about the parts: asks each of them, at most once in `every_s` seconds."""

    def __init__(self, checks: dict[str, Callable[[], Awaitable[dict[str, Any]]]], every_s: float = 5.0) -> None:
        self._checks = checks
        self._every_s = every_s
        self._known: dict[str, Any] = {}
        self._asked_at = float("-inf")
        self._lock = asyncio.Lock()

    async def look(self) -> dict[str, Any]:
        """Return the state of every part; `ok` is true when all that answers depend on is up."""
        async with self._lock:
            if time.monotonic() - self._asked_at >= self._every_s:
                found = await asyncio.gather(*(check() for check in self._checks.values()))
                parts = dict(zip(self._checks, found, strict=True))
                needed = [part for part in parts.values() if part.get("needed", True)]
                self._known = {"ok": all(part["ok"] for part in needed), "parts": parts}
                self._asked_at = time.monotonic()
        return self._known


def health_router(health: Health) -> APIRouter:
    """Return GET /healthz: 200 when procedure questions can be answered, else 503; the body names each part."""
    router = APIRouter(tags=["vận hành"])

    @router.get("/healthz", summary="Tình trạng của các phần")
    async def healthz() -> Response:
        state = await health.look()
        return Response(
            json.dumps(state, ensure_ascii=False),
            status_code=200 if state["ok"] else 503,
            media_type="application/json",
        )

    return router
