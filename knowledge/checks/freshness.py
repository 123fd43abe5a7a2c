"""Freshness: every record says how old its facts are, and has the facts that no procedure can lack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from knowledge.checks.records import Context, Finding, Record, error, warning

STALE_AFTER_MONTHS = 18


def check_age(records: Sequence[Record], context: Context) -> Iterator[Finding]:
    """Find facts that have not been read for long, or are dated tomorrow."""
    for record in records:
        read_on = record.procedure.as_of
        if read_on > context.today:
            yield error(record, f"as_of {read_on} ở tương lai: ghi ngày đọc nguồn", "as_of")
        elif months_between(read_on, context.today) > STALE_AFTER_MONTHS:
            say = f"as_of {read_on} đã quá {STALE_AFTER_MONTHS} tháng: đọc lại nguồn rồi ghi ngày đọc"
            yield warning(record, say, "as_of")


def check_completeness(records: Sequence[Record], context: Context) -> Iterator[Finding]:
    """Find records without a level or a way of handing in, and ways that contradict each other."""
    for record in records:
        procedure = record.procedure
        if not procedure.levels:
            yield error(record, "thiếu cấp giải quyết: ghi levels: [tinh] hoặc [xa]", "levels")
        if not procedure.channels:
            yield warning(record, "chưa ghi cách nộp hồ sơ (channels): online, counter, post", "channels")
        for name in ("durations", "fees"):
            for place, fact in enumerate(getattr(procedure, name)):
                if procedure.channels and not set(fact.channels) <= set(procedure.channels):
                    say = f"{name} nhắc cách nộp không có trong channels: thêm vào channels hoặc bỏ ở đây"
                    yield error(record, say, name, place)


def months_between(start: date, end: date) -> int:
    """Return the whole months from start to end."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (end.day < start.day)
