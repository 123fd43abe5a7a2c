"""A canned assistant behind the real web API, for looking at the widget and for its browser tests.

It is stricter than a real server: whatever the contract does not name is refused and remembered in
`violations`. Nothing it says about a procedure is true; every answer says so.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.responses import JSONResponse, Response, StreamingResponse

from channels.web.demo_replies import FAULT, FIRST_NOTICE, reply_to, turn

_UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_HEARTBEAT_S = 0.05


class IncomingMessage(BaseModel):
    """What the widget may send, and nothing else."""

    model_config = ConfigDict(extra="forbid", strict=True)

    conversation_id: Annotated[str, Field(pattern=_UUID)]
    message_id: Annotated[str, Field(pattern=_UUID)]
    text: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    payload: Annotated[str, Field(pattern=r"^/[a-z_]+(\{.*\})?$", max_length=500)] | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> IncomingMessage:
        """A message is either words or a pressed button."""
        if (self.text is None) == (self.payload is None):
            raise ValueError("exactly one of text and payload")
        return self


class CannedAssistant:
    """Answers by keyword and can be told to fail, to be slow and to push messages.

    faults: HTTP statuses to answer next instead of a turn, first one first.
    answers_before_fault: when True the turn is done and only its answer is lost, as on a broken line.
    stumbles: this many turns end as "failed"; the same message is taken again then.
    pushes_offered: None answers `no_pushes_status` on both event addresses, "poll" only polls, "events" does both.
    """

    def __init__(self) -> None:
        self.received: list[IncomingMessage] = []
        self.turns: list[IncomingMessage] = []
        self.violations: list[str] = []
        self.faults: deque[int] = deque()
        self.answers_before_fault = False
        self.stumbles = 0
        self.delay_s = 0.0
        self.pushes_offered: str | None = None
        self.no_pushes_status = 204
        self.event_streams = 0
        self._answers: dict[str, dict[str, Any]] = {}
        self._outcomes: dict[str, str] = {}
        self._events: dict[str, list[dict[str, Any]]] = {}

    async def answer(self, message: IncomingMessage) -> Response:
        """Do the turn once per message id; the same id again gets the same reply."""
        self.received.append(message)
        await asyncio.sleep(self.delay_s)
        if self.faults and not self.answers_before_fault:
            return self._fault()
        if self.stumbles:
            self.stumbles -= 1
            return JSONResponse(turn("failed", FAULT))
        if message.message_id not in self._answers:
            self._answers[message.message_id] = self._turn(message)
        if self.faults:
            return self._fault()
        return JSONResponse(self._answers[message.message_id])

    def push(self, conversation_id: str, text: str, outcome: str = "answered") -> None:
        """Send a message that nobody asked for; with "handed_over" it comes from an officer."""
        events = self._events.setdefault(conversation_id, [])
        events.append({"id": str(len(events) + 1), **turn(outcome, text)})

    def events_after(self, conversation_id: str, after: str | None) -> list[dict[str, Any]]:
        """Return the pushed messages after the one with that id."""
        return self._events.get(conversation_id, [])[int(after or 0) :]

    def _turn(self, message: IncomingMessage) -> dict[str, Any]:
        first = message.conversation_id not in self._outcomes
        self.turns.append(message)
        reply = reply_to(message.text, message.payload, self._outcomes.get(message.conversation_id))
        self._outcomes[message.conversation_id] = reply["outcome"]
        if first:
            notice = {"text": FIRST_NOTICE, "buttons": [], "links": []}
            reply = {**reply, "replies": [notice, *reply["replies"]]}
        return reply

    def _fault(self) -> Response:
        return JSONResponse({"detail": "fault asked for"}, status_code=self.faults.popleft())


def build_demo_api(assistant: CannedAssistant) -> APIRouter:
    """Return the routes of the web API around a canned assistant."""
    router = APIRouter(prefix="/api/v1")

    @router.post("/messages")
    async def messages(request: Request) -> Response:
        try:
            message = IncomingMessage.model_validate_json(await request.body())
        except ValidationError as error:
            assistant.violations.append(str(error))
            return JSONResponse({"detail": "the message breaks the contract"}, status_code=422)
        return await assistant.answer(message)

    @router.get("/events")
    async def events(
        request: Request, conversation_id: Annotated[str, Query(pattern=_UUID)], after: str | None = None
    ) -> Response:
        if assistant.pushes_offered != "events":
            return Response(status_code=assistant.no_pushes_status)
        start = request.headers.get("Last-Event-ID", after)
        stream = _stream(assistant, request, conversation_id, start)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    @router.get("/events/poll")
    async def poll(conversation_id: Annotated[str, Query(pattern=_UUID)], after: str | None = None) -> Response:
        if assistant.pushes_offered is None:
            return Response(status_code=assistant.no_pushes_status)
        return JSONResponse({"events": assistant.events_after(conversation_id, after)})

    return router


async def _stream(
    assistant: CannedAssistant, request: Request, conversation_id: str, after: str | None
) -> AsyncIterator[str]:
    assistant.event_streams += 1
    yield ": open\n\n"
    while not await request.is_disconnected():
        for event in assistant.events_after(conversation_id, after):
            after = event["id"]
            data = {key: value for key, value in event.items() if key != "id"}
            yield f"id: {after}\nevent: message\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
        await asyncio.sleep(_HEARTBEAT_S)
