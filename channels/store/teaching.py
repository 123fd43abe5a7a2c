"""What clerks teach: proposals with what became of them, and the questions that are settled.

No words of citizens are kept here but those that an officer wrote down for teaching; a question is known by a digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    Row,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from channels.store.database import METADATA
from channels.store.moments import from_ms, to_ms
from channels.store.releases import BUILDS
from channels.store.upsert import upsert
from knowledge.vietnamese import folded_syllables

PROPOSALS = Table(
    "teaching_proposals",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("made_ms", BigInteger, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("is_name", Boolean, nullable=False),
    Column("target", String(64), nullable=False),
    Column("words", Text, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("decided_ms", BigInteger),
    Column("decided_by", String(64)),
    Column("reason", Text),
    Column("file", String(255)),
    Column("build", Integer),
)
SETTLED = Table(
    "teaching_settled",
    METADATA,
    Column("question", String(32), primary_key=True),
    Column("by", String(64), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("proposal", Integer, index=True),
    Column("words", Text),
)


class State(str, Enum):
    """Where a proposal stands. DECIDING: an editor said yes and the files are being written."""

    OPEN = "open"
    DECIDING = "deciding"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Proposal:
    """A change that somebody proposes. is_name: a name of the procedure `target`; else an example of that intent.

    file: where it was written.  build: the newest build that took it in.
    """

    id: int
    made_at: datetime
    made_by: str
    is_name: bool
    target: str
    words: str
    state: State
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None
    file: str | None = None
    build: int | None = None


@dataclass(frozen=True)
class Hidden:
    """A question that somebody hid from the list; words: as they were shown, masked."""

    question: str
    words: str
    by: str
    at: datetime


def question_key(words: str) -> str:
    """Return the digest by which a question is known, however it is written."""
    return hashlib.sha256(" ".join(folded_syllables(words)).encode()).hexdigest()[:32]


class TeachingStore:
    """Proposals and settled questions. Blocking; call it in a thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def propose(self, at: datetime, by: str, is_name: bool, target: str, words: str, questions: Sequence[str]) -> int:
        """Keep a proposal and settle the questions it is for; return its number."""
        row = {"made_ms": to_ms(at), "made_by": by, "is_name": is_name, "target": target, "words": words}
        with self._engine.begin() as connection:
            made = connection.execute(insert(PROPOSALS).values(**row, state=State.OPEN.value))
            number = int(made.inserted_primary_key[0])  # type: ignore[index]
            self._settle(connection, at, by, questions, proposal=number)
        return number

    def hide(self, at: datetime, by: str, questions: Sequence[str], words: str) -> None:
        """Take questions off the list without teaching anything."""
        with self._engine.begin() as connection:
            self._settle(connection, at, by, questions, words=words)

    def show_again(self, question: str) -> None:
        """Put a hidden question back on the list."""
        hidden = (SETTLED.c.question == question) & SETTLED.c.proposal.is_(None)
        with self._engine.begin() as connection:
            connection.execute(delete(SETTLED).where(hidden))

    def hidden(self, limit: int = 100) -> list[Hidden]:
        """Return what was hidden, newest first; what was hidden together once."""
        wanted = select(SETTLED).where(SETTLED.c.proposal.is_(None), SETTLED.c.words.is_not(None))
        with self._engine.connect() as connection:
            rows = connection.execute(wanted.order_by(SETTLED.c.at_ms.desc()).limit(limit)).all()
        return [Hidden(row.question, row.words, row.by, from_ms(row.at_ms)) for row in rows]

    def settled(self) -> dict[str, datetime | None]:
        """Return the settled questions, with the moment from which on they count anew.

        That is when the release that learned them went into service: asked again after that, they were not learned
        well. None = never.
        """
        wanted = select(SETTLED.c.question, BUILDS.c.first_live_ms).select_from(
            SETTLED.outerjoin(PROPOSALS, SETTLED.c.proposal == PROPOSALS.c.id).outerjoin(
                BUILDS, PROPOSALS.c.build == BUILDS.c.id
            )
        )
        with self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
        return {row.question: from_ms(row.first_live_ms) if row.first_live_ms else None for row in rows}

    def get(self, number: int) -> Proposal | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(PROPOSALS).where(PROPOSALS.c.id == number)).first()
        return _proposal(row) if row else None

    def in_state(self, *states: State, limit: int = 100) -> list[Proposal]:
        """Return proposals in these states, newest first."""
        wanted = select(PROPOSALS).where(PROPOSALS.c.state.in_([state.value for state in states]))
        with self._engine.connect() as connection:
            rows = connection.execute(wanted.order_by(PROPOSALS.c.id.desc()).limit(limit)).all()
        return [_proposal(row) for row in rows]

    def move(
        self,
        number: int,
        before: State,
        after: State,
        at: datetime,
        by: str,
        reason: str | None = None,
        file: str | None = None,
    ) -> bool:
        """Take a proposal from one state to another; False when somebody else has already.

        One that is rejected or withdrawn puts its questions back on the list.
        """
        told = {"decided_ms": to_ms(at), "decided_by": by, "reason": reason}
        if file is not None:
            told["file"] = file
        here = (PROPOSALS.c.id == number) & (PROPOSALS.c.state == before.value)
        with self._engine.begin() as connection:
            moved = connection.execute(update(PROPOSALS).where(here).values(state=after.value, **told)).rowcount == 1
            if moved and after in (State.REJECTED, State.WITHDRAWN):
                connection.execute(delete(SETTLED).where(SETTLED.c.proposal == number))
        return moved

    def reopen_interrupted(self, before: datetime) -> None:
        """Open proposals again whose writing was interrupted by a crash."""
        stuck = (PROPOSALS.c.state == State.DECIDING.value) & (PROPOSALS.c.decided_ms < to_ms(before))
        with self._engine.begin() as connection:
            connection.execute(update(PROPOSALS).where(stuck).values(state=State.OPEN.value))

    def taken_in(self, build: int) -> list[Proposal]:
        """Mark the approved proposals that no release in service has yet as part of a build; return them."""
        live = select(BUILDS.c.id).where(BUILDS.c.first_live_ms.is_not(None))
        fresh = (PROPOSALS.c.state == State.APPROVED.value) & (
            PROPOSALS.c.build.is_(None) | PROPOSALS.c.build.not_in(live)
        )
        with self._engine.begin() as connection:
            connection.execute(update(PROPOSALS).where(fresh).values(build=build))
            mine = select(PROPOSALS).where(PROPOSALS.c.build == build).order_by(PROPOSALS.c.id)
            return [_proposal(row) for row in connection.execute(mine).all()]

    def forget_before(self, moment: datetime) -> int:
        """Delete proposals that led to nothing, and hidden questions, of before a moment."""
        dropped = [State.REJECTED.value, State.WITHDRAWN.value]
        old = PROPOSALS.c.state.in_(dropped) & (PROPOSALS.c.made_ms < to_ms(moment))
        hidden = SETTLED.c.proposal.is_(None) & (SETTLED.c.at_ms < to_ms(moment))
        with self._engine.begin() as connection:
            count = connection.execute(delete(PROPOSALS).where(old)).rowcount
            return count + connection.execute(delete(SETTLED).where(hidden)).rowcount

    def _settle(
        self,
        connection: Connection,
        at: datetime,
        by: str,
        questions: Sequence[str],
        proposal: int | None = None,
        words: str | None = None,
    ) -> None:
        for place, question in enumerate(dict.fromkeys(questions)):
            row = {"question": question, "by": by, "at_ms": to_ms(at), "proposal": proposal}
            row["words"] = words if place == 0 else None
            connection.execute(upsert(self._engine, SETTLED, row))


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        row.id,
        from_ms(row.made_ms),
        row.made_by,
        bool(row.is_name),
        row.target,
        row.words,
        State(row.state),
        from_ms(row.decided_ms) if row.decided_ms else None,
        row.decided_by,
        row.reason,
        row.file,
        row.build,
    )
