"""The canned assistant keeps the web API's contract more strictly than a real one."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from channels.web.demo_api import CannedAssistant, build_demo_api
from channels.web.demo_replies import MADE_UP, reply_to

TURN_KEYS = {"replies", "outcome", "procedure_code", "procedure_codes", "candidates"}


def make_client(assistant: CannedAssistant) -> httpx.AsyncClient:
    """Return a client of the canned API."""
    app = FastAPI()
    app.include_router(build_demo_api(assistant))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://portal.test")


def make_message(**changes: Any) -> dict[str, Any]:
    """Return a good message with changes."""
    return {
        "conversation_id": str(uuid.uuid4()),
        "message_id": str(uuid.uuid4()),
        "text": "khai sinh",
    } | changes


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "wrong",
    [
        {"extra": 1},
        {"payload": "/ask_fee"},
        {"text": None},
        {"text": ""},
        {"text": None, "payload": "ask_fee"},
        {"message_id": "1"},
        {"text": 5},
    ],
)
async def test_whatever_the_contract_does_not_name_is_refused(wrong: dict[str, Any]) -> None:
    """A widget that passes here passes a real server."""
    assistant = CannedAssistant()
    async with make_client(assistant) as client:
        response = await client.post("/api/v1/messages", json=make_message(**wrong))
    assert response.status_code == 422
    assert len(assistant.violations) == 1


@pytest.mark.asyncio
async def test_the_same_message_id_gets_the_same_reply() -> None:
    """A retry is no second turn."""
    assistant = CannedAssistant()
    message = make_message()
    async with make_client(assistant) as client:
        first = await client.post("/api/v1/messages", json=message)
        second = await client.post("/api/v1/messages", json=message)
    assert first.json() == second.json()
    assert len(assistant.turns) == 1


@pytest.mark.asyncio
async def test_the_notice_comes_once_in_a_conversation() -> None:
    """With the first turn, as the real assistant does."""
    assistant = CannedAssistant()
    message = make_message()
    async with make_client(assistant) as client:
        first = (await client.post("/api/v1/messages", json=message)).json()
        second = (await client.post("/api/v1/messages", json=message | {"message_id": str(uuid.uuid4())})).json()
    assert len(first["replies"]) == len(second["replies"]) + 1
    assert "máy" in first["replies"][0]["text"]


@pytest.mark.parametrize(
    ("text", "payload", "last"),
    [
        ("giấy tờ gì", None, None),
        ("khai sinh", None, None),
        ("1234", None, "status_asked"),
        (None, "/ask_fee", None),
    ],
)
def test_every_canned_turn_has_the_shape_of_a_real_one(text: str | None, payload: str | None, last: str | None) -> None:
    """The widget is built on this shape."""
    turn = reply_to(text, payload, last)
    assert set(turn) == TURN_KEYS
    for reply in turn["replies"]:
        assert set(reply) == {"text", "buttons", "links"}


def test_a_canned_fact_says_that_it_is_made_up() -> None:
    """Nobody may take the demo's papers for the real ones."""
    for turn in (reply_to("giấy tờ gì", None, None), reply_to("1234", None, "status_asked")):
        assert MADE_UP in turn["replies"][-1]["text"]
