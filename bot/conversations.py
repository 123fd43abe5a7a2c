"""Keeps the conversations (tracker store) and the locks between servers."""

from __future__ import annotations

import itertools
import json
import time
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy
from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import ActiveLoop, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import func, select
from sqlalchemy.pool import StaticPool

#: How many of a citizen's last messages are read again with each new one; older slots stay known.
TURNS_READ = 10
#: Conversations kept in memory beside the database while one server alone serves them; longer ones are read anew.
CONVERSATIONS_AT_HAND = 500
MOST_EVENTS_AT_HAND = 150


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL store made to stay fast in a long conversation, and to forget.

    Rasa's own reads a whole session with each message (140 ms after 80 turns) and opens the database anew for it.
    """

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._events = self.SQLEvent.__table__
        self._at_hand: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        self.keeps_at_hand = False

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation: its last turns, and before them the latest value of every slot and form.

        A conversation at hand is given away: when a turn fails before it is saved, the next one reads the database.
        """
        at_hand = self._at_hand.pop(sender_id, None)
        if at_hand is not None:
            return at_hand
        columns = self._events.c
        with self.engine.connect() as connection:
            mine = columns.sender_id == sender_id
            begin = connection.scalar(
                select(func.max(columns.id)).where(mine, columns.type_name == SessionStarted.type_name)
            )
            window = self._window(connection, mine, begin or 0)
            latest = (
                select(func.max(columns.id))
                .where(mine, columns.id >= (begin or 0), columns.id < window)
                .where(columns.type_name.in_([SlotSet.type_name, ActiveLoop.type_name]))
                .group_by(columns.type_name, columns.action_name)
            )
            carried = [number for (number,) in connection.execute(latest)] if window else []
            wanted = select(columns.data).where(mine, (columns.id >= window) | columns.id.in_(carried))
            rows = connection.execute(wanted.order_by(columns.id)).scalars().all()
        if not rows:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, [json.loads(row) for row in rows], self.domain.slots)
        tracker.kept_events = len(tracker.events)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append what has happened since the conversation was read."""
        await self.stream_events(tracker)
        rows = [self._row(tracker.sender_id, event) for event in self._new_events(tracker)]
        if rows:
            with self.engine.begin() as connection:
                connection.execute(self._events.insert(), rows)
        tracker.kept_events = len(tracker.events)
        if self.keeps_at_hand and len(tracker.events) <= MOST_EVENTS_AT_HAND:
            self._at_hand[tracker.sender_id] = tracker
            while len(self._at_hand) > CONVERSATIONS_AT_HAND:
                self._at_hand.popitem(last=False)

    async def delete(self, sender_id: str) -> int:
        """Delete everything kept of one sender; return the number of events."""
        self._at_hand.pop(sender_id, None)
        with self.engine.begin() as connection:
            return int(connection.execute(self._events.delete().where(self._events.c.sender_id == sender_id)).rowcount)

    async def delete_older_than(self, days: int) -> int:
        """Delete the conversations whose last event is older than some days; return the number of events."""
        columns = self._events.c
        silent = func.max(columns.timestamp) < time.time() - days * 86_400
        with self.engine.connect() as connection:
            old = (
                connection.execute(select(columns.sender_id).group_by(columns.sender_id).having(silent)).scalars().all()
            )
        return sum([await self.delete(sender_id) for sender_id in old])

    def close(self) -> None:
        """Close the connections to the database."""
        self.engine.dispose()

    def _window(self, connection: Any, mine: Any, begin: int) -> int:
        """Return the id of the first event to read in full: the action before the oldest message wanted."""
        columns = self._events.c
        messages = (
            select(columns.id)
            .where(mine, columns.id >= begin, columns.type_name == UserUttered.type_name)
            .order_by(columns.id.desc())
        )
        oldest = connection.scalar(messages.limit(1).offset(TURNS_READ - 1))
        if oldest is None:
            return begin
        before = select(func.max(columns.id)).where(mine, columns.id < oldest, columns.type_name == "action")
        return int(connection.scalar(before) or oldest)

    def _new_events(self, tracker: DialogueStateTracker) -> Iterator[Event]:
        return itertools.islice(tracker.events, getattr(tracker, "kept_events", 0), None)

    @staticmethod
    def _row(sender_id: str, event: Event) -> dict[str, Any]:
        data = event.as_dict()
        return {
            "sender_id": sender_id,
            "type_name": event.type_name,
            "timestamp": data.get("timestamp"),
            "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
            "action_name": data.get("name"),
            "data": json.dumps(data),
        }


def open_store(db_url: str) -> ConversationStore:
    """Open the store in an SQLite file (a plain path or sqlite:///path) or at an SQL url."""
    path = db_url.removeprefix("sqlite:///") if db_url.startswith("sqlite:///") else db_url
    if "://" in path:
        return ConversationStore(host=path)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    store = ConversationStore(dialect="sqlite", db=path)
    store.engine.dispose()
    # One connection kept open: closing the last one makes SQLite write its whole log back, with every message.
    url = sqlalchemy.engine.URL.create("sqlite", database=path)
    store.engine = sqlalchemy.create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    store.sessionmaker = sqlalchemy.orm.sessionmaker(bind=store.engine)
    sqlalchemy.event.listen(store.engine, "connect", _prepare_sqlite)
    return store


def open_locks(redis_url: str) -> LockStore:
    """Open the locks: in memory for one server, in Redis for several."""
    if not redis_url:
        return InMemoryLockStore()
    url = urlsplit(redis_url)
    return RedisLockStore(
        host=url.hostname or "localhost",
        port=url.port or 6379,
        db=int(url.path.strip("/") or 1),
        username=url.username,
        password=url.password,
        use_ssl=url.scheme == "rediss",
        key_prefix="motcua",
    )


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Let readers and a writer work side by side, and sync at checkpoints only."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=5000")
