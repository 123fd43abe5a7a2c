"""A conversation at the desk, as everybody there knows it: its state, its clerk, what is said with a change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from channels.messages import Reply
from channels.store.transcripts import Who


class Reason(str, Enum):
    """Why a conversation is at the desk; danger, told of at any moment, outweighs what it began with."""

    ASKED = "asked"
    MISSED = "missed"
    COMPLAINT = "complaint"
    DANGER = "danger"


class State(str, Enum):
    """Where a ticket stands."""

    WAITING = "waiting"
    TAKEN = "taken"
    CLOSED = "closed"


class Ended(str, Enum):
    """How it ended: settled, given back to the machine, by the citizen, or nobody said anything for long."""

    SETTLED = "settled"
    MACHINE = "machine"
    CITIZEN = "citizen"
    QUIET = "quiet"


class Delivery(str, Enum):
    """How a clerk's words fare: on their way or there, held until the citizen writes, tried again, or never."""

    DONE = "done"
    HELD = "held"
    TRYING = "trying"
    REFUSED = "refused"


@dataclass(frozen=True)
class Holder:
    """A clerk as tickets know them."""

    account_id: int
    name: str
    full_name: str


@dataclass(frozen=True)
class Ticket:
    """One conversation at the desk. words: what led here, masked.  waits_since: since when nobody has it."""

    id: int
    conversation: str
    reason: Reason
    words: str
    state: State
    field: str | None
    wanted_id: int | None
    wanted_name: str | None
    officer_id: int | None
    officer_name: str | None
    asked_at: datetime
    waits_since: datetime
    taken_at: datetime | None
    closed_at: datetime | None
    ended: Ended | None
    citizen_at: datetime
    owed_since: datetime
    officer_at: datetime
    seen_at: datetime
    warned_at: datetime
    apologised: bool
    channel: str | None = None

    @property
    def is_unanswered(self) -> bool:
        """Tell whether the citizen wrote after the clerk did."""
        return self.citizen_at > self.officer_at

    @property
    def is_urgent(self) -> bool:
        """Tell whether its citizen spoke of danger and no clerk has written since."""
        return self.reason is Reason.DANGER and self.state is not State.CLOSED and self.is_unanswered

    @property
    def is_unread(self) -> bool:
        """Tell whether the citizen wrote something that its clerk has not looked at."""
        return self.state is State.TAKEN and self.citizen_at > self.seen_at


@dataclass(frozen=True)
class Said:
    """What goes with a change: a line of the transcript, and a message to the citizen where `replies` gives one.

    replies: what to send on a channel.  key: names the message; the same is sent once.
    """

    who: Who
    text: str
    key: str
    replies: Callable[[str], list[Reply]] | None = None
    outcome: str | None = None
    officer: str | None = None
