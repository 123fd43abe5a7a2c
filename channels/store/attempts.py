"""Counts failed look-ups in the database: one count for all workers, kept over a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from sqlalchemy import BigInteger, Column, Connection, Engine, Index, Integer, String, Table, delete, func, select

from actions.one_stop.attempts import AttemptLimit
from channels.store.database import METADATA
from channels.store.upsert import upsert

#: One row a key; whoever writes it first holds the key until the end of the transaction.
KEYS = Table(
    "attempt_keys",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("last_us", BigInteger, nullable=False, index=True),
)
#: One row an attempt that counts.
ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Index("attempts_key_at", "key", "at_us"),
)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)


class SqlAttempts:
    """`AttemptStore` in the database; the keys are digests, so it is no list of codes and people."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._swept_at: datetime | None = None

    async def claim(self, keys: Sequence[str], now: datetime, limit: AttemptLimit) -> datetime | None:
        """Count one attempt under every key, or none; see `AttemptStore.claim`."""
        return await asyncio.to_thread(self._claim, keys, now, limit)

    async def give_back(self, keys: Sequence[str], now: datetime) -> None:
        """Remove the attempt; see `AttemptStore.give_back`."""
        await asyncio.to_thread(self._give_back, keys, now)

    def _claim(self, keys: Sequence[str], now: datetime, limit: AttemptLimit) -> datetime | None:
        if self._swept_at is None or now - self._swept_at > limit.window:
            self.forget_before(now - limit.window)
            self._swept_at = now
        with self._engine.connect() as connection, connection.begin() as transaction:
            self._hold(connection, keys, now)
            moments = [until for key in keys if (until := _closed_until(connection, key, now, limit)) is not None]
            if moments:
                transaction.rollback()
                return _moment(max(moments)).astimezone(now.tzinfo)
            connection.execute(ATTEMPTS.insert(), [{"key": key, "at_us": _us(now)} for key in keys])
        return None

    def _give_back(self, keys: Sequence[str], now: datetime) -> None:
        with self._engine.begin() as connection:
            for key in keys:
                mine = select(func.max(ATTEMPTS.c.id)).where(ATTEMPTS.c.key == key, ATTEMPTS.c.at_us == _us(now))
                connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.id == mine.scalar_subquery()))

    def forget_before(self, moment: datetime) -> int:
        """Delete the attempts up to a moment and the keys without later ones; return how many attempts.

        What another transaction holds just now is left for the next time: waiting for it could wait in a circle.
        """
        old = select(ATTEMPTS.c.id).where(ATTEMPTS.c.at_us <= _us(moment)).with_for_update(skip_locked=True)
        idle = select(KEYS.c.key).where(KEYS.c.last_us <= _us(moment)).with_for_update(skip_locked=True)
        with self._engine.begin() as connection:
            count = connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.id.in_(old))).rowcount
        with self._engine.begin() as connection:
            connection.execute(delete(KEYS).where(KEYS.c.key.in_(idle)))
        return count

    def _hold(self, connection: Connection, keys: Sequence[str], now: datetime) -> None:
        """Take the keys for this transaction, always in the same order, so that nobody waits in a circle."""
        for key in sorted(set(keys)):
            connection.execute(upsert(self._engine, KEYS, {"key": key, "last_us": _us(now)}))


def _closed_until(connection: Connection, key: str, now: datetime, limit: AttemptLimit) -> int | None:
    """Return when a key is open again; None when it is open now."""
    recent = select(ATTEMPTS.c.at_us).where(ATTEMPTS.c.key == key, ATTEMPTS.c.at_us > _us(now - limit.window))
    latest = connection.scalars(recent.order_by(ATTEMPTS.c.at_us.desc()).limit(limit.failures)).all()
    return int(latest[-1]) + limit.window // _MICROSECOND if len(latest) >= limit.failures else None


def _us(moment: datetime) -> int:
    """Return a moment in whole microseconds since 1970: equal moments stay equal in every database."""
    return (moment - _EPOCH) // _MICROSECOND


def _moment(us: int) -> datetime:
    return _EPOCH + us * _MICROSECOND
