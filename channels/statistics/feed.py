"""The JSON feed for the province's operations centre (IOC): the same figures, with their definitions, no words."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Header, Query
from starlette.responses import JSONResponse, Response

from channels.statistics.report import Report, Share, Spread
from channels.statistics.words import Meaning
from channels.store.days import Period, day_of, read_period
from channels.store.moments import utc_now

FEED = "/api/v1/statistics"


def build_feed_router(
    report_of: Callable[[Period, datetime], Report],
    meanings: dict[str, Meaning],
    token: str,
    now: Callable[[], datetime] = utc_now,
) -> APIRouter:
    """Return the route of the feed. token: what callers must send as bearer token."""
    router = APIRouter()

    @router.get(FEED, tags=["statistics"], response_class=JSONResponse)
    async def statistics(
        authorization: str = Header(default="", include_in_schema=False),
        first: str = Query(default="", alias="from", max_length=10),
        last: str = Query(default="", alias="to", max_length=10),
        days: str = Query(default="", max_length=3),
    ) -> Response:
        """Return the figures of a period: from and to (yyyy-mm-dd), or the last days."""
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), token.encode()):
            detail = {"detail": "Cần mã truy cập đúng trong Authorization: Bearer …"}
            return JSONResponse(detail, 401, {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"})
        at = now()
        period = read_period(day_of(at), days, first, last)
        report = await asyncio.to_thread(report_of, period, at)
        return JSONResponse(plain_report(report, meanings, at), headers={"Cache-Control": "no-store"})

    return router


def plain_report(report: Report, meanings: dict[str, Meaning], made_at: datetime) -> dict[str, Any]:
    """Return a report as JSON values; numbers stay numbers."""
    return {
        "from": report.period.first.isoformat(),
        "to": report.period.last.isoformat(),
        "made_at": made_at.isoformat(timespec="seconds"),
        "figures": {
            "visits": report.visits,
            "questions": report.answered.whole,
            "answered": report.answered.part,
            "answered_share": _rounded(report.answered),
            "missed": report.missed,
            "asked_back": report.asked_back,
            "handed_over": report.handed_over,
            "satisfaction": {"up": report.satisfaction.part, "all": report.satisfaction.whole},
            "speed_ms": _spread(report.speed_ms),
            "wait_s": _spread(report.wait_s) | {"not_taken": report.not_taken},
            "outcomes": dict(report.outcomes),
            "procedures": [{"code": code, "count": number} for code, number in report.procedures],
            "events": [{"name": name, "count": number} for name, number in report.events],
            "rising": [asdict(topic) for topic in report.rising],
            "channels": [
                {
                    "channel": one.channel,
                    "visits": one.visits,
                    "questions": one.answered.whole,
                    "answered": one.answered.part,
                }
                for one in report.channels
            ],
            "hours": list(report.hours),
            "days": [
                {"day": day.isoformat(), "answered": answered, "missed": missed}
                for day, answered, missed in report.days
            ],
        },
        "definitions": {name: asdict(one) for name, one in meanings.items() if name != "unanswered"},
    }


def _rounded(share: Share) -> float | None:
    return None if share.value is None else round(share.value, 4)


def _spread(spread: Spread) -> dict[str, int | None]:
    return {"count": spread.count, "p50": spread.p50, "p95": spread.p95}
