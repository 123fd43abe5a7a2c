"""Tells Zalo's webhooks from everybody else's: SHA-256 over the raw bytes and the account's secret."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta, timezone
from typing import Any

SIGNATURE_HEADER = "X-ZEvent-Signature"
#: Zalo repeats for about two hours. Older events are refused, for their keys are forgotten some day.
MAX_AGE = timedelta(days=7)


class NotSigned(ValueError):
    """The body is not one that Zalo signed, or a very old one."""


def sign(app_id: str, body: bytes, timestamp: str, oa_secret: str) -> str:
    """Return the signature of a body in hexadecimal letters (plain SHA-256; Zalo uses no HMAC)."""
    return hashlib.sha256(app_id.encode() + body + timestamp.encode() + oa_secret.encode()).hexdigest()


def open_signed(app_id: str, oa_secret: str, body: bytes, header: str, now: datetime) -> dict[str, Any]:
    """Return the event in a body.

    header: "mac=<hex>", or the letters alone.

    Raises:
        NotSigned: whatever is wrong; nothing more is told to the sender.
    """
    event = _parsed(body)
    timestamp = _timestamp(event)
    given = header.strip().removeprefix("mac=").lower().encode()
    if not hmac.compare_digest(given, sign(app_id, body, timestamp, oa_secret).encode()):
        raise NotSigned("wrong signature")
    if now - sent_at(event) > MAX_AGE:
        raise NotSigned("too old")
    return event


def sent_at(event: dict[str, Any]) -> datetime:
    """Return when an event happened (its `timestamp`, in milliseconds since 1970)."""
    try:
        return datetime.fromtimestamp(int(_timestamp(event)) / 1000, timezone.utc)
    except (ValueError, OverflowError, OSError) as error:
        raise NotSigned("no usable timestamp") from error


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotSigned("no JSON") from error
    if not isinstance(event, dict):
        raise NotSigned("no JSON object")
    return event


def _timestamp(event: dict[str, Any]) -> str:
    value = event.get("timestamp")
    written = str(value) if isinstance(value, str | int) else ""
    if not (len(written) <= 20 and written.isascii() and written.isdigit()):
        raise NotSigned("no timestamp")
    return written
