"""The history of builds: who began them, what they measured, and which have been in service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import BigInteger, Column, Engine, Integer, Row, String, Table, Text, insert, select, update

from channels.store.database import METADATA
from channels.store.moments import from_ms, to_ms

BUILDS = Table(
    "teaching_builds",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("state", String(16), nullable=False, index=True),
    Column("began_ms", BigInteger, nullable=False),
    Column("began_by", String(64), nullable=False),
    Column("ended_ms", BigInteger),
    Column("report", Text),
    Column("first_live_ms", BigInteger),
    Column("live_ms", BigInteger),
    Column("live_by", String(64)),
)


class BuildState(str, Enum):
    """How a build stands. PASSED: no figure fell; it may go into service."""

    BUILDING = "building"
    PASSED = "passed"
    FELL = "fell"
    FAILED = "failed"


@dataclass(frozen=True)
class Build:
    """One build. report: what it measured, as JSON.

    first_live_at: when it first went into service; live_at, live_by: when and by whom last.
    """

    id: int
    state: BuildState
    began_at: datetime
    began_by: str
    ended_at: datetime | None = None
    report: str | None = None
    first_live_at: datetime | None = None
    live_at: datetime | None = None
    live_by: str | None = None


class BuildStore:
    """Reads and writes the history. Blocking; call it in a thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, at: datetime, by: str) -> int:
        """Write a new build down; return its number."""
        row = {"state": BuildState.BUILDING.value, "began_ms": to_ms(at), "began_by": by}
        with self._engine.begin() as connection:
            made = connection.execute(insert(BUILDS).values(**row))
            return int(made.inserted_primary_key[0])  # type: ignore[index]

    def end(self, number: int, state: BuildState, at: datetime, report: str) -> bool:
        """Write down how a build ended; False when another worker has already."""
        mine = (BUILDS.c.id == number) & (BUILDS.c.state == BuildState.BUILDING.value)
        told = {"state": state.value, "ended_ms": to_ms(at), "report": report}
        with self._engine.begin() as connection:
            return connection.execute(update(BUILDS).where(mine).values(**told)).rowcount == 1

    def went_live(self, number: int, at: datetime, by: str) -> None:
        """Write down that a build is in service from now on."""
        now = to_ms(at)
        with self._engine.begin() as connection:
            connection.execute(update(BUILDS).where(BUILDS.c.id == number).values(live_ms=now, live_by=by))
            first = (BUILDS.c.id == number) & BUILDS.c.first_live_ms.is_(None)
            connection.execute(update(BUILDS).where(first).values(first_live_ms=now))

    def running(self) -> Build | None:
        """Return the build that is under way, if any."""
        return next(iter(self._read(BUILDS.c.state == BuildState.BUILDING.value, limit=1)), None)

    def get(self, number: int) -> Build | None:
        return next(iter(self._read(BUILDS.c.id == number, limit=1)), None)

    def history(self, limit: int = 20) -> list[Build]:
        """Return the builds, newest first."""
        return self._read(limit=limit)

    def been_live(self, limit: int = 20) -> list[Build]:
        """Return the builds that are or were in service, the latest in service first."""
        wanted = select(BUILDS).where(BUILDS.c.live_ms.is_not(None)).order_by(BUILDS.c.live_ms.desc(), BUILDS.c.id)
        with self._engine.connect() as connection:
            return [_build(row) for row in connection.execute(wanted.limit(limit)).all()]

    def _read(self, *where: object, limit: int) -> list[Build]:
        wanted = select(BUILDS).where(*where).order_by(BUILDS.c.id.desc()).limit(limit)  # type: ignore[arg-type]
        with self._engine.connect() as connection:
            return [_build(row) for row in connection.execute(wanted).all()]


def _build(row: Row[Any]) -> Build:
    def moment(ms: int | None) -> datetime | None:
        return from_ms(ms) if ms is not None else None

    return Build(
        row.id,
        BuildState(row.state),
        from_ms(row.began_ms),
        row.began_by,
        moment(row.ended_ms),
        row.report,
        moment(row.first_live_ms),
        moment(row.live_ms),
        row.live_by,
    )
