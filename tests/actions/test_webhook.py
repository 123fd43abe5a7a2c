"""The door through which rasa calls the actions: loopback and secret, nothing else."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.webhook import SECRET_HEADER, action_router

SECRET = "made-at-start"


class Echo(Action):
    """Says one response and sets one slot."""

    def name(self) -> str:
        return "action_echo"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(response="utter_echo", who=tracker.sender_id)
        return [SlotSet("heard", tracker.latest_message["text"])]


class Refusing(Action):
    """Rejects to run, as a form's action may."""

    def name(self) -> str:
        return "action_refusing"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        raise ActionExecutionRejection(self.name(), "not now")


async def call(
    name: str = "action_echo", secret: str | None = SECRET, host: str = "127.0.0.1", made: str = SECRET
) -> httpx.Response:
    """Call an action from a host, with a secret."""
    app = FastAPI()
    app.include_router(action_router([Echo(), Refusing()], made))
    tracker = {"sender_id": "a-citizen", "slots": {}, "latest_message": {"text": "chào"}, "events": []}
    headers = {} if secret is None else {SECRET_HEADER: secret}
    transport = httpx.ASGITransport(app, client=(host, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as http:
        return await http.post("/actions/webhook", json={"next_action": name, "tracker": tracker}, headers=headers)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", ""])
async def test_rasa_on_this_machine_with_the_secret_is_served(host: str) -> None:
    """Events and responses come back; rasa sends no domain and needs none."""
    response = await call(host=host)

    assert response.status_code == 200
    assert response.json()["events"][0]["value"] == "chào"
    assert response.json()["responses"][0]["response"] == "utter_echo"


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x"])
async def test_without_the_secret_nobody_is_served(secret: str | None) -> None:
    """A proxy on the same host comes from loopback too."""
    assert (await call(secret=secret)).status_code == 403


@pytest.mark.parametrize("host", ["192.0.2.7", "10.0.0.1", "2001:db8::1", "testclient"])
async def test_another_machine_is_not_served_even_with_the_secret(host: str) -> None:
    """The actions are no public interface."""
    assert (await call(host=host)).status_code == 403


async def test_an_app_started_without_a_secret_serves_nobody() -> None:
    """An empty secret must not match an empty header."""
    assert (await call(secret="", made="")).status_code == 403


async def test_a_secret_with_foreign_letters_is_only_wrong() -> None:
    """Comparing must not fail on it."""
    app = FastAPI()
    app.include_router(action_router([Echo()], SECRET))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=("127.0.0.1", 1)), base_url="http://app"
    ) as http:
        headers = [(SECRET_HEADER.encode(), "bí mật".encode())]
        assert (await http.post("/actions/webhook", json={}, headers=headers)).status_code == 403


async def test_an_unknown_action_is_not_found() -> None:
    """A model newer than the app is told so."""
    assert (await call("action_of_tomorrow")).status_code == 404


async def test_a_rejected_action_is_told_as_rasa_expects_it() -> None:
    """Rasa reads the action's name from a 400."""
    response = await call("action_refusing")

    assert response.status_code == 400


async def test_the_door_is_not_in_the_public_description() -> None:
    """Nobody is invited."""
    app = FastAPI()
    app.include_router(action_router([Echo()], SECRET))

    assert "/actions/webhook" not in app.openapi()["paths"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b"{}", b'{"next_action": ["x"], "tracker": {"sender_id": "a"}}']
)
async def test_what_is_no_call_is_refused(body: bytes) -> None:
    """Behind the secret, too, a fault of somebody else is no fault of ours."""
    app = FastAPI()
    app.include_router(action_router([Echo()], SECRET))
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as http:
        response = await http.post("/actions/webhook", content=body, headers={SECRET_HEADER: SECRET})

    assert response.status_code == 400
