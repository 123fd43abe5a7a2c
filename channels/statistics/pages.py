"""The managers' page (/can-bo/thong-ke): figures with their definitions, charts, and the download as a table."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from channels.staff.desk import Desk, staff_router
from channels.staff.guard import Manager
from channels.staff.pages import MenuItem
from channels.staff.roles import Role
from channels.statistics.charts import Series, bar_chart, lying_bars, whole_number
from channels.statistics.report import Report
from channels.statistics.unanswered import Unanswered
from channels.statistics.words import CHANNEL_WORDS, OUTCOME_WORDS, Meaning, percent, short_time
from channels.store.counts import CountStore
from channels.store.days import VIETNAM, Period, day_of, read_period
from channels.store.moments import utc_now
from channels.web.headers import SECURITY_HEADERS
from knowledge.catalogue import Catalogue

PAGE = "/can-bo/thong-ke"
TABLE = f"{PAGE}.csv"
#: Periods to choose: days → what it is called.
CHOICES = {"7": "7 ngày", "30": "30 ngày", "90": "90 ngày", "365": "12 tháng"}
#: A longer period is drawn by weeks.
MOST_BARS = 62


@dataclass(frozen=True)
class Sources:
    """Where the page gets its figures; they are read in a thread."""

    report_of: Callable[[Period, datetime], Report]
    unanswered_of: Callable[[Period], list[Unanswered]]
    counts: CountStore


def build_statistics_router(
    desk: Desk,
    sources: Sources,
    meanings: dict[str, Meaning],
    catalogue: Catalogue,
    now: Callable[[], datetime] = utc_now,
) -> APIRouter:
    """Return the routes; all of them are for managers."""
    desk.pages.add_to_menu(MenuItem(4, PAGE, "Thống kê", Role.MANAGER))
    router = staff_router()

    def wanted(request: Request) -> Period:
        query = request.query_params
        return read_period(day_of(now()), query.get("ky", ""), query.get("tu", ""), query.get("den", ""))

    @router.get(PAGE)
    async def page(request: Request, officer: Manager) -> Response:
        period = wanted(request)
        values = await asyncio.to_thread(_values, sources, meanings, catalogue, period, now())
        await desk.audit.write(officer, "unanswered_seen", f"{period.first} – {period.last}")
        return desk.pages.respond(
            request,
            officer,
            "statistics.html",
            **values,
            choices=CHOICES,
            chosen=request.query_params.get("ky", "" if "tu" in request.query_params else "30"),
            today=day_of(now()),
            table=f"{TABLE}?tu={period.first}&den={period.last}",
        )

    @router.get(TABLE)
    async def table(request: Request, officer: Manager) -> Response:
        period = wanted(request)
        body = await asyncio.to_thread(lambda: as_csv(sources.counts.rows(period.first, period.last)))
        name = f"thong-ke-{period.first}-{period.last}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(body, media_type="text/csv; charset=utf-8", headers={**SECURITY_HEADERS, **headers})

    return router


def as_csv(rows: Sequence[tuple[date, str, str, str, int]]) -> bytes:
    """Return counts as a table that spreadsheets open with Vietnamese letters and without running anything.

    Only the key (third) may hold what somebody else wrote.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["ngay", "so_lieu", "khoa", "kenh", "so_luong"])
    writer.writerows((day, what, _harmless(key), *rest) for day, what, key, *rest in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def _values(
    sources: Sources, meanings: dict[str, Meaning], catalogue: Catalogue, period: Period, now: datetime
) -> dict[str, Any]:
    report = sources.report_of(period, now)

    def topic(key: str) -> str:
        procedure = catalogue.get(key)
        if procedure is not None:
            return procedure.short_title
        event = catalogue.life_events.get(key)
        return event.title if event else key

    return {
        "report": report,
        "meanings": meanings,
        "unanswered": sources.unanswered_of(period),
        "charts": _charts(report, meanings),
        "days": _bars(report),
        "topic": topic,
        "is_procedure": lambda key: catalogue.get(key) is not None,
        "outcome_words": OUTCOME_WORDS,
        "channel_words": CHANNEL_WORDS,
        "number": whole_number,
        "percent": percent,
        "short_time": short_time,
        "change": _change,
        "local": lambda moment: moment.astimezone(VIETNAM),
    }


def _charts(report: Report, meanings: dict[str, Meaning]) -> dict[str, Markup]:
    days = _bars(report)
    every = max(1, len(days) // 12)
    answered, missed = [one[1] for one in days], [one[2] for one in days]
    series = [Series("Đã trả lời", answered), Series("Chưa trả lời được", missed)]
    outcomes = [(OUTCOME_WORDS.get(outcome, outcome), number) for outcome, number in report.outcomes]
    return {
        "days": bar_chart("theo-ngay", meanings["days"].title, [one[0] for one in days], series, every),
        "hours": bar_chart(
            "theo-gio", meanings["hours"].title, [f"{hour}h" for hour in range(24)], [Series("Lượt", report.hours)], 3
        ),
        "outcomes": lying_bars(
            "ket-thuc", meanings["outcomes"].title, [one[0] for one in outcomes], [one[1] for one in outcomes]
        ),
    }


def _bars(report: Report) -> list[tuple[str, int, int]]:
    """Return days, or of long periods sums of seven days each, named by their first day."""
    if len(report.days) <= MOST_BARS:
        return [(f"{day:%d/%m}", answered, missed) for day, answered, missed in report.days]
    weeks = [report.days[start : start + 7] for start in range(0, len(report.days), 7)]
    return [(f"{week[0][0]:%d/%m}", sum(one[1] for one in week), sum(one[2] for one in week)) for week in weeks]


def _change(now: int, before: int) -> str:
    """Return how a number changed against the period before, in words."""
    if not before:
        return "kỳ trước: 0"
    step = (now - before) / before * 100
    word = "tăng" if step > 0 else "giảm"
    return f"kỳ trước: {whole_number(before)}" + (f" ({word} {abs(step):.0f}%)" if round(step) else "")
