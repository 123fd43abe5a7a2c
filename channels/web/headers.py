"""Response headers of every page: what a browser may run, show, keep and pass on."""

from __future__ import annotations

import gzip
from collections.abc import Mapping

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # The microphone is for voice input; nothing else of the device is needed.
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
}

# A file named by its content never changes; one under a plain name is looked at again after five minutes.
CACHE_FOREVER = "public, max-age=31536000, immutable"
CACHE_SHORTLY = "public, max-age=300, stale-while-revalidate=86400"

# Below this the gzip header costs more than it saves on the line.
_WORTH_COMPRESSING_BYTES = 600


def accepts_gzip(accept_encoding: str) -> bool:
    """Say whether the browser takes gzip; ``gzip;q=0`` is a refusal."""
    for part in accept_encoding.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        if name.strip() in {"gzip", "*"}:
            return parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def compress(body: bytes, level: int = 6) -> bytes:
    """Return the same bytes every time: no clock goes into the header."""
    return gzip.compress(body, compresslevel=level, mtime=0)


def encode(body: bytes, accept_encoding: str) -> tuple[bytes, dict[str, str]]:
    """Return the body as it travels and the headers that say so."""
    headers = {"Vary": "Accept-Encoding"}
    if len(body) < _WORTH_COMPRESSING_BYTES or not accepts_gzip(accept_encoding):
        return body, headers
    return compress(body), headers | {"Content-Encoding": "gzip"}


def matches_etag(if_none_match: str, etag: str) -> bool:
    """Say whether the browser already holds this version (RFC 9110, weak comparison)."""
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in known or "*" in known
