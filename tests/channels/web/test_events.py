"""The addresses of pushed messages while nothing pushes."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from channels.web.events import build_silent_events_router


@pytest.mark.parametrize("path", ["/api/v1/events", "/api/v1/events/poll"])
async def test_there_are_no_events_and_nobody_is_alarmed(path: str) -> None:
    """Browsers show a 404 in red, and people ask the office what is broken."""
    app = FastAPI()
    app.include_router(build_silent_events_router())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://portal.test") as client:
        response = await client.get(path, params={"conversation_id": "x", "after": "3"})
    assert response.status_code == 204
    assert response.content == b""
    assert response.headers["Cache-Control"] == "no-store"
