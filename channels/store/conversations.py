"""What a conversation was told: replies by message id (so that a repeated message is no second turn), the notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Engine,
    Index,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from channels.messages import TurnResult
from channels.store.database import METADATA

CONVERSATIONS = Table(
    "conversations",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("last_outcome", String(32), nullable=False),
    Column("expects_digits", Boolean, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False, index=True),
)
REPLIES = Table(
    "replies",
    METADATA,
    Column("conversation", String(32), primary_key=True),
    Column("message_id", String(128), primary_key=True),
    Column("result", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("replies_at", "at"),
)

_STATE = select(CONVERSATIONS.c.expects_digits).where(CONVERSATIONS.c.id == bindparam("conversation"))
_REPLY = select(REPLIES.c.result).where(
    REPLIES.c.conversation == bindparam("conversation"), REPLIES.c.message_id == bindparam("message_id")
)
_BEGIN = insert(CONVERSATIONS)
_GO_ON = (
    update(CONVERSATIONS)
    .where(CONVERSATIONS.c.id == bindparam("conversation"))
    .values({name: bindparam(name) for name in ("last_outcome", "expects_digits", "last_at")})
)
_KEEP = insert(REPLIES)


@dataclass(frozen=True)
class ConversationState:
    """What the gateway must know before a turn.

    is_new: nobody has been told the notice yet.  expects_digits: the dialogue waits for identity digits.
    reply: the stored result of this very message, when it came before.
    """

    is_new: bool
    expects_digits: bool
    reply: str | None


class ConversationStore:
    """Reads and writes conversations; every call is one short transaction. Ids are hashes, texts are not kept."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, conversation: str, message_id: str) -> ConversationState:
        """Return the state before a turn."""
        with self._engine.connect() as connection:
            row = connection.execute(_STATE, {"conversation": conversation}).first()
            asked = {"conversation": conversation, "message_id": message_id}
            reply = connection.execute(_REPLY, asked).scalar() if row else None
        return ConversationState(row is None, bool(row and row.expects_digits), reply)

    def close(
        self,
        conversation: str,
        channel: str,
        message_id: str,
        result: TurnResult,
        *,
        is_new: bool,
        expects_digits: bool,
    ) -> None:
        """Keep the result of a turn, how it ended and what the dialogue waits for."""
        now = datetime.now(timezone.utc)
        state = {"last_outcome": result.outcome.value, "expects_digits": expects_digits, "last_at": now}
        with self._engine.begin() as connection:
            if is_new:
                connection.execute(_BEGIN, {"id": conversation, "channel": channel, "started_at": now, **state})
            else:
                connection.execute(_GO_ON, {"conversation": conversation, **state})
            reply = {"message_id": message_id, "result": result.model_dump_json(), "at": now}
            connection.execute(_KEEP, {"conversation": conversation, **reply})

    def forget(self, conversation: str) -> None:
        """Delete everything kept of a conversation."""
        with self._engine.begin() as connection:
            connection.execute(delete(REPLIES).where(REPLIES.c.conversation == conversation))
            connection.execute(delete(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation))

    def forget_older_than(self, days: int) -> int:
        """Delete conversations silent for that many days and all replies of that age; return how many."""
        before = datetime.now(timezone.utc) - timedelta(days=days)
        with self._engine.begin() as connection:
            connection.execute(delete(REPLIES).where(REPLIES.c.at < before))
            return connection.execute(delete(CONVERSATIONS).where(CONVERSATIONS.c.last_at < before)).rowcount
