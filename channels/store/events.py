"""What was pushed to open pages (and to clerks' desks): one numbered line for each topic, each event once."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Engine, Index, String, Table, Text, case, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from channels.store.database import METADATA
from channels.store.moments import to_ms, utc_now

#: One row a topic; whoever writes it holds the topic until the end of the transaction, so that numbers are given in
#: the order in which they become visible: a reader who has seen 7 never misses a 6 that came later.
TOPICS = Table(
    "event_topics",
    METADATA,
    Column("topic", String(64), primary_key=True),
    Column("last_id", BigInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False, index=True),
)
EVENTS = Table(
    "events",
    METADATA,
    Column("topic", String(64), primary_key=True),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", String(160), nullable=False),
    Column("data", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Index("events_topic_key", "topic", "key", unique=True),
    Index("events_at", "at_ms"),
)


@dataclass(frozen=True)
class Event:
    """One event of a topic. id: grows within the topic; the cursor of its readers."""

    id: int
    data: dict[str, Any]


class EventStore:
    """Appends and reads events; numbers begin at the clock's milliseconds, so that they grow over a deletion too."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def append(self, topic: str, key: str, data: dict[str, Any], now: datetime | None = None) -> bool:
        """Add an event; tell whether it is new: the same key is taken once in a topic."""
        return await asyncio.to_thread(self._append, topic, key, data, now or utc_now())

    async def after(self, topic: str, cursor: int, limit: int = 100) -> list[Event]:
        """Return the events after a cursor, oldest first."""
        return await asyncio.to_thread(self._after, topic, cursor, limit)

    async def last_id(self, topic: str) -> int:
        """Return the cursor behind the newest event; 0 when there is none."""
        return (await asyncio.to_thread(self._last_ids, TOPICS.c.topic == topic)).get(topic, 0)

    async def changed_since(self, moment: datetime) -> dict[str, int]:
        """Return the newest id of every topic that got an event since a moment."""
        return await asyncio.to_thread(self._last_ids, TOPICS.c.at_ms >= to_ms(moment))

    async def forget(self, topic: str) -> None:
        """Delete a topic."""
        await asyncio.to_thread(self._forget, topic)

    def forget_before(self, moment: datetime) -> int:
        """Delete the events before a moment; return how many."""
        with self._engine.begin() as connection:
            connection.execute(delete(TOPICS).where(TOPICS.c.at_ms < to_ms(moment)))
            return connection.execute(delete(EVENTS).where(EVENTS.c.at_ms < to_ms(moment))).rowcount

    def _append(self, topic: str, key: str, data: dict[str, Any], now: datetime) -> bool:
        row = {"topic": topic, "key": key, "data": json.dumps(data, ensure_ascii=False), "at_ms": to_ms(now)}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(EVENTS).values(id=self._next_id(connection, topic, to_ms(now)), **row))
        except IntegrityError:
            return False  # and the number taken for it is given back
        return True

    def _next_id(self, connection: Connection, topic: str, now_ms: int) -> int:
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        row = dialect.insert(TOPICS).values(topic=topic, last_id=now_ms, at_ms=now_ms)
        following = case((TOPICS.c.last_id >= now_ms, TOPICS.c.last_id + 1), else_=now_ms)
        changed = row.on_conflict_do_update(index_elements=["topic"], set_={"last_id": following, "at_ms": now_ms})
        return int(connection.execute(changed.returning(TOPICS.c.last_id)).scalar_one())

    def _after(self, topic: str, cursor: int, limit: int) -> list[Event]:
        wanted = select(EVENTS.c.id, EVENTS.c.data).where(EVENTS.c.topic == topic, EVENTS.c.id > cursor)
        with self._engine.connect() as connection:
            rows = connection.execute(wanted.order_by(EVENTS.c.id).limit(limit)).all()
        return [Event(row.id, json.loads(row.data)) for row in rows]

    def _last_ids(self, which: Any) -> dict[str, int]:
        with self._engine.connect() as connection:
            rows = connection.execute(select(TOPICS.c.topic, TOPICS.c.last_id).where(which)).all()
        return {row.topic: int(row.last_id) for row in rows}

    def _forget(self, topic: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(EVENTS).where(EVENTS.c.topic == topic))
            connection.execute(delete(TOPICS).where(TOPICS.c.topic == topic))
