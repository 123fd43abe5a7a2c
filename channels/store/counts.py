"""Counts by day that stay when conversations are gone: how often what happened, and nothing that leads to a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Date, Engine, Integer, String, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from channels.store.database import METADATA

COUNTS = Table(
    "day_counts",
    METADATA,
    Column("what", String(16), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("channel", String(16), primary_key=True),
    Column("count", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
)


def _add_to(new: postgresql.Insert | sqlite.Insert) -> postgresql.Insert | sqlite.Insert:
    more = {"count": COUNTS.c.count + new.excluded.count}
    return new.on_conflict_do_update(index_elements=list(COUNTS.primary_key), set_=more)


_ADD_TO = {"postgresql": _add_to(postgresql.insert(COUNTS)), "sqlite": _add_to(sqlite.insert(COUNTS))}


class What(str, Enum):
    """What is counted, and what its key says.

    HOUR: visits by the hour in which they began, "00" to "23".  OUTCOME: turns by how they ended.
    TOOK: turns by their time in ms; WAIT: people by how long they waited for a clerk, in s; both rounded to two digits.
    PROCEDURE, EVENT: answers by what they were about.  FEEDBACK: thumbs, "up" or "down".
    """

    HOUR = "hour"
    OUTCOME = "outcome"
    TOOK = "took"
    WAIT = "wait"
    PROCEDURE = "procedure"
    EVENT = "event"
    FEEDBACK = "feedback"


@dataclass(frozen=True, order=True)
class Counted:
    """What one count is of. channel: empty where it is not counted by channel."""

    what: What
    day: date
    key: str
    channel: str = ""


def add_counts(connection: Connection, counts: Mapping[Counted, int]) -> None:
    """Add to counts; always in the same order, so that two workers never wait for each other in a circle."""
    if counts:
        in_order = sorted(counts.items(), key=lambda item: (item[0].what.value, item[0]))
        rows = [{**_key(counted), "count": number} for counted, number in in_order]
        connection.execute(_ADD_TO["postgresql" if connection.dialect.name == "postgresql" else "sqlite"], rows)


def set_counts(connection: Connection, what: What, day: date, counts: Mapping[str, int]) -> None:
    """Write the counts of a day in place of what was there."""
    connection.execute(COUNTS.delete().where(COUNTS.c.what == what.value, COUNTS.c.day == day))
    for key, number in sorted(counts.items()):
        connection.execute(COUNTS.insert().values({**_key(Counted(what, day, key)), "count": number}))


class CountStore:
    """Reads counts. Blocking; call it in a thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def sums(self, whats: Iterable[What], first: date, last: date) -> dict[What, dict[str, int]]:
        """Return the sums by key over all channels, of the days from first to last."""
        columns = (COUNTS.c.what, COUNTS.c.key, func.sum(COUNTS.c.count))
        found: dict[What, dict[str, int]] = {what: {} for what in whats}
        wanted = select(*columns).where(_within(found, first, last)).group_by(COUNTS.c.what, COUNTS.c.key)
        with self._engine.connect() as connection:
            for what, key, number in connection.execute(wanted):
                found[What(what)][key] = int(number)
        return found

    def by_channel(self, what: What, first: date, last: date) -> dict[tuple[str, str], int]:
        """Return the sums by channel and key."""
        columns = (COUNTS.c.channel, COUNTS.c.key)
        wanted = select(*columns, func.sum(COUNTS.c.count)).where(_within([what], first, last)).group_by(*columns)
        with self._engine.connect() as connection:
            return {(channel, key): int(number) for channel, key, number in connection.execute(wanted)}

    def by_day(self, what: What, first: date, last: date) -> dict[tuple[date, str], int]:
        """Return the sums by day and key."""
        columns = (COUNTS.c.day, COUNTS.c.key)
        wanted = select(*columns, func.sum(COUNTS.c.count)).where(_within([what], first, last)).group_by(*columns)
        with self._engine.connect() as connection:
            return {(day, key): int(number) for day, key, number in connection.execute(wanted)}

    def rows(self, first: date, last: date) -> list[tuple[date, str, str, str, int]]:
        """Return everything as (day, what, key, channel, count), in order; for the download."""
        columns = (COUNTS.c.day, COUNTS.c.what, COUNTS.c.key, COUNTS.c.channel, COUNTS.c.count)
        wanted = select(*columns).where(_within(list(What), first, last)).order_by(*columns[:4])
        with self._engine.connect() as connection:
            return [
                (day, what, key, channel, int(number)) for day, what, key, channel, number in connection.execute(wanted)
            ]


def _within(whats: Iterable[What], first: date, last: date) -> ColumnElement[bool]:
    return COUNTS.c.what.in_([what.value for what in whats]) & COUNTS.c.day.between(first, last)


def _key(counted: Counted) -> dict[str, object]:
    return {"what": counted.what.value, "day": counted.day, "key": counted.key[:64], "channel": counted.channel}
