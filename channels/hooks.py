"""Where other parts join a turn: a clerk who answers in place of the machine, and whoever keeps count.

They meet people as keyed hashes and words as masked text, like everything behind the gateway.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from channels.messages import TurnResult

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Heard:
    """A message as everything behind the gateway may see it.

    conversation: the keyed hash of channel and person.  words: masked text, or the payload of a button.
    """

    conversation: str
    channel: str
    message_id: str
    words: str
    is_payload: bool
    at: datetime


class Interceptor(Protocol):
    """Answers in place of the dialogue, e.g. while a clerk has taken the conversation over."""

    async def intercept(self, heard: Heard) -> TurnResult | None:
        """Return the result of the turn, or None to let the dialogue answer."""


class Finisher(Protocol):
    """Adds to what is about to be said, e.g. the offer of a person after two questions without an answer."""

    async def finish(self, heard: Heard, result: TurnResult) -> TurnResult:
        """Return the result as it shall be said; the same one when there is nothing to add."""


class TurnListener(Protocol):
    """Hears what a turn led to; whatever it does is too late to change it."""

    async def turn_ended(self, heard: Heard, result: TurnResult, took_ms: float) -> None:
        """Take note of a turn; it is called in the order of the turns of a conversation."""

    async def forget(self, conversation: str) -> None:
        """Delete what is kept of a conversation: its person asked for it."""


@dataclass(frozen=True)
class Hooks:
    """Who joins the turns, in order; the first interceptor that answers wins."""

    interceptors: Sequence[Interceptor] = ()
    listeners: Sequence[TurnListener] = ()
    finishers: Sequence[Finisher] = ()

    async def intercept(self, heard: Heard) -> TurnResult | None:
        """Return the answer of the first interceptor that has one."""
        for interceptor in self.interceptors:
            if (result := await interceptor.intercept(heard)) is not None:
                return result
        return None

    async def finish(self, heard: Heard, result: TurnResult) -> TurnResult:
        """Let every finisher add to a result; a fault in one of them costs its addition only."""
        for finisher in self.finishers:
            try:
                result = await finisher.finish(heard, result)
            except Exception:
                log.exception("%s failed on a turn", type(finisher).__name__)
        return result

    async def tell(self, heard: Heard, result: TurnResult, took_ms: float) -> None:
        """Tell every listener; a fault in one of them costs the citizen nothing."""
        for listener in self.listeners:
            try:
                await listener.turn_ended(heard, result, took_ms)
            except Exception:
                log.exception("%s failed on a turn", type(listener).__name__)

    async def forget(self, conversation: str) -> None:
        """Let every listener delete what it keeps; a fault is not swallowed, the citizen must not be told a lie."""
        for listener in self.listeners:
            await listener.forget(conversation)
