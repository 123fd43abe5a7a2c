"""Moves the invented applications (hồ sơ) through their life, by the clock or by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from actions.one_stop.port import Status, vietnam_now
from actions.one_stop.simulator.applications import InventedApplication

_MORNING = time(8, 30)
_AFTERNOON = time(16, 30)
_NEXT = {
    Status.REGISTERED: Status.ACCEPTED,
    Status.ACCEPTED: Status.IN_PROGRESS,
    Status.IN_PROGRESS: Status.FINISHED,
    Status.PAPERS_NEEDED: Status.IN_PROGRESS,
    Status.PAYMENT_NEEDED: Status.IN_PROGRESS,
    Status.FINISHED: Status.RETURNED,
}


@dataclass(frozen=True)
class Situation:
    """An invented application as it stands now.

    status: a status of the national list or other words; changed_at: None until it moves.
    """

    application: InventedApplication
    status: Status | str
    received_at: datetime
    due_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    papers_due_at: datetime | None
    changed_at: datetime | None = None


class Life:
    """All invented applications and their clock.

    speed: how many days of an application's life pass in one real day.
    """

    def __init__(
        self,
        applications: Iterable[InventedApplication],
        speed: float = 1.0,
        now: Callable[[], datetime] = vietnam_now,
    ) -> None:
        self._now = now
        self._speed = speed
        self._started_at = now()
        self._situations = {one.code: self._first(one) for one in applications}
        self._steps_done = dict.fromkeys(self._situations, 0)

    def codes(self) -> list[str]:
        """Return all codes, in file order."""
        return list(self._situations)

    def find(self, code: str) -> Situation | None:
        """Return how the application stands now, None when there is none."""
        if code not in self._situations:
            return None
        self._live(code)
        return self._situations[code]

    def advance(self, code: str) -> Situation | None:
        """Move the application to its next status (a last status stays) and return how it stands."""
        situation = self.find(code)
        if situation is None:
            return None
        current = situation.status
        following = _NEXT.get(current) if isinstance(current, Status) else Status.IN_PROGRESS
        if following is not None:
            self._situations[code] = _moved(situation, following, self._now())
        return self._situations[code]

    def _live(self, code: str) -> None:
        steps = self._situations[code].application.life
        for step in steps[self._steps_done[code] :]:
            at = self._started_at + timedelta(days=step.after_days / self._speed)
            if at > self._now():
                return
            self._steps_done[code] += 1
            if not _is_behind(self._situations[code].status, step.status):
                continue  # somebody moved it by hand already
            self._situations[code] = _moved(self._situations[code], step.status, at)

    def _first(self, one: InventedApplication) -> Situation:
        return Situation(
            application=one,
            status=one.status,
            received_at=min(self._day(one.received, _MORNING), self._started_at),
            due_at=self._maybe_day(one.due),
            finished_at=self._maybe_day(one.finished),
            returned_at=self._maybe_day(one.returned),
            papers_due_at=self._maybe_day(one.papers_due),
        )

    def _maybe_day(self, days: int | None) -> datetime | None:
        return None if days is None else self._day(days, _AFTERNOON)

    def _day(self, days: int, at: time) -> datetime:
        day = self._started_at.date() + timedelta(days=days)
        return datetime.combine(day, at, self._started_at.tzinfo)


def _moved(situation: Situation, status: Status, at: datetime) -> Situation:
    at = at.replace(microsecond=0)
    moved = replace(situation, status=status, changed_at=at)
    if status is Status.FINISHED:
        return replace(moved, finished_at=at)
    if status is Status.RETURNED:
        return replace(moved, finished_at=moved.finished_at or at, returned_at=at)
    return moved


def _is_behind(current: Status | str, following: Status) -> bool:
    waits_for_citizen = (Status.PAPERS_NEEDED, Status.PAYMENT_NEEDED)
    return not isinstance(current, Status) or current in waits_for_citizen or current < following
