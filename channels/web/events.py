"""The addresses of pushed messages, answered with "there are none" until officers and applications push some.

204 tells a browser's event source not to come again, and leaves no line in its console as 404 would.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response


def build_silent_events_router() -> APIRouter:
    """Return GET /api/v1/events and /api/v1/events/poll, both 204."""
    router = APIRouter(prefix="/api/v1/events", include_in_schema=False)

    @router.get("")
    @router.get("/poll")
    async def no_events() -> Response:
        return Response(status_code=204, headers={"Cache-Control": "no-store"})

    return router
