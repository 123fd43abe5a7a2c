"""Takes reports of changed applications from the one-stop system: signed, fresh, each once (docs/adr/0002)."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from channels.store.moments import utc_now
from channels.store.seen import SeenStore
from channels.store.watch import Watch
from knowledge.codes import find_application_codes

PATH = "/webhooks/one-stop"
TIMESTAMP_HEADER = "X-Mot-Cua-Timestamp"
SIGNATURE_HEADER = "X-Mot-Cua-Signature"
FRESH_FOR = timedelta(minutes=5)
_MOST_CODES = 1000


def sign(secret: bytes, timestamp: str, body: bytes) -> str:
    """Return the signature of a report: HMAC-SHA256 over the timestamp, a dot and the raw body, in hex."""
    return hmac.new(secret, timestamp.encode() + b"." + body, sha256).hexdigest()


def build_webhook_router(
    secret: bytes, watch: Watch, seen: SeenStore, wake: Callable[[], None], now: Callable[[], datetime] = utc_now
) -> APIRouter:
    """Return the route; its answer never tells which of the applications somebody follows."""
    router = APIRouter(include_in_schema=False)

    @router.post(PATH)
    async def report(request: Request) -> Response:
        body = await request.body()
        timestamp = request.headers.get(TIMESTAMP_HEADER, "")
        signature = request.headers.get(SIGNATURE_HEADER, "").removeprefix("sha256=")
        if not hmac.compare_digest(signature.encode(), sign(secret, timestamp, body).encode()):
            return _refused(401, "signature")
        if not _is_fresh(timestamp, now()):
            return _refused(401, "timestamp")
        if not await seen.add(f"one-stop:{signature}"):
            return _refused(409, "replay")
        codes = _codes(body)
        if codes is None:
            return _refused(422, "codes")
        if await watch.mark(codes):
            wake()
        return JSONResponse({"received": len(codes)}, status_code=202)

    return router


def _is_fresh(timestamp: str, now: datetime) -> bool:
    """Tell whether the seconds since 1970 lie within five minutes of now."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11):
        return False
    return abs(int(timestamp) - now.timestamp()) <= FRESH_FOR.total_seconds()


def _codes(body: bytes) -> list[str] | None:
    """Return the codes of `{"codes": [...]}` in their canonical form; None when the body is another thing."""
    try:
        given = json.loads(body)["codes"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(given, list) or len(given) > _MOST_CODES or not all(isinstance(code, str) for code in given):
        return None
    found = [match.code for code in given for match in find_application_codes(code[:100])]
    return sorted({code for code in found if code})


def _refused(status: int, why: str) -> Response:
    return JSONResponse({"refused": why}, status_code=status)
