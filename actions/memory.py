"""What a conversation remembers, and the procedure that a message was found to be about: plain data of a turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from knowledge.elsewhere import Elsewhere
from knowledge.model import Procedure
from knowledge.search import SearchHit

#: How many earlier procedures are remembered.
HISTORY = 8


class Reason(Enum):
    """How the subject was found, or why there is none."""

    NAMED = "named"
    KEPT = "kept"
    WHAT_IF = "what_if"
    CHOSEN = "chosen"
    RETURNED = "returned"
    UNSURE = "unsure"
    NOTHING = "nothing"
    STILL_OPEN = "still_open"
    REJECTED = "rejected"
    NOT_SAID = "not_said"
    UNKNOWN_CODE = "unknown_code"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Memory:
    """What the conversation remembers (Rasa slots).

    procedure_code: under discussion.  history: earlier ones, oldest first.  candidates: codes offered last.
    question: the words that led to the offer.  elsewhere_code: of another office's procedure that was named last.
    """

    procedure_code: str | None = None
    history: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    question: str = ""
    elsewhere_code: str | None = None

    @property
    def is_talk(self) -> bool:
        """Tell whether a procedure is under discussion, or some were offered."""
        return bool(self.procedure_code or self.candidates)


@dataclass(frozen=True)
class Subject:
    """The procedure meant (and the others of the same message), the hits to offer, or another office's procedure.

    offers: what it may be, when unsure; beside a procedure: what else may be meant.
    """

    reason: Reason
    procedure: Procedure | None = None
    offers: tuple[SearchHit, ...] = ()
    also: tuple[Procedure, ...] = ()
    code: str | None = field(default=None)
    elsewhere: Elsewhere | None = None

    @property
    def tells_something(self) -> bool:
        """Tell whether there is a procedure to answer about, or some to choose from."""
        return self.procedure is not None or self.reason is Reason.UNSURE


def memory_of(tracker: Tracker) -> Memory:
    """Return what the conversation remembers."""
    return Memory(
        tracker.get_slot("procedure_code"),
        tuple(tracker.get_slot("procedure_history") or ()),
        tuple(tracker.get_slot("candidates") or ()),
        tracker.get_slot("pending_question") or "",
        tracker.get_slot("elsewhere_code"),
    )


def _history(memory: Memory, code: str | None) -> list[str]:
    """Return the earlier procedures when `code` is the next one."""
    history = list(memory.history)
    if memory.procedure_code and memory.procedure_code != code:
        history = [*(known for known in history if known != memory.procedure_code), memory.procedure_code]
    return history[-HISTORY:]


def elsewhere_events(other: Elsewhere, memory: Memory) -> list[EventType]:
    """Return the events after naming another office's procedure: "lệ phí?" asks for that, not for the one before."""
    return [
        SlotSet("elsewhere_code", other.code),
        SlotSet("candidates", None),
        SlotSet("pending_kinds", None),  # that fee is not known here: it is no question still open
        SlotSet("procedure_code", None),
        SlotSet("procedure_history", _history(memory, None)),
    ]


def subject_events(code: str, memory: Memory) -> list[EventType]:
    """Return the events that make a procedure the one under discussion."""
    return [
        SlotSet("procedure_code", code),
        SlotSet("elsewhere_code", None),
        SlotSet("procedure_history", _history(memory, code)),
        SlotSet("candidates", None),
        SlotSet("pending_kinds", None),
        SlotSet("pending_question", None),
    ]
