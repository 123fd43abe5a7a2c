"""Where other parts join a turn: a clerk who answers in place of the machine, and whoever keeps count.

They meet people as keyed hashes and words as masked text, like everything behind the gateway.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from channels.messages import TurnResult

log = logging.getLogger(__name__)
#: What a listener leaves for the event loop, e.g. to let the clerks' pages know.
Errand = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Heard:
    """A message as everything behind the gateway may see it.

    conversation: the keyed hash of channel and person.  words: masked text, or the payload of a button.
    notes: what those who join the turn looked up at its beginning.
    """

    conversation: str
    channel: str
    message_id: str
    words: str
    is_payload: bool
    at: datetime
    notes: Mapping[str, Any] = field(default_factory=dict, compare=False)


class Interceptor(Protocol):
    """Answers in place of the dialogue, e.g. while a clerk has taken the conversation over."""

    def look(self, conversation: str) -> Mapping[str, Any]:
        """Look up what the turn will need of a conversation; blocking, all who join in one thread."""

    async def intercept(self, heard: Heard) -> TurnResult | None:
        """Return the result of the turn, or None to let the dialogue answer."""


class Finisher(Protocol):
    """Adds to what is about to be said, e.g. the offer of a person after two questions without an answer."""

    async def finish(self, heard: Heard, result: TurnResult) -> TurnResult:
        """Return the result as it shall be said; the same one when there is nothing to add."""


class TurnListener(Protocol):
    """Hears what a turn led to; whatever it does is too late to change it."""

    def turn_ended(self, heard: Heard, result: TurnResult, took_ms: float) -> Errand | None:
        """Take note of a turn; blocking, in the order of the turns of a conversation, all listeners in one thread."""

    async def forget(self, conversation: str) -> None:
        """Delete what is kept of a conversation: its person asked for it."""


@dataclass(frozen=True)
class Hooks:
    """Who joins the turns, in order; the first interceptor that answers wins."""

    interceptors: Sequence[Interceptor] = ()
    listeners: Sequence[TurnListener] = ()
    finishers: Sequence[Finisher] = ()

    def look(self, conversation: str) -> dict[str, Any]:
        """Return what the interceptors look up of a conversation; blocking."""
        return {name: value for one in self.interceptors for name, value in one.look(conversation).items()}

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
        for errand in await asyncio.to_thread(self._errands, heard, result, took_ms):
            try:
                await errand()
            except Exception:
                log.exception("a listener's errand failed after a turn")

    def _errands(self, heard: Heard, result: TurnResult, took_ms: float) -> list[Errand]:
        errands = []
        for listener in self.listeners:
            try:
                if errand := listener.turn_ended(heard, result, took_ms):
                    errands.append(errand)
            except Exception:
                log.exception("%s failed on a turn", type(listener).__name__)
        return errands

    async def forget(self, conversation: str) -> None:
        """Let every listener delete what it keeps; a fault is not swallowed, the citizen must not be told a lie."""
        for listener in self.listeners:
            await listener.forget(conversation)
