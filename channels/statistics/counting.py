"""Reads what a report is computed from: counts by day, thumbs, and how long people waited for a clerk.

Thumbs and waiting times are read where they are kept; before they are deleted, their numbers go into the counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Engine, func, select

from channels.statistics.report import Counts, four_weeks_before, last_week
from channels.store.counts import CountStore, What, set_counts
from channels.store.days import Period, day_of, start_of, two_digits
from channels.store.desk import TICKETS
from channels.store.feedback import FEEDBACK
from channels.store.moments import to_ms
from channels.store.tickets import Reason

TOPICS = (What.PROCEDURE, What.EVENT)


class Counting:
    """Reads counts of a database. Blocking; use a thread."""

    def __init__(self, engine: Engine, retention_days: int) -> None:
        self._engine = engine
        self._retention = timedelta(days=retention_days)
        self.store = CountStore(engine)

    def read(self, period: Period, now: datetime) -> Counts:
        """Return the counts of a period."""
        first, last = period.first, period.last
        sums = self.store.sums([What.TOOK, *TOPICS], first, last)
        outcomes_by_channel = self.store.by_channel(What.OUTCOME, first, last)
        hours_by_channel = self.store.by_channel(What.HOUR, first, last)
        before = self.store.sums([What.HOUR, What.OUTCOME], period.before.first, period.before.last)
        kept = self._kept(period, now)
        feedback, waits, not_taken = Counter(self._feedback(kept)), Counter(self._waits(kept)), self._not_taken(kept)
        if kept.first > first:
            older = self.store.sums([What.FEEDBACK, What.WAIT], first, kept.first - timedelta(days=1))
            feedback.update(older[What.FEEDBACK])
            waits.update({int(seconds): number for seconds, number in older[What.WAIT].items()})
        return Counts(
            hours=_summed(hours_by_channel, 1),
            outcomes=_summed(outcomes_by_channel, 1),
            took=sums[What.TOOK],
            procedures=sums[What.PROCEDURE],
            events=sums[What.EVENT],
            feedback=feedback,
            waits=waits,
            not_taken=not_taken,
            by_channel=outcomes_by_channel,
            visits_by_channel=_summed(hours_by_channel, 0),
            by_day=self.store.by_day(What.OUTCOME, first, last),
            before_hours=before[What.HOUR],
            before_outcomes=before[What.OUTCOME],
            week=self._topics(last_week(period)),
            weeks_before=self._topics(four_weeks_before(period)),
        )

    def roll_up(self, now: datetime) -> None:
        """Count thumbs and waiting times of the days that are still kept whole; do it before anything is deleted."""
        first = self._whole_since(now)
        for day in Period(first, day_of(now)).days:
            kept = Period(day, day)
            feedback, waits = self._feedback(kept), self._waits(kept)
            with self._engine.begin() as connection:
                set_counts(connection, What.FEEDBACK, day, feedback)
                set_counts(connection, What.WAIT, day, {str(seconds): number for seconds, number in waits.items()})

    def _whole_since(self, now: datetime) -> date:
        return day_of(now - self._retention) + timedelta(days=1)

    def _kept(self, period: Period, now: datetime) -> Period:
        """Return the part of a period of which everything is still kept."""
        return Period(max(period.first, self._whole_since(now)), period.last)

    def _topics(self, period: Period) -> dict[str, int]:
        sums = self.store.sums(TOPICS, period.first, period.last)
        return sums[What.PROCEDURE] | sums[What.EVENT]

    def _feedback(self, period: Period) -> dict[str, int]:
        within = FEEDBACK.c.at_ms.between(*_edges(period))
        wanted = select(FEEDBACK.c.value, func.count()).where(within).group_by(FEEDBACK.c.value)
        with self._engine.connect() as connection:
            return {value: int(number) for value, number in connection.execute(wanted)}

    def _waits(self, period: Period) -> dict[int, int]:
        wanted = select(TICKETS.c.taken_ms - TICKETS.c.asked_ms).where(_asked(period), TICKETS.c.taken_ms.is_not(None))
        with self._engine.connect() as connection:
            return Counter(two_digits(ms / 1000) for ms in connection.scalars(wanted))

    def _not_taken(self, period: Period) -> int:
        wanted = select(func.count()).select_from(TICKETS).where(_asked(period), TICKETS.c.taken_ms.is_(None))
        with self._engine.connect() as connection:
            return int(connection.scalar(wanted) or 0)


def _summed(counts: Mapping[tuple[str, str], int], part: int) -> dict[str, int]:
    """Return the sums over one part of the keys."""
    sums: Counter[str] = Counter()
    for key, number in counts.items():
        sums[key[part]] += number
    return dict(sums)


def _edges(period: Period) -> tuple[int, int]:
    return to_ms(start_of(period.first)), to_ms(period.until) - 1


def _asked(period: Period) -> ColumnElement[bool]:
    return TICKETS.c.asked_ms.between(*_edges(period)) & (TICKETS.c.reason != Reason.COMPLAINT.value)
