"""Keeps the conversations (tracker store) and the locks between servers."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy
from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore
from rasa.core.tracker_store import SQLTrackerStore


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL store that can also forget: one conversation on request, old ones by age."""

    async def delete(self, sender_id: str) -> int:
        """Delete everything kept of one sender; return the number of events."""
        return self._delete(self.SQLEvent.sender_id == sender_id)

    async def delete_older_than(self, days: int) -> int:
        """Delete the conversations whose last event is older than some days; return the number of events."""
        oldest = time.time() - days * 86_400
        with self.session_scope() as session:
            latest = sqlalchemy.func.max(self.SQLEvent.timestamp)
            senders = session.query(self.SQLEvent.sender_id).group_by(self.SQLEvent.sender_id).having(latest < oldest)
            old = [sender for (sender,) in senders]
        return sum(self._delete(self.SQLEvent.sender_id == sender) for sender in old)

    def close(self) -> None:
        """Close the connections to the database."""
        self.engine.dispose()

    def _delete(self, condition: Any) -> int:
        with self.session_scope() as session:
            deleted = session.query(self.SQLEvent).filter(condition).delete(synchronize_session=False)
            session.commit()
            return int(deleted)


def open_store(db_url: str) -> ConversationStore:
    """Open the store in an SQLite file (a plain path or sqlite:///path) or at an SQL url."""
    path = db_url.removeprefix("sqlite:///") if db_url.startswith("sqlite:///") else db_url
    if "://" in path:
        return ConversationStore(host=path)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    store = ConversationStore(dialect="sqlite", db=path)
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
