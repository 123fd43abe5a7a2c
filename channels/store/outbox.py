"""Messages on their way to citizens who did not just ask: kept until their channel has taken them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    Row,
    Select,
    String,
    Table,
    Text,
    and_,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from channels.messages import Reply
from channels.store.database import METADATA
from channels.store.leases import LEASES
from channels.store.moments import to_ms, utc_now

#: A finished row stays as a tombstone without words for a while, so that its key is not taken again.
OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("key", String(160), nullable=False, unique=True),
    Column("conversation", String(32), nullable=False, index=True),
    Column("channel", String(16), nullable=False),
    Column("replies", Text, nullable=False),
    Column("outcome", String(32)),
    Column("subscription", String(32)),
    Column("created_ms", BigInteger, nullable=False),
    Column("due_ms", BigInteger, nullable=False),
    Column("lease_ms", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("under_way", Boolean, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("ended", String(16)),
    Column("ended_ms", BigInteger),
)
_REPLIES = TypeAdapter(list[Reply])
_MOST_TOGETHER = 20
_CLAIMING = "outbox-claim"


@dataclass(frozen=True)
class Letter:
    """What is to be brought to one person.

    attempts: how often it was tried before.  is_uncertain: an earlier try began and nobody knows how it ended.
    lease_ms: until when it is this worker's.
    """

    id: int
    key: str
    conversation: str
    channel: str
    replies: tuple[Reply, ...]
    outcome: str | None
    subscription: str | None
    created_ms: int
    attempts: int
    is_uncertain: bool
    lease_ms: int


@dataclass(frozen=True)
class NewLetter:
    """What `Outbox.put` takes. key: the same message has the same key, and is taken once."""

    conversation: str
    channel: str
    replies: tuple[Reply, ...]
    key: str
    outcome: str | None = None
    subscription: str | None = None


class Outbox:
    """Takes letters in and hands them out, each to one worker at a time, in order within a conversation."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.news = asyncio.Event()  # set whenever something may be due at once, for the sender of this process

    async def put(
        self, conversation: str, channel: str, replies: Sequence[Reply], key: str, outcome: str | None = None
    ) -> bool:
        """Take a message in; tell whether it is new. From here on it is not lost."""
        letter = NewLetter(conversation, channel, tuple(replies), key, outcome)
        is_new = await asyncio.to_thread(self._put, letter)
        self.news.set()
        return is_new

    async def claim(self, now: datetime, lease: timedelta, limit: int) -> list[list[Letter]]:
        """Take the due letters of up to `limit` people for `lease`; each list is one person's, in order.

        Only whose first letter is due is served, so that nothing overtakes; the letters behind it come along.
        """
        return await asyncio.to_thread(self._claim, now, lease, limit)

    async def begin(self, letters: Sequence[Letter]) -> bool:
        """Note that bringing them begins now; False when they are not this worker's any more, or were deleted."""
        return await asyncio.to_thread(self._begin, letters)

    async def finish(self, letters: Sequence[Letter], how: str, now: datetime) -> None:
        """Mark letters as brought ("sent"), or given up ("refused", "expired"); their words are deleted."""
        values = {"ended": how, "ended_ms": to_ms(now), "replies": "[]", "lease_ms": 0, "under_way": False}
        await asyncio.to_thread(self._update, [letter.id for letter in letters], values)

    async def put_off(self, letters: Sequence[Letter], due: datetime, *, is_uncertain: bool) -> None:
        """Try again at `due`. is_uncertain: the channel may have taken them after all."""
        values = {"due_ms": to_ms(due), "lease_ms": 0, "under_way": is_uncertain}
        await asyncio.to_thread(self._update, [letter.id for letter in letters], values)

    async def hold(self, letters: Sequence[Letter]) -> None:
        """Keep them until the person writes again."""
        await asyncio.to_thread(
            self._update, [letter.id for letter in letters], {"held": True, "lease_ms": 0, "under_way": False}
        )

    async def release(self, conversation: str, now: datetime) -> int:
        """The person has written: what was held for it is due; return how many."""
        count = await asyncio.to_thread(self._release, conversation, now)
        if count:
            self.news.set()
        return count

    async def forget(self, conversation: str) -> None:
        """Delete all letters to a person."""
        await asyncio.to_thread(self._delete, OUTBOX.c.conversation == conversation)

    def forget_before(self, moment: datetime) -> int:
        """Delete the letters finished before a moment; return how many."""
        return self._delete(and_(OUTBOX.c.ended.is_not(None), OUTBOX.c.ended_ms < to_ms(moment)))

    def _put(self, letter: NewLetter) -> bool:
        with self._engine.begin() as connection:
            return put_letter(connection, letter, utc_now())

    def _claim(self, now: datetime, lease: timedelta, limit: int) -> list[list[Letter]]:
        now_ms, until_ms = to_ms(now), to_ms(now + lease)
        with self._engine.begin() as connection:
            self._begin_writing(connection)
            heads: Sequence[str] = connection.scalars(_due_heads(now_ms).limit(limit)).all()
            claimed = [self._rows_of(connection, conversation, now_ms) for conversation in heads]
            ids = [row.id for rows in claimed for row in rows]
            if ids:
                connection.execute(update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(lease_ms=until_ms))
        return [[_letter(row, until_ms) for row in rows] for rows in claimed if rows]

    def _begin(self, letters: Sequence[Letter]) -> bool:
        mine = and_(
            OUTBOX.c.id.in_([letter.id for letter in letters]),
            OUTBOX.c.lease_ms == letters[0].lease_ms,
            OUTBOX.c.lease_ms > to_ms(utc_now()),
            OUTBOX.c.ended.is_(None),
        )
        with self._engine.begin() as connection:
            begun = update(OUTBOX).where(mine).values(under_way=True, attempts=OUTBOX.c.attempts + 1)
            return connection.execute(begun).rowcount == len(letters)

    def _begin_writing(self, connection: Connection) -> None:
        """SQLite: become the one writer before reading; PostgreSQL locks rows instead."""
        if self._engine.dialect.name == "sqlite":
            connection.execute(delete(LEASES).where(LEASES.c.name == _CLAIMING))

    def _rows_of(self, connection: Connection, conversation: str, now_ms: int) -> list[Row[Any]]:
        """Return a person's waiting letters up to the first that is not due; locked against other workers."""
        waiting = select(OUTBOX).where(OUTBOX.c.conversation == conversation, OUTBOX.c.ended.is_(None))
        waiting = waiting.order_by(OUTBOX.c.id).limit(_MOST_TOGETHER).with_for_update(skip_locked=True)
        rows: list[Row[Any]] = []
        for row in connection.execute(waiting).all():
            if row.held or row.due_ms > now_ms or row.lease_ms > now_ms:
                break
            rows.append(row)
        return rows

    def _release(self, conversation: str, now: datetime) -> int:
        mine = and_(OUTBOX.c.conversation == conversation, OUTBOX.c.held)
        with self._engine.connect() as connection:  # nearly always none: reading is cheaper than writing nothing
            if connection.execute(select(OUTBOX.c.id).where(mine).limit(1)).first() is None:
                return 0
        with self._engine.begin() as connection:
            return connection.execute(update(OUTBOX).where(mine).values(held=False, due_ms=to_ms(now))).rowcount

    def _update(self, ids: Sequence[int], values: Mapping[str, object]) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(values))

    def _delete(self, which: ColumnElement[bool]) -> int:
        with self._engine.begin() as connection:
            return connection.execute(delete(OUTBOX).where(which)).rowcount


