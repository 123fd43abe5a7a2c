"""Webhook events of Zalo that wait for their turn: sealed, each once, in order for each person.

Zalo wants its 200 within two seconds, long before an answer is ready. So an event is written down first and worked
on afterwards, by whichever worker holds its person's turn; what a stopped worker leaves is taken up by the next one.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from channels.store.database import METADATA

#: due_us: when to work on it; empty when done. The key of a done event stays, to know it when it comes again.
ZALO_INBOX = Table(
    "zalo_inbox",
    METADATA,
    Column("key", String(32), primary_key=True),
    Column("conversation", String(32), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("sent_us", BigInteger, nullable=False),
    Column("came_us", BigInteger, nullable=False, index=True),
    Column("due_us", BigInteger, nullable=True, index=True),
    Column("attempts", Integer, nullable=False),
    Index("zalo_inbox_turn", "conversation", "sent_us"),
)
#: Who works on a person's events, and until when the others must leave them alone.
ZALO_TURNS = Table(
    "zalo_turns",
    METADATA,
    Column("conversation", String(32), primary_key=True),
    Column("holder", String(32), nullable=False),
    Column("until_us", BigInteger, nullable=False),
)
#: Zalo repeats for about two hours; older events are refused by their timestamp.
KEYS_KEPT = timedelta(days=8)


@dataclass(frozen=True)
class Waiting:
    """An event that waits. attempts: how often it was tried before."""

    key: str
    body: bytes
    came_at: datetime
    attempts: int


class ZaloInbox:
    """The events and turns of all workers; every call is one short transaction and blocks: use a thread."""

    def __init__(self, engine: Engine, key: bytes) -> None:
        """key: any secret; events sealed with another one are dropped."""
        self._engine = engine
        self._at_hand: set[str] = set()
        self._seal = Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"zalo inbox" + key).digest()))

    def add(self, key: str, conversation: str, body: bytes, sent_at: datetime) -> bool:
        """Write an event down; tell whether it is new.

        sent_at: when the person sent it; events that wait together are taken in this order.
        """
        now = _now_us()
        sealed = self._seal.encrypt(body).decode()
        row = {"key": key, "conversation": conversation, "sealed": sealed, "sent_us": _us(sent_at)}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(ZALO_INBOX).values(row | {"came_us": now, "due_us": now, "attempts": 0}))
        except IntegrityError:
            return False
        return True

    def due(self) -> list[str]:
        """Return the conversations that have an event to work on by now and nobody at it."""
        now = _now_us()
        taken = select(ZALO_TURNS.c.conversation).where(ZALO_TURNS.c.until_us > now)
        wanted = select(ZALO_INBOX.c.conversation).where(
            ZALO_INBOX.c.due_us <= now, ZALO_INBOX.c.conversation.not_in(taken)
        )
        with self._engine.connect() as connection:
            return [row.conversation for row in connection.execute(wanted.distinct())]

    def take_turn(self, conversation: str, holder: str, for_s: float) -> bool:
        """Take or lengthen the turn of a person; False while another worker has it."""
        now = _now_us()
        free = (ZALO_TURNS.c.until_us <= now) | (ZALO_TURNS.c.holder == holder)
        values = {"holder": holder, "until_us": now + int(for_s * 1e6)}
        try:
            with self._engine.begin() as connection:
                mine = update(ZALO_TURNS).where(ZALO_TURNS.c.conversation == conversation, free).values(values)
                if connection.execute(mine).rowcount:
                    return True
                connection.execute(insert(ZALO_TURNS).values(conversation=conversation, **values))
        except IntegrityError:
            return False
        return True

    def end_turn(self, conversation: str, holder: str) -> None:
        """Let others have the turn."""
        mine = (ZALO_TURNS.c.conversation == conversation) & (ZALO_TURNS.c.holder == holder)
        with self._engine.begin() as connection:
            connection.execute(delete(ZALO_TURNS).where(mine))

    def next(self, conversation: str) -> Waiting | None:
        """Return the oldest event of a person that is not done; it is at hand until `done` or `later`."""
        wanted = select(ZALO_INBOX).where(ZALO_INBOX.c.conversation == conversation, ZALO_INBOX.c.due_us.is_not(None))
        with self._engine.connect() as connection:
            row = connection.execute(wanted.order_by(ZALO_INBOX.c.sent_us, ZALO_INBOX.c.came_us).limit(1)).first()
        if row is None:
            return None
        self._at_hand.add(row.key)
        try:
            body = self._seal.decrypt(row.sealed.encode())
        except InvalidToken:
            body = b""
        return Waiting(row.key, body, datetime.fromtimestamp(row.came_us / 1e6, timezone.utc), row.attempts)

    def done(self, key: str) -> None:
        """Keep no more of an event than that it was there."""
        self._at_hand.discard(key)
        self._empty(ZALO_INBOX.c.key == key)

    def later(self, key: str, pause: timedelta) -> None:
        """Try an event again after a pause."""
        self._at_hand.discard(key)
        values = {"due_us": _now_us() + pause // timedelta(microseconds=1), "attempts": ZALO_INBOX.c.attempts + 1}
        with self._engine.begin() as connection:
            open_one = (ZALO_INBOX.c.key == key) & ZALO_INBOX.c.due_us.is_not(None)
            connection.execute(update(ZALO_INBOX).where(open_one).values(values))

    def forget(self, conversation: str) -> None:
        """Delete what a person sent and what is not answered yet.

        The event at hand stays until it is done: it may be the one that asks for the deletion, which can still fail.
        """
        others = ZALO_INBOX.c.key.not_in(list(self._at_hand))
        self._empty((ZALO_INBOX.c.conversation == conversation) & others)
        with self._engine.begin() as connection:  # a turn of a worker that died; one under way is given up by itself
            over = (ZALO_TURNS.c.conversation == conversation) & (ZALO_TURNS.c.until_us <= _now_us())
            connection.execute(delete(ZALO_TURNS).where(over))

    def forget_older_than(self, age: timedelta = KEYS_KEPT) -> int:
        """Delete everything that came before; return how many events."""
        with self._engine.begin() as connection:
            before = _now_us() - age // timedelta(microseconds=1)
            connection.execute(delete(ZALO_TURNS).where(ZALO_TURNS.c.until_us < before))  # left by a worker that died
            return connection.execute(delete(ZALO_INBOX).where(ZALO_INBOX.c.came_us < before)).rowcount

    def waiting(self) -> int:
        """Return how many events are not done."""
        with self._engine.connect() as connection:
            count = select(func.count()).where(ZALO_INBOX.c.due_us.is_not(None))
            return int(connection.execute(count).scalar_one())

    def _empty(self, which: object) -> None:
        with self._engine.begin() as connection:
            values = {"sealed": "", "conversation": "", "due_us": None}
            connection.execute(update(ZALO_INBOX).where(which).values(values))  # type: ignore[arg-type]


def _us(moment: datetime) -> int:
    return int(moment.timestamp() * 1e6)


def _now_us() -> int:
    return _us(datetime.now(timezone.utc))
