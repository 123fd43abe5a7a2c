"""The turn contract (POST /api/v1/messages): what a channel sends and what it gets back."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from actions.turn import Outcome

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[\w.:@-]+$")]
MAX_BODY_TEXT = 20_000


class IncomingMessage(BaseModel):
    """One message of a citizen: words typed, or the payload of a button pressed."""

    model_config = ConfigDict(extra="forbid")

    conversation_id: Identifier
    message_id: Identifier
    text: Annotated[str, Field(max_length=MAX_BODY_TEXT)] | None = None
    payload: Annotated[str, StringConstraints(max_length=512, pattern=r"^/[a-z_]+(\{.*\})?$")] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> IncomingMessage:
        if (self.text is None) == (self.payload is None):
            raise ValueError("gửi đúng một trong hai: text hoặc payload")
        return self


class ReplyButton(BaseModel):
    title: str
    payload: str


class ReplyLink(BaseModel):
    title: str
    url: str


class Reply(BaseModel):
    """One bubble: text with line breaks, buttons, links."""

    text: str
    buttons: list[ReplyButton] = []
    links: list[ReplyLink] = []


class TurnResult(BaseModel):
    """What a message led to; `outcome` names the way the turn ended."""

    replies: list[Reply]
    outcome: Outcome
    procedure_code: str | None = None
    procedure_codes: list[str] = []
    candidates: list[str] = []


class Fault(BaseModel):
    """Why a request was not taken, in words for people."""

    detail: str
