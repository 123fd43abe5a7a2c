"""Keeps the one token pair of a Zalo Official Account: sealed, and renewed by one worker at a time.

A refresh token works once. Two workers that use it at the same time, or a new one lost on the way to the disk, cut
the account off until a person signs in again. So the row is locked while a worker asks for the new pair, and the new
pair is on disk before anybody uses it. PostgreSQL locks the row; SQLite has only a lock for everything, which others
must not wait for while a server far away answers: there a file beside the database is locked.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from enum import Enum

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Engine, String, Table, Text, select, update
from sqlalchemy.dialects import postgresql, sqlite

from channels.store.database import METADATA

ZALO_TOKENS = Table(
    "zalo_tokens",
    METADATA,
    Column("app_id", String(64), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("is_lost", BigInteger, nullable=False),
    Column("spent", Text, nullable=False),
    Column("changed_s", BigInteger, nullable=False),
)
_SPENT_KEPT = 20


@dataclass(frozen=True)
class TokenPair:
    """An access token and the refresh token for the next one.

    expires_s: when the access token ends, in seconds since 1970; 0 with an access token never asked for.
    """

    access: str
    refresh: str
    expires_s: int


class TokenState(str, Enum):
    """Whether messages can be sent: never signed in, in order, or only after signing in again."""

    NONE = "none"
    READY = "ready"
    LOST = "lost"


@dataclass(frozen=True)
class Kept:
    """What is on disk. spent: digests of refresh tokens that were used up."""

    pair: TokenPair | None
    state: TokenState
    spent: tuple[str, ...] = ()


class ZaloTokenStore:
    """The pair of one account; every call blocks: use a thread."""

    def __init__(self, engine: Engine, key: bytes, app_id: str) -> None:
        """key: any secret; what was sealed with another one counts as lost."""
        self._engine = engine
        self._app_id = app_id
        self._seal = Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"zalo tokens" + key).digest()))

    def read(self) -> Kept:
        """Return what is on disk."""
        with self._engine.connect() as connection:
            return self._read(connection)

    def put_first(self, refresh: str) -> None:
        """Take over a refresh token that a person brings, in place of whatever is there."""
        with self._held() as connection:
            spent = self._read(connection).spent
            self._write(connection, Kept(TokenPair("", refresh, 0), TokenState.READY, spent))

    def rotate(self, stale: str, exchange: Callable[[str], TokenPair | None], spare: str = "") -> Kept:
        """Return a pair other than the stale one, asking for it when no other worker has done so already.

        stale: the access token that is of no use any more; empty when there was none.
        exchange: turns a refresh token into a new pair; None when it is not taken any more; what it raises changes
        nothing. spare: a refresh token for the first time and for after a loss; used only if it never was before.
        """
        with self._held() as connection:
            kept = self._read(connection)
            if kept.pair and kept.pair.access not in ("", stale):
                return kept
            if kept.pair and (renewed := self._exchanged(connection, kept, kept.pair.refresh, exchange)).pair:
                return renewed
            kept = self._read(connection)
            if spare and _digest(spare) not in kept.spent:
                return self._exchanged(connection, kept, spare, exchange)
            return kept

    def _exchanged(
        self, connection: Connection, kept: Kept, refresh: str, exchange: Callable[[str], TokenPair | None]
    ) -> Kept:
        pair = exchange(refresh)
        spent = (*kept.spent, _digest(refresh))[-_SPENT_KEPT:]
        new = Kept(pair, TokenState.READY if pair else TokenState.LOST, spent)
        self._write(connection, new)
        return new

    @contextmanager
    def _held(self) -> Iterator[Connection]:
        """Keep all other workers out of the row until the end of the transaction."""
        self._make_row()
        with self._locked_file(), self._engine.begin() as connection:
            connection.execute(select(ZALO_TOKENS.c.app_id).where(self._mine).with_for_update()).all()
            yield connection

    @contextmanager
    def _locked_file(self) -> Iterator[None]:
        folder = self._engine.url.database if self._engine.dialect.name == "sqlite" else None
        if not folder or folder == ":memory:":
            yield
            return
        with open(f"{folder}.zalo-lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _make_row(self) -> None:
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        row = {"app_id": self._app_id, "sealed": "", "is_lost": 0, "spent": "[]", "changed_s": _now_s()}
        with self._engine.begin() as connection:
            if not connection.execute(select(ZALO_TOKENS.c.app_id).where(self._mine)).first():
                connection.execute(dialect.insert(ZALO_TOKENS).values(row).on_conflict_do_nothing())

    @property
    def _mine(self) -> ColumnElement[bool]:
        return ZALO_TOKENS.c.app_id == self._app_id

    def _read(self, connection: Connection) -> Kept:
        row = connection.execute(select(ZALO_TOKENS).where(self._mine)).first()
        if row is None:
            return Kept(None, TokenState.NONE)
        spent = tuple(json.loads(row.spent))
        if row.is_lost or not row.sealed:
            return Kept(None, TokenState.LOST if row.is_lost else TokenState.NONE, spent)
        try:
            opened = json.loads(self._seal.decrypt(row.sealed.encode()))
        except InvalidToken:
            return Kept(None, TokenState.LOST, spent)
        return Kept(TokenPair(**opened), TokenState.READY, spent)

    def _write(self, connection: Connection, kept: Kept) -> None:
        sealed = self._seal.encrypt(json.dumps(asdict(kept.pair)).encode()).decode() if kept.pair else ""
        lost = int(kept.state is TokenState.LOST)
        values = {"sealed": sealed, "is_lost": lost, "spent": json.dumps(kept.spent), "changed_s": _now_s()}
        connection.execute(update(ZALO_TOKENS).where(self._mine).values(values))


def _digest(refresh: str) -> str:
    return hashlib.sha256(refresh.encode()).hexdigest()[:32]


def _now_s() -> int:
    return int(datetime.now(timezone.utc).timestamp())
