"""Tells open pages of the desk that something changed (server-sent events); it carries numbers, no words."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Request
from starlette.responses import Response, StreamingResponse

from channels.desk import TakeOver
from channels.desk.queue import TOPIC
from channels.staff.desk import Desk
from channels.staff.errors import NotSignedIn, PasswordMustChange
from channels.staff.guard import COOKIE
from channels.store.moments import to_ms
from channels.web.headers import SECURITY_HEADERS

STREAM = "/can-bo/tro-chuyen/truc-tiep"
_RETRY_MS = 2000
#: Numbers of events begin at the clock's milliseconds: a new page gets those of the last seconds and looks by itself.
_LOOK_BACK_MS = 3000


def build_takeover_stream(desk: Desk, take_over: TakeOver) -> APIRouter:
    """Return the stream's route. An open stream does not keep its session alive, and ends with it."""
    router = APIRouter(include_in_schema=False)

    @router.get(STREAM)
    async def stream(request: Request, last_event_id: Annotated[str | None, Header()] = None) -> Response:
        token = request.cookies.get(COOKIE, "")
        officer = await desk.accounts.officer(token, counts_as_use=False) if token else None
        if officer is None:
            raise NotSignedIn
        if officer.one_time:
            raise PasswordMustChange
        known = last_event_id or ""
        cursor = int(known) if known.isascii() and known.isdigit() and len(known) < 19 else None
        if cursor is None:
            cursor = to_ms(take_over.now()) - _LOOK_BACK_MS
        headers = {**SECURITY_HEADERS, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_events(token, cursor), media_type="text/event-stream", headers=headers)

    async def _events(token: str, cursor: int) -> AsyncIterator[str]:
        yield f"retry: {_RETRY_MS}\n\n"
        async for events in take_over.bell.hub.subscribe(TOPIC, cursor):
            if await desk.accounts.officer(token, counts_as_use=False) is None:
                yield "event: over\ndata: {}\n\n"
                return
            written = (f"id: {event.id}\nevent: desk\ndata: {json.dumps(event.data)}\n\n" for event in events)
            yield "".join(written) or ": still here\n\n"

    return router
