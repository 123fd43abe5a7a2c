"""Statistics: what is noted of every turn, the figures that managers see, and the feed for the operations centre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter
from sqlalchemy import Engine

from channels.staff.desk import Desk
from channels.statistics.counting import Counting
from channels.statistics.feed import build_feed_router
from channels.statistics.listener import TurnLog, life_events_by_codes
from channels.statistics.pages import Sources, build_statistics_router
from channels.statistics.report import Report, build_report
from channels.statistics.settings import StatisticsSettings
from channels.statistics.unanswered import Unanswered, group_unanswered
from channels.statistics.words import read_meanings
from channels.store.days import Period
from channels.store.moments import utc_now
from channels.store.turns import TurnStore
from knowledge.catalogue import Catalogue


@dataclass(frozen=True)
class Statistics:
    """All parts. log: what joins the citizens' turns."""

    settings: StatisticsSettings
    retention_days: int
    catalogue: Catalogue
    turns: TurnStore
    counting: Counting
    log: TurnLog

    def report_of(self, period: Period, now: datetime) -> Report:
        """Return the figures of a period. Blocking."""
        return build_report(period, self.counting.read(period, now), self.settings.rising_least)

    def unanswered_of(self, period: Period) -> list[Unanswered]:
        """Return the questions without an answer, grouped. Blocking."""
        return group_unanswered(self.turns.missed(period.since, period.until))

    def forget_older_than(self, days: int) -> int:
        """Count what is counted late, then delete the turns of that age; return how many. Blocking."""
        now = utc_now()
        self.counting.roll_up(now)
        return self.turns.forget_before(now - timedelta(days=days))

    def routers(self, desk: Desk) -> list[APIRouter]:
        """Return the page of the desk and, where a token is set, the feed."""
        meanings = read_meanings(self.settings, self.retention_days)
        sources = Sources(self.report_of, self.unanswered_of, self.counting.store)
        routers = [build_statistics_router(desk, sources, meanings, self.catalogue)]
        if self.settings.token:
            routers.append(build_feed_router(self.report_of, meanings, self.settings.token.get_secret_value()))
        return routers


def build_statistics(
    engine: Engine, catalogue: Catalogue, retention_days: int, settings: StatisticsSettings | None = None
) -> Statistics:
    """Return the statistics over a database."""
    settings = settings or StatisticsSettings()
    turns = TurnStore(engine, settings.silence)
    log = TurnLog(turns, life_events_by_codes(catalogue))
    return Statistics(settings, retention_days, catalogue, turns, Counting(engine, retention_days), log)
