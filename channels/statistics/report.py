"""The figures of a period, computed from counts; every figure is told with its definition (figures.yml)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from actions.turn import Outcome
from channels.store.days import Period, percentile

ANSWERED = frozenset({Outcome.ANSWERED.value, Outcome.LIFE_EVENT_SHOWN.value, Outcome.STATUS_SHOWN.value})
MISSED = frozenset(
    {
        Outcome.NOTHING_FOUND.value,
        Outcome.OUT_OF_SCOPE.value,
        Outcome.STATUS_REFUSED.value,
        Outcome.ONE_STOP_UNAVAILABLE.value,
        Outcome.HANDED_OVER.value,
    }
)
WEEK = 7
WEEKS_BEFORE = 4
GROWTH = 1.5


@dataclass(frozen=True)
class Share:
    """A part of a whole."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """Return the share, or None where nothing was counted."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Spread:
    """Times: how many, the middle one, and the one that 95 of 100 do not exceed."""

    count: int
    p50: int | None
    p95: int | None

    @classmethod
    def of(cls, counts: Mapping[int, int]) -> Spread:
        """Return the spread of counted times."""
        return cls(sum(counts.values()), percentile(counts, 0.5), percentile(counts, 0.95))


@dataclass(frozen=True)
class Rising:
    """A topic asked for more than usual. usual: the mean week of the four before."""

    key: str
    week: int
    usual: float


@dataclass(frozen=True)
class ChannelFigures:
    """One channel."""

    channel: str
    visits: int
    answered: Share


@dataclass(frozen=True)
class Report:
    """All figures of a period; before: the same headline figures of the period before, for comparison."""

    period: Period
    visits: int
    answered: Share
    asked_back: int
    handed_over: int
    satisfaction: Share
    speed_ms: Spread
    wait_s: Spread
    not_taken: int
    outcomes: Sequence[tuple[str, int]]
    procedures: Sequence[tuple[str, int]]
    events: Sequence[tuple[str, int]]
    rising: Sequence[Rising]
    channels: Sequence[ChannelFigures]
    hours: Sequence[int]
    days: Sequence[tuple[date, int, int]]
    visits_before: int
    answered_before: Share

    @property
    def missed(self) -> int:
        return self.answered.whole - self.answered.part


@dataclass(frozen=True)
class Counts:
    """What a report is computed from, read by `channels.statistics.counting`.

    hours, outcomes, took, procedures, events, feedback, waits: sums by key.  by_channel: outcomes by (channel, key);
    visits_by_channel; by_day: outcomes by (day, key).  before_*: of the period before.
    week, weeks_before: topics of the last seven days, and of the four weeks before them.
    """

    hours: Mapping[str, int]
    outcomes: Mapping[str, int]
    took: Mapping[str, int]
    procedures: Mapping[str, int]
    events: Mapping[str, int]
    feedback: Mapping[str, int]
    waits: Mapping[int, int]
    not_taken: int
    by_channel: Mapping[tuple[str, str], int]
    visits_by_channel: Mapping[str, int]
    by_day: Mapping[tuple[date, str], int]
    before_hours: Mapping[str, int]
    before_outcomes: Mapping[str, int]
    week: Mapping[str, int]
    weeks_before: Mapping[str, int]


def build_report(period: Period, counts: Counts, rising_least: int, longest: int = 20) -> Report:
    """Compute the figures. longest: of lists of topics."""
    channels = sorted(set(counts.visits_by_channel) | {channel for channel, _ in counts.by_channel})
    return Report(
        period=period,
        visits=sum(counts.hours.values()),
        answered=answered_share(counts.outcomes),
        asked_back=counts.outcomes.get(Outcome.ASKED_BACK.value, 0),
        handed_over=counts.outcomes.get(Outcome.HANDED_OVER.value, 0),
        satisfaction=Share(counts.feedback.get("up", 0), sum(counts.feedback.values())),
        speed_ms=Spread.of({int(ms): number for ms, number in counts.took.items()}),
        wait_s=Spread.of(counts.waits),
        not_taken=counts.not_taken,
        outcomes=_largest(counts.outcomes, len(counts.outcomes)),
        procedures=_largest(counts.procedures, longest),
        events=_largest(counts.events, longest),
        rising=rising_topics(counts.week, counts.weeks_before, rising_least)[:longest],
        channels=[_channel(channel, counts) for channel in channels],
        hours=[counts.hours.get(f"{hour:02}", 0) for hour in range(24)],
        days=[_day(day, counts) for day in period.days],
        visits_before=sum(counts.before_hours.values()),
        answered_before=answered_share(counts.before_outcomes),
    )


def answered_share(outcomes: Mapping[str, int]) -> Share:
    """Return how many of the questions were answered without a clerk."""
    answered = sum(number for outcome, number in outcomes.items() if outcome in ANSWERED)
    missed = sum(number for outcome, number in outcomes.items() if outcome in MISSED)
    return Share(answered, answered + missed)


def rising_topics(week: Mapping[str, int], weeks_before: Mapping[str, int], least: int) -> list[Rising]:
    """Return topics asked at least `least` times in a week and half as often again as usual, steepest first.

    >>> rising_topics({"1.000001": 30, "1.000002": 30}, {"1.000001": 40, "1.000002": 120}, 10)
    [Rising(key='1.000001', week=30, usual=10.0)]
    """
    topics = [Rising(key, number, weeks_before.get(key, 0) / WEEKS_BEFORE) for key, number in week.items()]
    rising = [topic for topic in topics if topic.week >= least and topic.week >= GROWTH * topic.usual]
    return sorted(rising, key=lambda topic: (-(topic.week + 1) / (topic.usual + 1), topic.key))


def last_week(period: Period) -> Period:
    """Return the last seven days of a period."""
    return Period.ending(period.last, WEEK)


def four_weeks_before(period: Period) -> Period:
    """Return the four weeks before the last seven days."""
    return Period.ending(period.last - timedelta(days=WEEK), WEEK * WEEKS_BEFORE)


def _largest(counts: Mapping[str, int], longest: int) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:longest]


def _channel(channel: str, counts: Counts) -> ChannelFigures:
    outcomes: Counter[str] = Counter()
    for (where, outcome), number in counts.by_channel.items():
        outcomes[outcome] += number if where == channel else 0
    return ChannelFigures(channel, counts.visits_by_channel.get(channel, 0), answered_share(outcomes))


def _day(day: date, counts: Counts) -> tuple[date, int, int]:
    answered = sum(counts.by_day.get((day, outcome), 0) for outcome in ANSWERED)
    return day, answered, sum(counts.by_day.get((day, outcome), 0) for outcome in MISSED)
