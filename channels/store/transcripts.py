"""What was said in conversations, masked: for the clerk who takes one over, and for counting. Deleted with time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
)

from channels.store.database import METADATA
from channels.store.moments import from_ms, to_ms

#: `buttons`: of a machine's line, title by payload as JSON.  `officer`: the name of the clerk who wrote the line.
TRANSCRIPTS = Table(
    "transcripts",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("conversation", String(32), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("at_ms", BigInteger, nullable=False, index=True),
    Column("who", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("outcome", String(32)),
    Column("buttons", Text),
    Column("officer", String(64)),
    Index("transcripts_conversation", "conversation", "id"),
)


class Who(str, Enum):
    """Who said a line: the citizen, the machine, a clerk, or the desk itself (what happened, not what was said)."""

    CITIZEN = "citizen"
    MACHINE = "machine"
    OFFICER = "officer"
    DESK = "desk"


@dataclass(frozen=True)
class Line:
    """One line of a conversation, masked. outcome, buttons: of the machine's; officer: the name of the clerk."""

    conversation: str
    channel: str
    at: datetime
    who: Who
    text: str
    outcome: str | None = None
    buttons: Mapping[str, str] = field(default_factory=dict)
    officer: str | None = None
    id: int = 0


class Transcripts:
    """Keeps lines in the order in which they were said. Blocking; call it in a thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, *lines: Line) -> None:
        """Keep some lines."""
        with self._engine.begin() as connection:
            connection.execute(_ADD, [_row(line) for line in lines])

    def after(self, conversation: str, cursor: int, limit: int = 200) -> list[Line]:
        """Return the lines after a line's id, oldest first."""
        mine = (TRANSCRIPTS.c.conversation == conversation) & (TRANSCRIPTS.c.id > cursor)
        with self._engine.connect() as connection:
            rows = connection.execute(select(TRANSCRIPTS).where(mine).order_by(TRANSCRIPTS.c.id).limit(limit)).all()
        return [_line(row) for row in rows]

    def latest(self, conversation: str, limit: int = 200, who: Who | None = None) -> list[Line]:
        """Return the latest lines (of one side), oldest first."""
        mine = TRANSCRIPTS.c.conversation == conversation
        if who is not None:
            mine &= TRANSCRIPTS.c.who == who.value
        wanted = select(TRANSCRIPTS).where(mine).order_by(TRANSCRIPTS.c.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
        return [_line(row) for row in reversed(rows)]

    def forget(self, conversation: str) -> None:
        """Delete a conversation."""
        self._delete(TRANSCRIPTS.c.conversation == conversation)

    def forget_before(self, moment: datetime) -> int:
        """Delete the lines said before a moment; return how many."""
        return self._delete(TRANSCRIPTS.c.at_ms < to_ms(moment))

    def _delete(self, which: ColumnElement[bool]) -> int:
        with self._engine.begin() as connection:
            return connection.execute(delete(TRANSCRIPTS).where(which)).rowcount


def add_line(connection: Connection, line: Line) -> None:
    """Keep a line within the caller's transaction."""
    connection.execute(_ADD, _row(line))


_ADD = insert(TRANSCRIPTS)


def _row(line: Line) -> dict[str, Any]:
    buttons = json.dumps(dict(line.buttons), ensure_ascii=False) if line.buttons else None
    return {
        "conversation": line.conversation,
        "channel": line.channel,
        "at_ms": to_ms(line.at),
        "who": line.who.value,
        "text": line.text,
        "outcome": line.outcome,
        "buttons": buttons,
        "officer": line.officer,
    }


def _line(row: Row[Any]) -> Line:
    buttons = json.loads(row.buttons) if row.buttons else {}
    at = from_ms(row.at_ms)
    return Line(row.conversation, row.channel, at, Who(row.who), row.text, row.outcome, buttons, row.officer, row.id)
