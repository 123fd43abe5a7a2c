"""Takes thumbs and their reasons: a listener that keeps them, and for own words an interceptor that receives them.

Only right after "Lý do khác" was pressed the next message is the reason; a wish that must never be missed (deleting
one's data, a person, help in danger) or a question goes to the dialogue all the same.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from actions.turn import Outcome
from channels.hooks import Heard
from channels.messages import Reply, TurnResult
from channels.sentences import Sentences
from channels.store.feedback import Feedback, FeedbackStore
from channels.store.moments import utc_now
from knowledge.vietnamese import fold

#: Ways a turn ends after which the channels show thumbs.
RATED = tuple(
    one.value for one in (Outcome.ANSWERED, Outcome.LIFE_EVENT_SHOWN, Outcome.STATUS_SHOWN, Outcome.NOTHING_FOUND)
)
OTHER = "other"
WAITS = timedelta(minutes=10)
_JUDGED = "judged"
_PAYLOAD = re.compile(r"/feedback(\{.*\})", re.DOTALL)
_NAME = re.compile(r"[a-z_]{1,32}")
_TO_THE_DIALOGUE = re.compile(
    r"\bxoa\b.*\bdu lieu\b|\bcan bo\b|\bcap cuu\b|\bcuu (toi|em|voi)\b|\btu tu\b|\bchay nha\b|\bcong an\b"
    r"|\b11[1345]\b|pin_|\?\s*$"
)


class FeedbackKeeper:
    """Keeps what citizens say of answers; see `channels.hooks.TurnListener` and `Interceptor`."""

    def __init__(self, store: FeedbackStore, sentences: Sentences, now: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._sentences = sentences
        self._now = now

    def look(self, conversation: str) -> dict[str, str | None]:
        """Look up which answer a person was going to judge in own words."""
        return {_JUDGED: self._store.waiting_for_words(conversation, OTHER, self._now() - WAITS)}

    async def intercept(self, heard: Heard) -> TurnResult | None:
        """Take the words that a thumb down waits for."""
        judged: str | None = heard.notes[_JUDGED]
        if judged is None or heard.is_payload or _TO_THE_DIALOGUE.search(fold(heard.words)):
            return None
        await asyncio.to_thread(self._store.add_words, heard.conversation, judged, heard.words)
        thanks = Reply(text=self._sentences.say("utter_feedback_words_taken"))
        return TurnResult(replies=[thanks], outcome=Outcome.SMALL_TALK)

    def turn_ended(self, heard: Heard, result: TurnResult, took_ms: float) -> None:
        """Keep a thumb, with its reason when one was chosen."""
        if heard.is_payload and (given := read_payload(heard.words)):
            self._keep(heard, *given)

    async def forget(self, conversation: str) -> None:
        """Delete what a person said of answers."""
        await asyncio.to_thread(self._store.forget, conversation)

    def _keep(self, heard: Heard, value: str, reason: str | None) -> None:
        rated = self._store.newest_answer(heard.conversation, RATED)
        if rated is None:
            return  # nothing was answered yet: a button of an old page
        self._store.keep(
            Feedback(
                heard.conversation,
                rated.message_id,
                rated.procedure_code,
                value,
                reason,
                None,
                heard.message_id,
                self._now(),
            )
        )


def read_payload(payload: str) -> tuple[str, str | None] | None:
    """Return (value, reason) of a feedback button; None for any other payload.

    >>> read_payload('/feedback{"value":"down","reason":"wrong"}')
    ('down', 'wrong')
    """
    found = _PAYLOAD.fullmatch(payload)
    if not found:
        return None
    try:
        told = json.loads(found[1])
    except ValueError:
        return None
    value, reason = told.get("value"), told.get("reason")
    if value not in ("up", "down"):
        return None
    return value, reason if isinstance(reason, str) and _NAME.fullmatch(reason) else None
