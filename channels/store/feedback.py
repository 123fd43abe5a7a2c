"""What citizens said of answers: thumbs up and down, and why; the staff desk reads it.

Kept without anything that names a person: the keyed hash of the conversation, and words with their numbers masked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Column, Engine, String, Table, Text, bindparam, delete, select, update

from channels.messages import TurnResult
from channels.store.conversations import REPLIES
from channels.store.database import METADATA
from channels.store.moments import from_ms, to_ms, utc_now
from channels.store.upsert import upsert

FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("conversation", String(32), primary_key=True),
    Column("message_id", String(128), primary_key=True),
    Column("procedure_code", String(32), index=True),
    Column("value", String(8), nullable=False),
    Column("reason", String(32)),
    Column("words", Text),
    Column("pressed_in", String(128), nullable=False),
    Column("at_ms", BigInteger, nullable=False, index=True),
)
MAX_WORDS = 500
#: So many answers back the rated one is looked for; between it and the thumb stand only answers that have no thumbs.
_LOOK_BACK = 6


@dataclass(frozen=True)
class Feedback:
    """One judgement of one answer; a later one of the same answer takes its place.

    message_id: the message that was answered.  value: "up" or "down".  reason: the choice made; words: in their own.
    pressed_in: the message that the button was.
    """

    conversation: str
    message_id: str
    procedure_code: str | None
    value: str
    reason: str | None
    words: str | None
    pressed_in: str
    at: datetime


@dataclass(frozen=True)
class Rated:
    """The answer that a thumb is about."""

    message_id: str
    procedure_code: str | None


_LAST_TURN = (
    select(REPLIES.c.message_id)
    .where(REPLIES.c.conversation == bindparam("conversation"))
    .order_by(REPLIES.c.at.desc())
    .limit(1)
    .scalar_subquery()
)
_WAITING = select(FEEDBACK.c.message_id).where(
    FEEDBACK.c.conversation == bindparam("conversation"),
    FEEDBACK.c.reason == bindparam("reason"),
    FEEDBACK.c.words.is_(None),
    FEEDBACK.c.at_ms >= bindparam("since"),
    FEEDBACK.c.pressed_in == _LAST_TURN,
)


class FeedbackStore:
    """Writes and reads judgements; every call is one short transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def newest_answer(self, conversation: str, outcomes: Sequence[str]) -> Rated | None:
        """Return the newest answer of a conversation that ended in one of these ways; None = none was kept."""
        query = (
            select(REPLIES.c.message_id, REPLIES.c.result)
            .where(REPLIES.c.conversation == conversation)
            .order_by(REPLIES.c.at.desc())
            .limit(_LOOK_BACK)
        )
        with self._engine.connect() as connection:
            for message_id, stored in connection.execute(query):
                result = TurnResult.model_validate_json(stored)
                if result.outcome.value in outcomes:
                    return Rated(message_id, result.procedure_code)
        return None

    def keep(self, feedback: Feedback) -> None:
        """Write a judgement in place of an earlier one of the same answer."""
        row = {
            "conversation": feedback.conversation,
            "message_id": feedback.message_id,
            "procedure_code": feedback.procedure_code,
            "value": feedback.value,
            "reason": feedback.reason,
            "words": (feedback.words or "")[:MAX_WORDS] or None,
            "pressed_in": feedback.pressed_in,
            "at_ms": to_ms(feedback.at),
        }
        with self._engine.begin() as connection:
            connection.execute(upsert(self._engine, FEEDBACK, row))

    def waiting_for_words(self, conversation: str, reason: str, since: datetime) -> str | None:
        """Return the message judged when the conversation's last turn was this reason, chosen not before `since`."""
        asked = {"conversation": conversation, "reason": reason, "since": to_ms(since)}
        with self._engine.connect() as connection:
            return connection.execute(_WAITING, asked).scalar()

    def add_words(self, conversation: str, message_id: str, words: str) -> None:
        """Write a person's own words to a judgement."""
        judged = (FEEDBACK.c.conversation == conversation) & (FEEDBACK.c.message_id == message_id)
        with self._engine.begin() as connection:
            connection.execute(update(FEEDBACK).where(judged).values(words=words[:MAX_WORDS]))

    def latest(self, limit: int = 50, value: str | None = None, procedure_code: str | None = None) -> list[Feedback]:
        """Return the newest judgements first, for the staff desk."""
        query = select(FEEDBACK).order_by(FEEDBACK.c.at_ms.desc()).limit(limit)
        if value:
            query = query.where(FEEDBACK.c.value == value)
        if procedure_code:
            query = query.where(FEEDBACK.c.procedure_code == procedure_code)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [
            Feedback(
                row.conversation,
                row.message_id,
                row.procedure_code,
                row.value,
                row.reason,
                row.words,
                row.pressed_in,
                from_ms(row.at_ms),
            )
            for row in rows
        ]

    def forget(self, conversation: str) -> None:
        """Delete what a person said of answers: they asked for it."""
        with self._engine.begin() as connection:
            connection.execute(delete(FEEDBACK).where(FEEDBACK.c.conversation == conversation))

    def forget_older_than(self, days: int) -> int:
        """Delete judgements of that age; return how many."""
        before = to_ms(utc_now() - timedelta(days=days))
        with self._engine.begin() as connection:
            return connection.execute(delete(FEEDBACK).where(FEEDBACK.c.at_ms < before)).rowcount
