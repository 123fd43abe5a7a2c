"""Pushed messages for open pages: GET /api/v1/events (server-sent events) and /api/v1/events/poll."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from channels.events import EventHub
from channels.messages import Identifier
from channels.store.events import Event

_NO_STORE = {"Cache-Control": "no-store"}
#: X-Accel-Buffering: proxies such as nginx would else hold a stream back.
_STREAM = {**_NO_STORE, "X-Accel-Buffering": "no"}
_RETRY_MS = 3000


class Places:
    """How many streams may be open, altogether and for one address: offices share one, so it is many."""

    def __init__(self, most: int, most_for_one: int) -> None:
        self._most = most
        self._most_for_one = most_for_one
        self._taken: Counter[str] = Counter()

    def take(self, address: str) -> bool:
        """Take a place; False when there is none."""
        if self._taken.total() >= self._most or self._taken[address] >= self._most_for_one:
            return False
        self._taken[address] += 1
        return True

    def leave(self, address: str) -> None:
        """Give the place back."""
        self._taken[address] -= 1
        if self._taken[address] <= 0:
            del self._taken[address]


def build_events_router(hub: EventHub, hash_of: Callable[[str], str], places: Places) -> APIRouter:
    """Return both routes.

    hash_of: gives the topic of a conversation id; ids themselves are kept nowhere.
    """
    router = APIRouter(prefix="/api/v1/events", tags=["hội thoại"])

    @router.get("", summary="Tin được đẩy tới trang đang mở (server-sent events)")
    async def events(
        request: Request,
        conversation_id: Annotated[Identifier, Query()],
        after: str | None = None,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> Response:
        """Hết chỗ thì trả 503: trang chuyển sang hỏi định kỳ ở `/poll`."""
        address = request.client.host if request.client else ""
        if not places.take(address):
            return Response(status_code=503, headers={**_NO_STORE, "Retry-After": "60"})
        stream = _stream(hub, hash_of(conversation_id), _cursor(last_event_id or after))
        return _Stream(stream, places, address)

    @router.get("/poll", summary="Tin được đẩy, hỏi định kỳ")
    async def poll(conversation_id: Annotated[Identifier, Query()], after: str | None = None) -> Response:
        found = await hub.after(hash_of(conversation_id), _cursor(after))
        return JSONResponse({"events": [{"id": str(one.id), **one.data} for one in found]}, headers=_NO_STORE)

    return router


class _Stream(StreamingResponse):
    """A stream that gives its place back however it ends, also when it never began."""

    def __init__(self, content: AsyncIterator[str], places: Places, address: str) -> None:
        super().__init__(content, media_type="text/event-stream", headers=_STREAM)
        self._places = places
        self._address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._places.leave(self._address)


async def _stream(hub: EventHub, topic: str, cursor: int) -> AsyncIterator[str]:
    yield f"retry: {_RETRY_MS}\n\n"
    async for events in hub.subscribe(topic, cursor):
        yield "".join(map(_written, events)) or ": still here\n\n"


def _written(event: Event) -> str:
    data: dict[str, Any] = event.data
    return f"id: {event.id}\nevent: message\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _cursor(given: str | None) -> int:
    """Return the cursor; what is none of ours means from the beginning, and the page drops what it has seen."""
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 19 else 0
