"""The turns of the last weeks, for statistics: how each ended and, where it missed, the masked words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
)

from channels.store.counts import Counted, What, add_counts
from channels.store.database import METADATA
from channels.store.days import day_of, hour_of, two_digits
from channels.store.moments import from_ms, to_ms

TURNS = Table(
    "turns",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("conversation", String(32), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("intent", String(64)),
    Column("procedure_codes", Text, nullable=False),
    Column("life_event", String(64)),
    Column("took_ms", Integer, nullable=False),
    Column("words", Text),
    Index("turns_conversation_at", "conversation", "at_ms"),
    Index("turns_at", "at_ms"),
)
Index(
    "turns_missed",
    TURNS.c.at_ms,
    sqlite_where=TURNS.c.words.is_not(None),
    postgresql_where=TURNS.c.words.is_not(None),
)
_LAST = select(func.max(TURNS.c.at_ms)).where(TURNS.c.conversation == bindparam("conversation"))
_ADD = insert(TURNS)
#: A citizen's words to a clerk are no question to the machine.
WITH_CLERK = "with_clerk"


@dataclass(frozen=True)
class TurnNote:
    """One turn. words: masked, only where the machine missed.  outcome: of `Outcome`, or WITH_CLERK.

    topics: codes to count the answer under.
    """

    conversation: str
    channel: str
    at: datetime
    outcome: str
    took_ms: float
    intent: str | None = None
    procedure_codes: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    life_event: str | None = None
    words: str | None = None


@dataclass(frozen=True)
class Missed:
    """A question without an answer."""

    words: str
    outcome: str
    channel: str
    at: datetime


class TurnStore:
    """Writes turns with their counts, in one transaction. Blocking; call it in a thread."""

    def __init__(self, engine: Engine, silence: timedelta) -> None:
        """silence: after so long without a message a person's next one begins a new visit."""
        self._engine = engine
        self._silence = silence

    def add(self, note: TurnNote) -> None:
        """Write a turn and count it."""
        with self._engine.begin() as connection:
            last_ms = connection.execute(_LAST, {"conversation": note.conversation}).scalar()
            is_new = last_ms is None or note.at - from_ms(last_ms) >= self._silence
            connection.execute(_ADD, _row(note))
            add_counts(connection, counts_of(note, is_new))

    def last_outcome(self, conversation: str) -> str | None:
        """Return how the newest turn of a conversation ended."""
        wanted = select(TURNS.c.outcome).where(TURNS.c.conversation == conversation).order_by(TURNS.c.at_ms.desc())
        with self._engine.connect() as connection:
            return connection.execute(wanted.limit(1)).scalar()

    def missed(self, since: datetime, until: datetime, limit: int = 500) -> list[Missed]:
        """Return questions without an answer, newest first."""
        columns = (TURNS.c.words, TURNS.c.outcome, TURNS.c.channel, TURNS.c.at_ms)
        within = (TURNS.c.words.is_not(None), TURNS.c.at_ms >= to_ms(since), TURNS.c.at_ms < to_ms(until))
        wanted = select(*columns).where(*within).order_by(TURNS.c.at_ms.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [
                Missed(row.words, row.outcome, row.channel, from_ms(row.at_ms)) for row in connection.execute(wanted)
            ]

    def forget(self, conversation: str) -> None:
        """Delete the turns of a conversation; what was counted says nothing about it."""
        with self._engine.begin() as connection:
            connection.execute(delete(TURNS).where(TURNS.c.conversation == conversation))

    def forget_before(self, moment: datetime) -> int:
        """Delete the turns before a moment; return how many."""
        with self._engine.begin() as connection:
            return connection.execute(delete(TURNS).where(TURNS.c.at_ms < to_ms(moment))).rowcount


def counts_of(note: TurnNote, is_new_visit: bool) -> dict[Counted, int]:
    """Return what a turn adds to the counts of its day."""
    day = day_of(note.at)
    counted: list[Counted] = [Counted(What.OUTCOME, day, note.outcome, note.channel)]
    if is_new_visit:
        counted.append(Counted(What.HOUR, day, f"{hour_of(note.at):02}", note.channel))
    if note.outcome != WITH_CLERK:
        counted.append(Counted(What.TOOK, day, str(two_digits(note.took_ms))))
    counted += [Counted(What.PROCEDURE, day, code) for code in note.topics]
    if note.life_event:
        counted.append(Counted(What.EVENT, day, note.life_event))
    return dict.fromkeys(counted, 1)


def rows_of(notes: Sequence[TurnNote]) -> list[dict[str, object]]:
    """Return turns as rows, for writing many at once."""
    return [_row(note) for note in notes]


def _row(note: TurnNote) -> dict[str, object]:
    return {
        "conversation": note.conversation,
        "channel": note.channel,
        "at_ms": to_ms(note.at),
        "outcome": note.outcome,
        "intent": note.intent,
        "procedure_codes": " ".join(note.procedure_codes),
        "life_event": note.life_event,
        "took_ms": round(note.took_ms),
        "words": note.words,
    }
