"""Days and hours as Vietnam counts them, and numbers rounded so that they can be counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from math import ceil, floor, log10

#: Vietnam has no summer time.
VIETNAM = timezone(timedelta(hours=7))
LONGEST_DAYS = 366


@dataclass(frozen=True)
class Period:
    """Days from first to last, both included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def since(self) -> datetime:
        return start_of(self.first)

    @property
    def until(self) -> datetime:
        return start_of(self.last + timedelta(days=1))

    @property
    def before(self) -> Period:
        """Return the period of the same length that ends where this one begins."""
        return Period(self.first - timedelta(days=len(self.days)), self.first - timedelta(days=1))

    @classmethod
    def ending(cls, last: date, days: int) -> Period:
        """Return the period of so many days up to one."""
        return cls(last - timedelta(days=days - 1), last)


def read_period(today: date, days: str = "", first: str = "", last: str = "") -> Period:
    """Return the period that a page asks for; odd wishes become the last 30 days.

    >>> read_period(date(2026, 11, 22), "7").first
    datetime.date(2026, 11, 16)
    """
    try:
        if first and last:
            one, two = sorted((date.fromisoformat(first), date.fromisoformat(last)))
            if two <= today and (two - one).days < LONGEST_DAYS:
                return Period(one, two)
        elif days:
            return Period.ending(today, min(max(int(days), 1), LONGEST_DAYS))
    except ValueError:
        pass
    return Period.ending(today, 30)


def day_of(moment: datetime) -> date:
    """Return the day in Vietnam."""
    return moment.astimezone(VIETNAM).date()


def hour_of(moment: datetime) -> int:
    """Return the hour in Vietnam."""
    return moment.astimezone(VIETNAM).hour


def start_of(day: date) -> datetime:
    """Return the first moment of a day in Vietnam."""
    return datetime.combine(day, time(), VIETNAM)


def two_digits(number: float) -> int:
    """Return a number rounded to its first two digits: the counts stay few, the error below five in a hundred.

    >>> [two_digits(number) for number in (7.4, 87, 123, 1250, 0)]
    [7, 87, 120, 1300, 0]
    """
    whole = floor(number + 0.5)
    if whole < 100:
        return max(0, whole)
    step = int(10 ** (floor(log10(whole)) - 1))
    return floor(whole / step + 0.5) * step


def percentile(counts: Mapping[int, int], share: float) -> int | None:
    """Return the smallest number that at least this share of all does not exceed; None of nothing.

    >>> percentile({100: 1, 200: 1, 300: 2}, 0.5)
    200
    """
    rank = ceil(sum(counts.values()) * share)
    for number in sorted(counts):
        rank -= counts[number]
        if rank <= 0:
            return number
    return None
