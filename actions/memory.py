"""What a conversation remembers, and the procedure that a message was found to be about: plain data of a turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from knowledge.elsewhere import Elsewhere
from knowledge.model import Procedure
from knowledge.search import SearchHit


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
