"""The figures are those that a person works out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Engine, func, insert, select

from actions.turn import Outcome
from channels.hooks import Heard
from channels.messages import Reply, TurnResult
from channels.statistics import Statistics
from channels.statistics.feed import plain_report
from channels.statistics.words import read_meanings
from channels.store.counts import COUNTS
from channels.store.days import VIETNAM, Period
from channels.store.desk import TICKETS
from channels.store.feedback import FEEDBACK, Feedback, FeedbackStore
from channels.store.moments import to_ms
from channels.store.turns import TURNS

CASE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "figures_case.yml").read_text("utf8"))
PERIOD = Period(*CASE["period"])
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=VIETNAM)


def moment(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=VIETNAM)


async def play(statistics: Statistics, engine: Engine) -> None:
    """Let everything of the case happen."""
    for at, person, channel, outcome, more in CASE["turns"]:
        heard = Heard(person * 32, channel, at, more.get("words", "chào"), False, moment(at))
        replies = [Reply(text="…")] * more.get("replies", 1)
        result = TurnResult(replies=replies, outcome=Outcome(outcome), procedure_codes=more.get("codes", []))
        statistics.log.turn_ended(heard, result, float(more["ms"]))
    opinions = FeedbackStore(engine)
    for number, (at, value) in enumerate(CASE["feedback"]):
        opinions.keep(Feedback("f" * 32, f"m{number}", None, value, None, None, f"p{number}", moment(at)))
    with engine.begin() as connection:
        for number, (at, seconds, reason) in enumerate(CASE["waits"]):
            connection.execute(insert(TICKETS).values(ticket(number, moment(at), seconds, reason)))


def ticket(number: int, asked: datetime, seconds: int | None, reason: str) -> dict[str, object]:
    at = to_ms(asked)
    times = dict.fromkeys(("asked_ms", "waits_ms", "citizen_ms", "owed_ms"), at)
    return {
        **times,
        "conversation": f"{number:032}",
        "reason": reason,
        "words": "",
        "state": "closed",
        "taken_ms": None if seconds is None else at + seconds * 1000,
        "officer_ms": 0,
        "seen_ms": 0,
        "warned_ms": 0,
        "apologised": False,
    }


def figures(statistics: Statistics, now: datetime = NOW) -> dict[str, Any]:
    report = statistics.report_of(PERIOD, now)
    return dict(plain_report(report, read_meanings(statistics.settings, 90), now)["figures"])


async def test_every_figure_is_the_one_worked_out_by_hand(statistics: Statistics, engine: Engine) -> None:
    """A dashboard that nobody checked is worse than none."""
    await play(statistics, engine)
    expected = {name: value for name, value in CASE["expected"].items() if name not in ("hours", "days", "unanswered")}
    found = figures(statistics)

    assert {name: found[name] for name in expected} == expected


async def test_hours_and_days_are_vietnams(statistics: Statistics, engine: Engine) -> None:
    """Midnight is at 17:00 UTC."""
    await play(statistics, engine)
    expected: Mapping[str, Any] = CASE["expected"]
    found = figures(statistics)

    assert {hour: number for hour, number in enumerate(found["hours"]) if number} == expected["hours"]
    days = {day["day"]: [day["answered"], day["missed"]] for day in found["days"]}
    assert len(days) == 7
    assert {day: both for day, both in days.items() if any(both)} == {
        day.isoformat(): both for day, both in expected["days"].items()
    }


async def test_what_was_not_answered_is_listed_without_names_and_numbers(
    statistics: Statistics, engine: Engine
) -> None:
    """Those who teach the assistant need the question, not the person."""
    await play(statistics, engine)
    listed = [[one.words, one.times] for one in statistics.unanswered_of(PERIOD)]

    assert listed == CASE["expected"]["unanswered"]


async def test_the_figures_stay_when_everything_else_is_deleted(statistics: Statistics, engine: Engine) -> None:
    """After the retention time nothing of a conversation is left, and last year can still be compared."""
    await play(statistics, engine)
    before = figures(statistics)
    statistics.counting.roll_up(NOW)
    with engine.begin() as connection:
        for table in (TURNS, FEEDBACK, TICKETS):
            connection.execute(table.delete())
    later = NOW + timedelta(days=200)
    after = figures(statistics, later)

    assert before.pop("wait_s") == {**after.pop("wait_s"), "not_taken": 1}
    assert after == before


async def test_rolling_up_twice_counts_once(statistics: Statistics, engine: Engine) -> None:
    """It happens every night for the same days."""
    await play(statistics, engine)
    statistics.counting.roll_up(NOW)
    once = sorted(statistics.counting.store.rows(PERIOD.first, PERIOD.last))
    statistics.counting.roll_up(NOW)

    assert sorted(statistics.counting.store.rows(PERIOD.first, PERIOD.last)) == once


async def test_forgetting_a_conversation_leaves_only_counts(statistics: Statistics, engine: Engine) -> None:
    """Its turns go; how often something was asked says nothing about anybody."""
    await play(statistics, engine)
    visits = figures(statistics)["visits"]
    await statistics.log.forget("a" * 32)

    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).where(TURNS.c.conversation == "a" * 32)) == 0
    assert figures(statistics)["visits"] == visits


async def test_counts_hold_nothing_that_leads_to_a_person(statistics: Statistics, engine: Engine) -> None:
    """Only days, codes of procedures, names of outcomes, numbers."""
    await play(statistics, engine)
    with engine.connect() as connection:
        keys = set(connection.scalars(select(COUNTS.c.key)))

    assert not [key for key in keys if key and len(key) >= 32]
    assert {column.name for column in COUNTS.columns} == {"what", "day", "key", "channel", "count"}


async def test_turns_are_deleted_after_the_retention_time(statistics: Statistics) -> None:
    """The words of an unanswered question go with the rest."""
    old = datetime.now(timezone.utc) - timedelta(days=91)
    result = TurnResult(replies=[Reply(text="…")], outcome=Outcome.NOTHING_FOUND)
    statistics.log.turn_ended(Heard("a" * 32, "web", "m1", "nuôi cá sấu", False, old), result, 10.0)

    assert statistics.forget_older_than(90) == 1


def test_a_period_without_anything_is_no_fault(statistics: Statistics) -> None:
    """The first day after the installation."""
    found = figures(statistics)

    assert (found["visits"], found["answered_share"], found["speed_ms"]["p50"]) == (0, None, None)
