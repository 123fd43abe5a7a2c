"""When clerks are at the desk: hours of the week, holidays, and how much working time lies between two moments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml

VIETNAM = timezone(timedelta(hours=7))
_SPAN = re.compile(r"(\d{1,2})[:h](\d{2})\s*[-–]\s*(\d{1,2})[:h](\d{2})")
_FAR = timedelta(days=60)
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


class HoursFault(ValueError):
    """Hours or holidays are written in a form that cannot be read; the message says which."""


@dataclass(frozen=True)
class Holidays:
    """Days on which the desk is closed, and days that are worked in place of others.

    every_year: (month, day) pairs.
    """

    every_year: frozenset[tuple[int, int]] = frozenset()
    days: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    def has(self, day: date) -> bool:
        """Tell whether the desk is closed all that day."""
        return day not in self.working and (day in self.days or (day.month, day.day) in self.every_year)


@dataclass(frozen=True)
class Hours:
    """Working hours. week: (from, to) in minutes of the day, Monday first."""

    week: tuple[tuple[tuple[int, int], ...], ...]
    holidays: Holidays = Holidays()

    def is_open(self, at: datetime) -> bool:
        """Tell whether clerks are there at a moment."""
        return any(start <= at < end for start, end in self._spans(_day_of(at)))

    def next_opening(self, at: datetime) -> datetime | None:
        """Return when the desk opens next, in Vietnam's time; None when not within two months."""
        for start, _ in self._from(at, at + _FAR):
            if start > at:
                return start
        return None

    def worked(self, since: datetime, until: datetime) -> timedelta:
        """Return the working time between two moments; of long spans the last two months count."""
        since = max(since, until - _FAR)
        parts = (min(end, until) - max(start, since) for start, end in self._from(since, until))
        return sum((part for part in parts if part > timedelta(0)), timedelta(0))

    def told(self) -> list[tuple[str, str]]:
        """Return the week as clerks read it: neighbouring days with the same hours together."""
        rows: list[list[Any]] = []
        for name, spans in zip(_WEEKDAYS, self.week, strict=True):
            text = ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in spans) or "nghỉ"
            if rows and rows[-1][2] == text:
                rows[-1][1] = name
            else:
                rows.append([name, name, text])
        return [(first if first == last else f"{first} – {last}", text) for first, last, text in rows]

    def _from(self, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        day, last = _day_of(since), _day_of(until)
        while day <= last:
            yield from self._spans(day)
            day += timedelta(days=1)

    def _spans(self, day: date) -> list[tuple[datetime, datetime]]:
        if self.holidays.has(day):
            return []
        midnight = datetime.combine(day, time(), VIETNAM)
        spans = self.week[0 if day in self.holidays.working else day.weekday()]
        return [(midnight + timedelta(minutes=start), midnight + timedelta(minutes=end)) for start, end in spans]


def read_hours(week: Sequence[str], holidays: Path) -> Hours:
    """Return the hours of a week as the settings give them.

    Raises:
        HoursFault: something cannot be read, or the desk would never open.
    """
    parsed = tuple(_day(text) for text in week)
    if not any(parsed):
        raise HoursFault("MOT_CUA_DESK_*: không có giờ trực ngày nào; ghi ít nhất một ngày, ví dụ 07:30-11:30")
    return Hours(parsed, read_holidays(holidays))


def read_holidays(path: Path) -> Holidays:
    """Return the days of a file.

    Raises:
        HoursFault: the file is missing or malformed.
    """
    try:
        stored: Any = yaml.safe_load(path.read_text(encoding="utf8")) or {}
        every_year = frozenset(_month_and_day(str(text)) for text in stored.get("every_year") or ())
        days, working = (
            frozenset(date.fromisoformat(str(text)) for text in stored.get(name) or ()) for name in ("days", "working")
        )
    except (OSError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise HoursFault(f"{path}: không đọc được ngày nghỉ ({error}); viết như channels/desk/holidays.yml") from error
    return Holidays(every_year, days, working)


def _month_and_day(text: str) -> tuple[int, int]:
    day = date.fromisoformat(f"2028-{text}")  # a leap year
    return day.month, day.day


def _day(text: str) -> tuple[tuple[int, int], ...]:
    spans: list[tuple[int, int]] = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        found = _SPAN.fullmatch(part)
        start, end = (int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])) if found else (0, 0)
        if not start < end <= 24 * 60 or (spans and start < spans[-1][1]):
            raise HoursFault(f"giờ trực {text!r}: viết như 07:30-11:30, 13:30-17:00")
        spans.append((start, end))
    return tuple(spans)


def _day_of(at: datetime) -> date:
    return at.astimezone(VIETNAM).date()


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
