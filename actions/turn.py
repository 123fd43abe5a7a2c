"""What one turn tells the channel beside its sentences: outcome, procedures, choices, links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from knowledge.model import PORTAL_PAGE, Procedure

#: The national portal's front page, where any procedure can be looked up.
NATIONAL_SEARCH = "https://dichvucong.gov.vn/"
PORTAL_LINK = "Xem trên Cổng Dịch vụ công quốc gia"


class Outcome(str, Enum):
    """Every way a turn can end (docs/architecture.md)."""

    ANSWERED = "answered"
    LIFE_EVENT_SHOWN = "life_event_shown"
    ASKED_BACK = "asked_back"
    NOTHING_FOUND = "nothing_found"
    OUT_OF_SCOPE = "out_of_scope"
    SMALL_TALK = "small_talk"
    STATUS_ASKED = "status_asked"
    STATUS_SHOWN = "status_shown"
    STATUS_REFUSED = "status_refused"
    ONE_STOP_UNAVAILABLE = "one_stop_unavailable"
    HANDED_OVER = "handed_over"
    FAILED = "failed"


@dataclass(frozen=True)
class Button:
    """A choice: what it says and the payload it sends (an intent, so that no text has to be understood)."""

    title: str
    payload: str

    def plain(self) -> dict[str, str]:
        return {"title": self.title, "payload": self.payload}


@dataclass(frozen=True)
class Turn:
    """The part of the contract that is not sentences.

    procedure_code: the procedure the answer is about.  procedure_codes: all of them, in order.
    candidates: the codes offered when asking back, best first, or beside an answer where another may be meant.
    forget: the channel must delete the conversation.
    """

    outcome: Outcome
    procedure_code: str | None = None
    procedure_codes: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = field(default=())
    forget: bool = False

    def plain(self) -> dict[str, Any]:
        links = [{"title": title, "url": url} for title, url in self.links]
        forget = {"forget": True} if self.forget else {}
        return {
            **forget,
            "outcome": self.outcome.value,
            "procedure_code": self.procedure_code,
            "procedure_codes": list(self.procedure_codes),
            "candidates": list(self.candidates),
            "links": links,
        }


class Speaker:
    """Utters templates by name; the last utterance of a turn carries the turn itself."""

    def __init__(self, dispatcher: CollectingDispatcher) -> None:
        self._dispatcher = dispatcher

    def say(self, response: str, **values: object) -> None:
        """Utter one template of bot/domain/responses with its values."""
        self._dispatcher.utter_message(response=response, **values)

    def close(self, response: str, turn: Turn, buttons: Sequence[Button] = (), **values: object) -> None:
        """Utter the last template of a turn, with its buttons and outcome."""
        self._dispatcher.utter_message(
            response=response,
            buttons=[button.plain() for button in buttons],
            json_message={"turn": turn.plain()},
            **values,
        )


def checklist_link(procedure: Procedure, public_url: str) -> tuple[str, str]:
    """Return the link to the list of papers to print (title, address).

    public_url: where citizens reach the app; empty = a relative address, for the page that the app itself serves.
    """
    return ("Danh sách giấy tờ để in", f"{public_url}/thu-tuc/{procedure.code}/danh-sach")


def portal_link(procedure: Procedure) -> tuple[str, str]:
    """Return the link to the procedure's page on the national portal (title, address)."""
    return (PORTAL_LINK, PORTAL_PAGE.format(code=procedure.code))
