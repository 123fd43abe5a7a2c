"""Response headers: policy, compression, versions."""

from __future__ import annotations

import gzip

import pytest

from channels.web.headers import CONTENT_SECURITY_POLICY, SECURITY_HEADERS, accepts_gzip, encode, matches_etag


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    """Whatever slips into a page, the browser does not run it."""
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'; script-src 'self';")
    for weakness in ("unsafe-inline", "unsafe-eval", "*", "http:", "https:"):
        assert weakness not in CONTENT_SECURITY_POLICY


def test_the_microphone_is_the_only_device_allowed() -> None:
    """Voice input needs it; nothing needs the camera or the place."""
    assert "microphone=(self)" in SECURITY_HEADERS["Permissions-Policy"]
    assert "camera=()" in SECURITY_HEADERS["Permissions-Policy"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip, br", True),
        ("br;q=1.0, gzip;q=0.8", True),
        ("*", True),
        ("gzip;q=0", False),
        ("br", False),
        ("", False),
    ],
)
def test_gzip_goes_only_to_who_takes_it(header: str, expected: bool) -> None:
    """A proxy that refuses it would show rubbish."""
    assert accepts_gzip(header) is expected


def test_a_short_body_is_not_compressed() -> None:
    """It would grow."""
    assert encode(b"ok", "gzip") == (b"ok", {"Vary": "Accept-Encoding"})


def test_a_long_body_is_compressed_and_says_so() -> None:
    """3G pays by the byte."""
    body, headers = encode(b"x" * 5000, "gzip")
    assert gzip.decompress(body) == b"x" * 5000
    assert headers == {"Vary": "Accept-Encoding", "Content-Encoding": "gzip"}


@pytest.mark.parametrize(
    ("header", "expected"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("", False)],
)
def test_a_version_is_recognised_however_it_is_sent(header: str, expected: bool) -> None:
    """Proxies weaken tags and browsers send several."""
    assert matches_etag(header, '"a"') is expected
