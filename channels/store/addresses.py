"""How to reach the people of messaging channels again: their ids, encrypted.

Everything else knows people by keyed hashes, which lead nowhere back. Pushing a change or a clerk's words needs the
id itself; it is kept under encryption, apart from what was said, and goes with the conversation. People on the web
need none: their page asks by itself.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import BigInteger, Column, Engine, String, Table, Text, delete, select

from channels.store.database import METADATA
from channels.store.upsert import upsert

ADDRESSES = Table(
    "addresses",
    METADATA,
    Column("conversation", String(32), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("last_s", BigInteger, nullable=False, index=True),
)
WEB = "web"
#: A message within this time of the last one does not write again.
_FRESH_FOR_S = 600


@dataclass(frozen=True)
class Address:
    """Where a conversation is held. last_at: when its person last wrote (Zalo's window counts from it)."""

    channel: str
    person: str
    last_at: datetime


class AddressBook:
    """Finds the person of a conversation for those who have to reach them."""

    def __init__(self, engine: Engine, key: bytes) -> None:
        """key: any secret; what was sealed with another one is not found."""
        self._engine = engine
        self._seal = Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"addresses" + key).digest()))
        self._fresh: dict[str, float] = {}

    async def remember(self, conversation: str, channel: str, person: str) -> None:
        """Note that a person just wrote."""
        now = datetime.now(timezone.utc).timestamp()
        if channel != WEB or now - self._fresh.get(conversation, 0.0) >= _FRESH_FOR_S:
            await asyncio.to_thread(self._remember, conversation, channel, person, now)

    async def find(self, conversation: str) -> Address | None:
        """Return where to reach the person of a conversation; None when nothing is (or can be) known."""
        return await asyncio.to_thread(self._find, conversation)

    async def forget(self, conversation: str) -> None:
        """Delete the address of a conversation."""
        self._fresh.pop(conversation, None)
        await asyncio.to_thread(self._delete, ADDRESSES.c.conversation == conversation)

    def forget_older_than(self, days: int) -> int:
        """Delete the addresses of people silent for that many days; return how many."""
        before = datetime.now(timezone.utc) - timedelta(days=days)
        return self._delete(ADDRESSES.c.last_s < int(before.timestamp()))

    def _remember(self, conversation: str, channel: str, person: str, now: float) -> None:
        sealed = "" if channel == WEB else self._seal.encrypt(person.encode()).decode()
        row = {"conversation": conversation, "channel": channel, "sealed": sealed, "last_s": int(now)}
        with self._engine.begin() as connection:
            connection.execute(upsert(self._engine, ADDRESSES, row))
        if len(self._fresh) > 10_000:
            self._fresh.clear()
        self._fresh[conversation] = now

    def _find(self, conversation: str) -> Address | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(ADDRESSES).where(ADDRESSES.c.conversation == conversation)).first()
        if row is None:
            return None
        last_at = datetime.fromtimestamp(row.last_s, timezone.utc)
        if row.channel == WEB:
            return Address(WEB, conversation, last_at)
        try:
            return Address(row.channel, self._seal.decrypt(row.sealed.encode()).decode(), last_at)
        except InvalidToken:
            return None

    def _delete(self, which: object) -> int:
        with self._engine.begin() as connection:
            return connection.execute(delete(ADDRESSES).where(which)).rowcount  # type: ignore[arg-type]
