"""Only Zalo's own events are let in: the hash over the raw bytes, and not too old."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta, timezone

import pytest

from channels.zalo.signature import NotSigned, open_signed, sign

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
APP, SECRET = "4001", "oa-secret"


def signed(body: bytes, timestamp: str) -> str:
    return sign(APP, body, timestamp, SECRET)


def body_at(moment: datetime, **more: object) -> tuple[bytes, str]:
    timestamp = str(int(moment.timestamp() * 1000))
    return json.dumps({"timestamp": timestamp, **more}, indent=1).encode(), timestamp


def test_the_hash_is_the_one_of_zalos_rule() -> None:
    """App id, raw body, timestamp and secret in a row through plain SHA-256."""
    assert signed(b"{}", "17") == hashlib.sha256(b"4001{}17oa-secret").hexdigest()


@pytest.mark.parametrize("prefix", ["mac=", "", " mac="])
def test_the_prefix_may_be_missing(prefix: str) -> None:
    """Integrators saw both."""
    body, timestamp = body_at(NOW)

    assert open_signed(APP, SECRET, body, prefix + signed(body, timestamp), NOW)["timestamp"] == timestamp


def test_the_timestamp_may_be_a_number() -> None:
    """JSON knows both, the hash takes its digits."""
    body = b'{"timestamp": 1795348800000}'

    assert open_signed(APP, SECRET, body, signed(body, "1795348800000"), NOW)


def test_one_changed_byte_is_refused() -> None:
    """Also white space: the bytes count, not their meaning."""
    body, timestamp = body_at(NOW)

    with pytest.raises(NotSigned):
        open_signed(APP, SECRET, body.replace(b"\n", b""), signed(body, timestamp), NOW)


@pytest.mark.parametrize("header", ["", "mac=", "mac=00", "é", "mac=" + "0" * 64])
def test_wrong_headers_are_refused(header: str) -> None:
    """Whatever somebody writes there."""
    body, _ = body_at(NOW)

    with pytest.raises(NotSigned):
        open_signed(APP, SECRET, body, header, NOW)


def test_very_old_events_are_refused() -> None:
    """Their keys are forgotten some day; a recorded one must not come back then."""
    body, timestamp = body_at(NOW - timedelta(days=8))

    with pytest.raises(NotSigned, match="old"):
        open_signed(APP, SECRET, body, signed(body, timestamp), NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"7",
        b"{}",
        b'{"timestamp": true}',
        b'{"timestamp": 1.5}',
        b'{"timestamp": "-1"}',
        b'{"timestamp": "\\ud800"}',
        b'{"timestamp": "9' + b"9" * 30 + b'"}',
        b'{"timestamp": "99999999999999999999"}',
        b"[" * 90_000,
        b'{"timestamp": ' + b"9" * 5000 + b"}",
    ],
)
def test_nonsense_is_refused_without_a_stumble(body: bytes) -> None:
    """Anybody can post here."""
    with pytest.raises(NotSigned):
        open_signed(APP, SECRET, body, "mac=" + hashlib.sha256(body).hexdigest(), NOW)


def test_a_timestamp_beyond_all_years_is_refused_even_when_signed() -> None:
    """The signature is right, the moment is none."""
    body = b'{"timestamp": "99999999999999999999"}'

    with pytest.raises(NotSigned):
        open_signed(APP, SECRET, body, signed(body, "99999999999999999999"), NOW)
