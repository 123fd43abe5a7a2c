"""The addresses of pushed messages: streams with a cursor, polling beside them, a place for everybody."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from channels.events import EventHub
from channels.store.database import open_database
from channels.store.events import EventStore
from channels.web.events import Places, build_events_router
from tests.serving import serving


class Portal:
    """The two routes on a real port; the topic of a conversation id is "t-" and the id."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.store = EventStore(open_database(f"sqlite:///{folder / 'app.db'}"))

    def push(self, conversation: str, text: str) -> None:
        """Append an event, as another worker would."""
        asyncio.run(self.store.append(f"t-{conversation}", text, {"replies": [{"text": text}]}))

    @contextmanager
    def stream(self, conversation: str, after: str | None = None, last: str | None = None) -> Iterator[Iterator[str]]:
        """Open a stream and give its lines."""
        params = {"conversation_id": conversation} | ({"after": after} if after else {})
        headers = {"Last-Event-ID": last} if last else {}
        with (
            httpx.Client(timeout=10, trust_env=False) as http,
            http.stream("GET", f"{self.url}/api/v1/events", params=params, headers=headers) as response,
        ):
            assert response.status_code == 200, response.status_code
            assert response.headers["content-type"].startswith("text/event-stream")
            assert response.headers["cache-control"] == "no-store"
            yield response.iter_lines()

    def get(self, path: str, **params: str) -> httpx.Response:
        """Ask once."""
        return httpx.get(f"{self.url}/api/v1/events{path}", params=params, trust_env=False)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    hub = EventHub(EventStore(engine), look_s=0.05, keep_alive_s=0.3)
    app = FastAPI()
    app.include_router(build_events_router(hub, lambda person: f"t-{person}", Places(3, 2)))
    app.router.on_startup.append(hub.start)
    with serving(app, lifespan="on", abrupt=True) as url:
        yield Portal(url, tmp_path)
    engine.dispose()


def next_event(lines: Iterator[str]) -> dict[str, Any]:
    """Read up to the end of the next event."""
    event: dict[str, Any] = {}
    for line in lines:
        if line.startswith(("id: ", "event: ", "data: ")):
            name, value = line.split(": ", 1)
            event[name] = json.loads(value) if name == "data" else value
        elif not line and "data" in event:
            return event
    raise AssertionError("the stream ended")


def test_an_event_reaches_the_open_page(portal: Portal) -> None:
    """With its id, so that the browser can say where it was."""
    with portal.stream("c1") as lines:
        portal.push("c1", "Hồ sơ vừa đổi")
        event = next_event(lines)

    assert event["event"] == "message" and event["data"] == {"replies": [{"text": "Hồ sơ vừa đổi"}]}
    assert int(event["id"]) > 0


@pytest.mark.parametrize("way", ["after", "last"])
def test_a_page_that_comes_back_gets_what_it_missed_and_nothing_twice(portal: Portal, way: str) -> None:
    """By the address or by the browser's own header."""
    for number in range(3):
        portal.push("c1", f"tin {number}")
    cursor = portal.get("/poll", conversation_id="c1").json()["events"][0]["id"]
    with portal.stream("c1", **{way: cursor}) as lines:
        texts = [next_event(lines)["data"]["replies"][0]["text"] for _ in range(2)]

    assert texts == ["tin 1", "tin 2"]


def test_polling_gives_the_same(portal: Portal) -> None:
    """Where proxies hold streams back."""
    assert portal.get("/poll", conversation_id="c1").json() == {"events": []}
    portal.push("c1", "tin 1")
    portal.push("c2", "tin của người khác")
    (event,) = portal.get("/poll", conversation_id="c1").json()["events"]

    assert event["replies"] == [{"text": "tin 1"}]
    assert portal.get("/poll", conversation_id="c1", after=event["id"]).json() == {"events": []}


def test_a_silent_stream_stays_alive(portal: Portal) -> None:
    """A comment now and then."""
    with portal.stream("c1") as lines:
        assert any(line.startswith(": ") for line in lines)


def test_who_finds_no_place_is_sent_to_polling_and_places_are_given_back(portal: Portal) -> None:
    """503 makes the page ask now and then instead; 204 would make it give up."""
    with portal.stream("c1"), portal.stream("c2"):
        assert portal.get("", conversation_id="c3").status_code == 503
        assert portal.get("/poll", conversation_id="c3").status_code == 200
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with portal.stream("c3"):
                return
        except AssertionError:
            time.sleep(0.05)
    raise AssertionError("the places were not given back")


@pytest.mark.parametrize("conversation", ["", "a b", "x" * 200, "a/b"])
def test_what_is_no_conversation_is_refused(portal: Portal, conversation: str) -> None:
    """As in the messages."""
    assert portal.get("", conversation_id=conversation).status_code == 422
    assert portal.get("/poll", conversation_id=conversation).status_code == 422


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 40, "٣"])
def test_a_strange_cursor_means_from_the_beginning(portal: Portal, cursor: str) -> None:
    """The page drops what it has seen."""
    portal.push("c1", "tin 1")

    assert len(portal.get("/poll", conversation_id="c1", after=cursor).json()["events"]) == 1
