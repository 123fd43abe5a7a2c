"""Tells whether an application (hồ sơ) has changed without keeping what it looked like: a keyed digest."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from actions.one_stop.port import Status
from actions.one_stop.status_view import StatusView

#: Nothing follows after these; news of the application end with them.
FINAL = frozenset({Status.NOT_ACCEPTED, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED})
_WITH_A_REASON = frozenset({Status.NOT_ACCEPTED, Status.PAPERS_NEEDED, Status.STOPPED})


@dataclass(frozen=True)
class State:
    """What is remembered of an application: a digest, and the status number (0: outside the national list)."""

    digest: str
    status: int

    @property
    def is_final(self) -> bool:
        return self.status in FINAL


class StateMaker:
    """Makes states; two are equal when a citizen would be told the same."""

    def __init__(self, key: bytes) -> None:
        """key: secret, the same for all workers; another one makes every application look changed once."""
        self._key = hmac.digest(key, b"state of an application", "sha256")

    def of(self, view: StatusView) -> State:
        """Return the state. A reason counts where the card shows it: offices write notes at every small step."""
        told = (
            view.code,
            view.status_text if view.status is None else int(view.status),
            _moment(view.due_at) if view.status is None or view.status.is_open else None,
            view.papers_to_add,
            _moment(view.papers_due_at),
            view.payment.amount_vnd if view.payment else None,
            view.reason if view.status in _WITH_A_REASON else None,
        )
        return State(hmac.new(self._key, repr(told).encode(), sha256).hexdigest(), int(view.status or 0))


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
