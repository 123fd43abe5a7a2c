"""Questions that the assistant did badly on, read from the masked conversations: what was asked, what it said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Engine, and_, func, select

from channels.store.feedback import FEEDBACK
from channels.store.moments import from_ms, to_ms
from channels.store.transcripts import TRANSCRIPTS, Who


class Why(str, Enum):
    """Why a question is shown; the value is the outcome of its turn, or the thumb."""

    UNANSWERED = "nothing_found"
    REFUSED = "out_of_scope"
    UNSURE = "asked_back"
    THUMBED_DOWN = "down"


@dataclass(frozen=True)
class Asked:
    """One question of a citizen, masked, and what the assistant said then."""

    words: str
    said: str
    why: Why
    at: datetime


_BUTTON = "["


class Questions:
    """Reads the transcripts; nothing of them is copied. Blocking; call it in a thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def since(self, moment: datetime, limit: int) -> list[Asked]:
        """Return the questions asked since a moment, newest first; pressed buttons are no questions."""
        with self._engine.connect() as connection:
            found = self._missed(connection, moment, limit) + self._thumbed_down(connection, moment, limit)
        told: dict[tuple[int, str], Asked] = {}
        for number, one in found:
            told.setdefault((number, one.why.value), one)
        kept = [one for one in told.values() if not one.words.startswith(_BUTTON)]
        return sorted(kept, key=lambda one: one.at, reverse=True)[:limit]

    def _missed(self, connection: Connection, moment: datetime, limit: int) -> list[tuple[int, Asked]]:
        outcomes = [Why.UNANSWERED.value, Why.REFUSED.value, Why.UNSURE.value]
        answer, question = TRANSCRIPTS.alias("answer"), TRANSCRIPTS.alias("question")
        wanted = (
            select(question.c.id, question.c.text, answer.c.text.label("said"), answer.c.outcome, answer.c.at_ms)
            .select_from(answer.join(question, question.c.id == _line_before(answer.c.conversation, answer.c.id)))
            .where(answer.c.at_ms >= to_ms(moment), answer.c.outcome.in_(outcomes))
            .order_by(answer.c.at_ms.desc())
            .limit(limit)
        )
        return [_asked(row, Why(row.outcome)) for row in connection.execute(wanted).all()]

    def _thumbed_down(self, connection: Connection, moment: datetime, limit: int) -> list[tuple[int, Asked]]:
        """Return the questions whose answers got a thumb down: the newest answer in words before the thumb."""
        question, newer = TRANSCRIPTS.alias("question"), TRANSCRIPTS.alias("newer")
        rated = (
            select(func.max(newer.c.id))
            .where(
                newer.c.conversation == FEEDBACK.c.conversation,
                newer.c.at_ms <= FEEDBACK.c.at_ms,
                newer.c.who == Who.CITIZEN.value,
                newer.c.text.not_like(f"{_BUTTON}%"),
            )
            .correlate(FEEDBACK)
            .scalar_subquery()
        )
        said = (
            select(newer.c.text)
            .where(
                newer.c.conversation == question.c.conversation,
                newer.c.id > question.c.id,
                newer.c.who == Who.MACHINE.value,
            )
            .order_by(newer.c.id)
            .limit(1)
            .correlate(question)
            .scalar_subquery()
        )
        wanted = (
            select(question.c.id, question.c.text, said.label("said"), question.c.at_ms)
            .select_from(FEEDBACK.join(question, and_(question.c.id == rated)))
            .where(FEEDBACK.c.value == Why.THUMBED_DOWN.value, FEEDBACK.c.at_ms >= to_ms(moment))
            .order_by(FEEDBACK.c.at_ms.desc())
            .limit(limit)
        )
        return [_asked(row, Why.THUMBED_DOWN) for row in connection.execute(wanted).all()]


def _line_before(conversation: Any, number: Any) -> Any:
    """Return the citizen's newest line before a line of a conversation, as a subquery."""
    line = TRANSCRIPTS.alias("line")
    return (
        select(func.max(line.c.id))
        .where(line.c.conversation == conversation, line.c.id < number, line.c.who == Who.CITIZEN.value)
        .scalar_subquery()
    )


def _asked(row: Any, why: Why) -> tuple[int, Asked]:
    return row.id, Asked(row.text, row.said or "", why, from_ms(row.at_ms))
