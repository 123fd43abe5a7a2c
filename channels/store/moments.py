"""Moments as whole milliseconds since 1970: equal moments stay equal in every database."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Return the milliseconds since 1970."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(ms: int) -> datetime:
    """Return the moment, in UTC."""
    return _EPOCH + ms * _MILLISECOND


def utc_now() -> datetime:
    """Return the moment, in UTC."""
    return datetime.now(timezone.utc)
