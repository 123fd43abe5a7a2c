"""Which followed applications to look at next, and what a changed one leads to: news, in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Case, Connection, Engine, case, delete, func, select, update

from actions.one_stop.state import State
from channels.messages import Reply
from channels.store.moments import to_ms
from channels.store.outbox import NewLetter, put_letter
from channels.store.subscriptions import (
    CHECK_COUNTS_FOR,
    CHECKS,
    ENDED_FINAL,
    ENDED_OVER,
    SUBSCRIPTIONS,
    WATCHED,
    end_subscriptions,
)


class Watch:
    """The applications that somebody follows."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def count(self) -> int:
        """Return how many applications are followed."""
        return await asyncio.to_thread(self._count)

    async def take(self, now: datetime, limit: int) -> list[str]:
        """Return the codes to look at now, those reported as changed first, then the longest waiting.

        They stay due until `record` or `put_off`: a worker that dies loses nothing.
        """
        return await asyncio.to_thread(self._take, now, limit)

    async def mark(self, codes: Collection[str]) -> int:
        """Have a look at these at once; return how many of them are followed."""
        return await asyncio.to_thread(self._mark, codes)

    async def put_off(self, code: str, until: datetime) -> int:
        """Look again at `until`; return how often in a row that was so."""
        return await asyncio.to_thread(self._put_off, code, until)

    async def record(self, code: str, state: State, news: Reply, now: datetime, following: datetime) -> int:
        """Note how an application stands; whoever was last told something else gets the news; return how many.

        New last-seen state and message come in one transaction, under a key of subscription and change: together
        or not at all, and once.  following: when to look again.
        """
        return await asyncio.to_thread(self._record, code, state, news, now, following)

    async def end_over(self, now: datetime, farewell: Callable[[str], Reply]) -> int:
        """End the subscriptions whose time is over, with a last word to each; return how many.

        Identity checks whose half hour is over go too.
        """
        return await asyncio.to_thread(self._end_over, now, farewell)

    def _count(self) -> int:
        with self._engine.connect() as connection:
            return int(connection.scalar(select(func.count(func.distinct(SUBSCRIPTIONS.c.code)))) or 0)

    def _take(self, now: datetime, limit: int) -> list[str]:
        followed = select(SUBSCRIPTIONS.c.id).where(SUBSCRIPTIONS.c.code == WATCHED.c.code).exists()
        due = select(WATCHED.c.code).where(WATCHED.c.next_ms <= to_ms(now), followed)
        with self._engine.connect() as connection:
            codes = list(connection.scalars(due.order_by(WATCHED.c.next_ms).limit(limit)).all())
        if codes:
            with self._engine.begin() as connection:
                connection.execute(update(WATCHED).where(WATCHED.c.code.in_(codes)).values(is_waiting=False))
        return codes

    def _mark(self, codes: Collection[str]) -> int:
        with self._engine.begin() as connection:
            marked = update(WATCHED).where(WATCHED.c.code.in_(list(codes)))
            return connection.execute(marked.values(next_ms=0, is_waiting=True)).rowcount

    def _put_off(self, code: str, until: datetime) -> int:
        with self._engine.begin() as connection:
            changed = update(WATCHED).where(WATCHED.c.code == code)
            connection.execute(changed.values(next_ms=_unless_reported(until), failures=WATCHED.c.failures + 1))
            return int(connection.scalar(select(WATCHED.c.failures).where(WATCHED.c.code == code)) or 0)

    def _record(self, code: str, state: State, news: Reply, now: datetime, following: datetime) -> int:
        with self._engine.begin() as connection:
            # A write first: it holds the row (in SQLite the whole file) against other workers.
            seen = update(WATCHED).where(WATCHED.c.code == code)
            connection.execute(seen.values(next_ms=_unless_reported(following), failures=0))
            columns = SUBSCRIPTIONS.c
            behind = connection.execute(
                select(columns.id, columns.conversation, columns.channel, columns.told)
                .where(columns.code == code, columns.digest != state.digest)
                .with_for_update()
            ).all()
            for row in behind:
                told = {"digest": state.digest, "status": state.status, "told": row.told + 1}
                connection.execute(update(SUBSCRIPTIONS).where(columns.id == row.id).values(told))
                key = f"follow:{row.id}:{row.told + 1}"
                letter = NewLetter(row.conversation, row.channel, (news,), key, subscription=row.id)
                put_letter(connection, letter, now)
            if state.is_final:
                people = list(connection.scalars(select(columns.conversation).where(columns.code == code)).all())
                end_subscriptions(connection, people, [code], ENDED_FINAL, now)
                connection.execute(delete(WATCHED).where(WATCHED.c.code == code))
        return len(behind)

    def _end_over(self, now: datetime, farewell: Callable[[str], Reply]) -> int:
        columns = SUBSCRIPTIONS.c
        with self._engine.begin() as connection:
            rows = self._over(connection, now)
            for row in rows:
                key = f"follow:{row.id}:over"
                letter = NewLetter(row.conversation, row.channel, (farewell(row.code),), key, subscription=row.id)
                put_letter(connection, letter, now)
                end_subscriptions(connection, [row.conversation], [row.code], ENDED_OVER, now)
            connection.execute(delete(CHECKS).where(CHECKS.c.at_ms < to_ms(now - CHECK_COUNTS_FOR)))
            left = select(columns.id).where(columns.code == WATCHED.c.code).exists()
            connection.execute(delete(WATCHED).where(~left))
        return len(rows)

    @staticmethod
    def _over(connection: Connection, now: datetime) -> Sequence[Any]:
        columns = SUBSCRIPTIONS.c
        wanted = select(columns.id, columns.conversation, columns.channel, columns.code)
        return connection.execute(wanted.where(columns.ends_ms <= to_ms(now)).with_for_update(skip_locked=True)).all()


def _unless_reported(following: datetime) -> Case[int]:
    """Return the next moment: at once when the application was reported as changed while it was looked at."""
    return case((WATCHED.c.is_waiting, 0), else_=to_ms(following))
