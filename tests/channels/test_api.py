"""The web API: what it takes, what it refuses in which words, what it tells about itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from actions.turn import Outcome
from channels.api import MAX_BODY_BYTES, Health, add_fault_handlers, health_router, message_router
from channels.conversation import Conversations
from channels.sentences import Sentences
from tests.fakes.rasa import FakeRasa, Mood

GOOD = {"conversation_id": "c1", "message_id": "m1", "text": "chào"}


async def _up() -> dict[str, Any]:
    return {"ok": True}


@pytest.fixture
def app(conversations: Conversations) -> FastAPI:
    sentences = Sentences()
    app = FastAPI()
    add_fault_handlers(app, sentences)
    app.include_router(message_router(conversations, sentences))
    app.include_router(health_router(Health({"app": _up})))
    return app


@pytest_asyncio.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as one:
        yield one


async def post(http: httpx.AsyncClient, body: Any) -> httpx.Response:
    return await http.post("/api/v1/messages", json=body)


async def test_an_answer_has_the_shape_of_the_contract(http: httpx.AsyncClient) -> None:
    """Channels of other people build on it."""
    response = await post(http, GOOD)

    assert response.status_code == 200
    assert set(response.json()) == {"replies", "outcome", "procedure_code", "procedure_codes", "candidates"}
    assert set(response.json()["replies"][0]) == {"text", "buttons", "links"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "chào",
        7,
        {**GOOD, "text": None},
        {**GOOD, "payload": "/ask_fee"},
        {**GOOD, "text": 5},
        {**GOOD, "text": ["a"]},
        {**GOOD, "conversation_id": ""},
        {**GOOD, "conversation_id": "a" * 129},
        {**GOOD, "conversation_id": "có dấu cách"},
        {**GOOD, "message_id": {"$ne": 1}},
        {**GOOD, "sender": "someone else"},
        {"conversation_id": "c1", "message_id": "m1"},
        {"conversation_id": "c1", "message_id": "m1", "payload": "ask_fee"},
        {"conversation_id": "c1", "message_id": "m1", "payload": "/ask_fee; rm -rf"},
        {"conversation_id": "c1", "message_id": "m1", "payload": "/" + "a" * 600},
    ],
)
async def test_a_wrong_body_is_refused_in_vietnamese(http: httpx.AsyncClient, rasa: FakeRasa, body: Any) -> None:
    """A clear sentence, no internals, and nothing reaches the dialogue."""
    response = await post(http, body)

    assert response.status_code == 422
    assert set(response.json()) == {"detail"}
    assert "không đúng dạng" in response.json()["detail"]
    assert "pydantic" not in response.text and "Traceback" not in response.text
    assert rasa.heard == []


@pytest.mark.parametrize("content", [b"{", b"", b"\xff\xfe", b'{"conversation_id": "c1",}', b"null"])
async def test_broken_json_is_refused_in_vietnamese(http: httpx.AsyncClient, content: bytes) -> None:
    """A proxy cut it off."""
    response = await http.post("/api/v1/messages", content=content, headers={"content-type": "application/json"})

    assert response.status_code == 422
    assert "không đúng dạng" in response.json()["detail"]


async def test_what_was_typed_is_not_repeated_in_a_refusal(http: httpx.AsyncClient) -> None:
    """Whatever was typed may be a secret."""
    response = await post(http, {**GOOD, "secret_1234": "<script>", "text": 5})

    assert "<script>" not in response.text


async def test_ten_thousand_letters_get_a_short_polite_answer(http: httpx.AsyncClient, rasa: FakeRasa) -> None:
    """Too long is a turn with an advice, not a fault."""
    response = await post(http, {**GOOD, "text": "đăng ký " * 1250})

    assert response.status_code == 200
    assert "viết ngắn lại" in response.json()["replies"][0]["text"]
    assert response.json()["outcome"] == "nothing_found"
    assert rasa.heard == []


async def test_a_body_of_a_megabyte_is_not_read(http: httpx.AsyncClient, rasa: FakeRasa) -> None:
    """413 with a sentence."""
    response = await post(http, {**GOOD, "text": "a" * MAX_BODY_BYTES})

    assert response.status_code == 413
    assert response.json()["detail"]
    assert rasa.heard == []


async def test_a_body_without_a_length_is_not_read_without_end(http: httpx.AsyncClient, rasa: FakeRasa) -> None:
    """Chunked requests carry no length: they must not get round the limit."""

    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"conversation_id": "c1", "message_id": "m1", "text": "'
        for _ in range(40):
            yield b"a" * 10_000
        yield b'"}'

    response = await http.post("/api/v1/messages", content=chunks(), headers={"content-type": "application/json"})

    assert response.status_code == 413
    assert rasa.heard == []


async def test_a_fault_behind_is_still_a_turn(http: httpx.AsyncClient, rasa: FakeRasa) -> None:
    """The widget shows a sentence and may send the same message again."""
    rasa.mood = Mood.SILENT
    response = await post(http, GOOD)

    assert response.status_code == 200
    assert response.json()["outcome"] == "failed"
    assert response.json()["replies"][0]["text"]


async def test_other_methods_and_paths_are_refused(http: httpx.AsyncClient) -> None:
    """GET on the message route is a mistake of a programmer."""
    assert (await http.get("/api/v1/messages")).status_code == 405
    assert (await http.post("/api/v1/nothing", json={})).status_code == 404


def test_the_description_lists_the_contract(app: FastAPI) -> None:
    """Whoever builds a channel reads /openapi.json."""
    described = app.openapi()
    route = described["paths"]["/api/v1/messages"]["post"]
    schemas = described["components"]["schemas"]

    assert set(schemas["Outcome"]["enum"]) == {outcome.value for outcome in Outcome}
    assert set(schemas["TurnResult"]["properties"]) >= {"replies", "outcome", "procedure_code", "candidates"}
    assert set(schemas["IncomingMessage"]["required"]) == {"conversation_id", "message_id"}
    assert schemas["IncomingMessage"]["additionalProperties"] is False
    assert {"200", "413", "422"} <= set(route["responses"])
    assert route["responses"]["422"]["content"]["application/json"]["schema"]["$ref"].endswith("/Fault")
    assert "/healthz" in described["paths"]


async def health_of(**parts: dict[str, Any]) -> httpx.Response:
    """Return what /healthz tells of these parts."""

    def check(state: dict[str, Any]) -> Any:
        async def look() -> dict[str, Any]:
            return state

        return look

    app = FastAPI()
    app.include_router(health_router(Health({name: check(state) for name, state in parts.items()})))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as http:
        return await http.get("/healthz")


async def test_healthy_means_that_questions_can_be_answered() -> None:
    """The one-stop system may be away: procedures are answered."""
    response = await health_of(rasa={"ok": True}, one_stop={"ok": False, "needed": False})

    assert response.status_code == 200
    assert response.json()["ok"] is True
    assert response.json()["parts"]["one_stop"]["ok"] is False


async def test_without_the_dialogue_server_nothing_is_well() -> None:
    """A load balancer must know."""
    response = await health_of(rasa={"ok": False}, index={"ok": True})

    assert response.status_code == 503
    assert response.json()["ok"] is False


async def test_asking_often_does_not_trouble_the_parts() -> None:
    """A hundred monitors are not an attack."""
    asked = 0

    async def look() -> dict[str, Any]:
        nonlocal asked
        asked += 1
        return {"ok": True}

    health = Health({"rasa": look}, every_s=60.0)
    for _ in range(100):
        await health.look()

    assert asked == 1