def put_letter(connection: Connection, letter: NewLetter, now: datetime) -> bool:
    """Take a letter in within the caller's transaction; tell whether it is new."""
    row = {
        "key": letter.key,
        "conversation": letter.conversation,
        "channel": letter.channel,
        "replies": _REPLIES.dump_json(list(letter.replies)).decode(),
        "outcome": letter.outcome,
        "subscription": letter.subscription,
        "created_ms": to_ms(now),
        "due_ms": to_ms(now),
        "lease_ms": 0,
        "attempts": 0,
        "under_way": False,
        "held": False,
    }
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    new = dialect.insert(OUTBOX).values(row).on_conflict_do_nothing().returning(OUTBOX.c.id)
    return connection.execute(new).first() is not None


def _due_heads(now_ms: int) -> Select[Any]:
    """Select the conversations whose first waiting letter is due, the longest waiting first."""
    earlier = OUTBOX.alias("earlier")
    is_behind = (
        select(earlier.c.id)
        .where(earlier.c.conversation == OUTBOX.c.conversation, earlier.c.ended.is_(None), earlier.c.id < OUTBOX.c.id)
        .exists()
    )
    is_due = and_(
        OUTBOX.c.ended.is_(None), OUTBOX.c.held.is_(False), OUTBOX.c.due_ms <= now_ms, OUTBOX.c.lease_ms <= now_ms
    )
    return (
        select(OUTBOX.c.conversation)
        .where(is_due, ~is_behind)
        .order_by(OUTBOX.c.due_ms)
        .with_for_update(skip_locked=True, of=OUTBOX)
    )


def _letter(row: Row[Any], lease_ms: int) -> Letter:
    return Letter(
        id=row.id,
        key=row.key,
        conversation=row.conversation,
        channel=row.channel,
        replies=tuple(_REPLIES.validate_json(row.replies)),
        outcome=row.outcome,
        subscription=row.subscription,
        created_ms=row.created_ms,
        attempts=row.attempts,
        is_uncertain=row.under_way,
        lease_ms=lease_ms,
    )
