"""Hears every turn and writes down what statistics need of it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

from actions.turn import Outcome
from channels.hooks import Heard
from channels.masking import hide_for_statistics
from channels.messages import TurnResult
from channels.store.turns import WITH_CLERK, TurnNote, TurnStore
from knowledge.catalogue import Catalogue

_INTENT = re.compile(r"/([a-z_]{1,64})")
#: Where the words are kept, so that the desk can teach the answer.
MISSED = (Outcome.NOTHING_FOUND, Outcome.OUT_OF_SCOPE)
_MAX_WORDS = 300


class TurnLog:
    """`TurnListener`."""

    def __init__(self, store: TurnStore, events: Mapping[tuple[str, ...], str]) -> None:
        """events: the life event by the codes that its answer names, in order."""
        self._store = store
        self._events = events

    def turn_ended(self, heard: Heard, result: TurnResult, took_ms: float) -> None:
        """Write the turn down; see `TurnListener.turn_ended`."""
        self._write(heard, result, took_ms)

    async def forget(self, conversation: str) -> None:
        """Delete the turns of a conversation; the counts hold nothing of it."""
        await asyncio.to_thread(self._store.forget, conversation)

    def _write(self, heard: Heard, result: TurnResult, took_ms: float) -> None:
        codes = tuple(result.procedure_codes) or ((result.procedure_code,) if result.procedure_code else ())
        is_event = result.outcome is Outcome.LIFE_EVENT_SHOWN
        keeps_words = result.outcome in MISSED and not heard.is_payload
        intent = _INTENT.match(heard.words) if heard.is_payload else None
        self._store.add(
            TurnNote(
                heard.conversation,
                heard.channel,
                heard.at,
                self._outcome(heard.conversation, result),
                took_ms,
                intent[1] if intent else None,
                codes,
                codes if result.outcome is Outcome.ANSWERED else (),
                self._events.get(codes) if is_event else None,
                hide_for_statistics(heard.words)[:_MAX_WORDS] if keeps_words else None,
            )
        )

    def _outcome(self, conversation: str, result: TurnResult) -> str:
        """Return how the turn counts: asking for a clerk counts once, talking with them does not."""
        if result.outcome is Outcome.HANDED_OVER:
            before = self._store.last_outcome(conversation)
            if not result.replies or before in (Outcome.HANDED_OVER.value, WITH_CLERK):
                return WITH_CLERK
        return result.outcome.value


def life_events_by_codes(catalogue: Catalogue) -> dict[tuple[str, ...], str]:
    """Return the name of every life event by what its answer names."""
    return {
        tuple(step.code for step in event.steps if catalogue.get(step.code) is not None): name
        for name, event in catalogue.life_events.items()
    }
