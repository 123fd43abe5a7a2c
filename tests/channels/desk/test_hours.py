"""Working hours: when the desk opens next, and how long of the time that passed it was open."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from channels.desk.hours import VIETNAM, Hours, HoursFault, read_holidays, read_hours
from channels.desk.settings import HOLIDAYS, DeskSettings

WEEK = DeskSettings().week


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """Return a moment of autumn 2026; the 23rd of November is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=VIETNAM)


@pytest.fixture
def hours() -> Hours:
    return read_hours(WEEK, HOLIDAYS)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at(23, 7, 29), False),
        (at(23, 7, 30), True),
        (at(23, 11, 30), False),
        (at(23, 13, 30), True),
        (at(22, 9), False),
    ],
)
def test_the_desk_is_open_in_its_hours_only(hours: Hours, moment: datetime, is_open: bool) -> None:
    """The minute of closing is closed."""
    assert hours.is_open(moment) is is_open


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at(23, 5), at(23, 7, 30)),
        (at(23, 12), at(23, 13, 30)),
        (at(20, 18), at(23, 7, 30)),
        (at(31, 23, month=12), None),
    ],
)
def test_the_next_opening_jumps_over_nights_weekends_and_holidays(
    hours: Hours, moment: datetime, opens: datetime | None
) -> None:
    """New Year 2027 is a Friday and closed: the desk opens on the Monday after."""
    expected = opens or datetime(2027, 1, 4, 7, 30, tzinfo=VIETNAM)

    assert hours.next_opening(moment) == expected


def test_only_working_time_counts_as_waiting(hours: Hours) -> None:
    """Who asks on Friday afternoon goes on waiting on Monday morning."""
    assert hours.worked(at(20, 16, 15), at(23, 7, 40)) == timedelta(minutes=45 + 10)
    assert hours.worked(at(22, 10), at(22, 20)) == timedelta(0)


def test_a_day_worked_in_place_of_another_is_open(tmp_path: Path) -> None:
    """Bridging days are worked off on Saturdays, with Monday's hours."""
    path = tmp_path / "holidays.yml"
    path.write_text("days: [2026-11-23]\nworking: [2026-11-28]\n", encoding="utf8")
    hours = read_hours(WEEK, path)

    assert not hours.is_open(at(23, 9))
    assert hours.is_open(at(28, 9))


def test_who_is_always_there_may_say_so(tmp_path: Path) -> None:
    """A desk day and night, for a flood or a test."""
    path = tmp_path / "none.yml"
    path.write_text("", encoding="utf8")
    hours = read_hours(["00:00-24:00"] * 7, path)

    assert hours.is_open(at(22, 23, 59)) and hours.is_open(at(22, 0))


def test_the_week_is_told_shortly(hours: Hours) -> None:
    """Clerks read it beside the queue."""
    assert hours.told() == [("Thứ Hai – Thứ Sáu", "07:30–11:30, 13:30–17:00"), ("Thứ Bảy – Chủ nhật", "nghỉ")]


@pytest.mark.parametrize("text", ["7-11", "11:30-07:30", "07:30-25:00", "07:30-11:30, 10:00-12:00", "sáng"])
def test_hours_that_cannot_be_are_refused_with_an_example(text: str) -> None:
    """A mistyped setting must not close the desk in silence."""
    with pytest.raises(HoursFault, match="07:30-11:30"):
        read_hours([text, *WEEK[1:]], HOLIDAYS)


def test_a_desk_that_never_opens_is_refused() -> None:
    """Citizens would wait for ever."""
    with pytest.raises(HoursFault):
        read_hours([""] * 7, HOLIDAYS)


@pytest.mark.parametrize("content", ["days: [hôm qua]", "every_year: ['13-40']", "- x", "days: ["])
def test_a_malformed_file_of_holidays_is_named(tmp_path: Path, content: str) -> None:
    """Whoever wrote it learns which file."""
    path = tmp_path / "holidays.yml"
    path.write_text(content, encoding="utf8")
    with pytest.raises(HoursFault, match=r"holidays\.yml"):
        read_holidays(path)


def test_the_sample_hours_are_known_as_such() -> None:
    """Nobody may take them for the province's."""
    assert DeskSettings().is_sample
    assert not DeskSettings(monday="08:00-12:00").is_sample
