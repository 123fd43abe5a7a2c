"""How many messages one person and how many requests one address may send in a minute.

Counted in memory, or in Redis for several workers. When Redis is away nobody is refused: a limit that fails must not
silence the assistant. Requests from this machine itself are not counted by address; behind a proxy on this machine
the proxy's X-Forwarded-For names the citizen (`trusted_proxies`).
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import math
import time
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

log = logging.getLogger(__name__)
_PERSON, _ADDRESS, _TOLD = "person", "address", "told"
#: Addresses that citizens' browsers call; platforms' webhooks have secrets and few addresses for all citizens.
COUNTED = ("/api/v1/", "/thu-tuc", "/tim-kiem")
#: A PDF costs a tenth of a second of a processor, a page a hundredth.
PDF_COST = 10


class LimitSettings(BaseSettings):
    """The limits; 0 switches one off.

    address_per_minute: for everybody behind one address, e.g. 200 people of one school at 12 messages a minute.
    trusted_proxies: addresses or networks, with commas between, whose X-Forwarded-For is believed.
    """

    model_config = SettingsConfigDict(env_prefix="MOT_CUA_LIMITS_", extra="ignore")

    person_per_minute: int = Field(default=30, ge=0)
    address_per_minute: int = Field(default=3000, ge=0)
    trusted_proxies: str = "127.0.0.1,::1"


@dataclass(frozen=True)
class Pause:
    """A message came too soon.

    seconds: how long to wait, at least one.  first: nothing was said about it in the last minute.
    """

    seconds: int
    first: bool


class Limits:
    """Counts; what is asked for costs one each time."""

    def __init__(self, settings: LimitSettings, redis_url: str = "") -> None:
        """redis_url: where several workers count together; empty = each counts in its memory."""
        self._settings = settings
        self._counter = SlidingWindowCounterRateLimiter(_storage(redis_url))
        self._complained_at = float("-inf")

    async def pause_of_person(self, conversation: str) -> Pause | None:
        """Count a message of a person (the hash); return the pause they have to make, if any."""
        seconds = await self._hit(_PERSON, self._settings.person_per_minute, conversation)
        if not seconds:
            return None
        return Pause(seconds, await self._hit(_TOLD, 1, conversation) == 0)

    async def pause_of_address(self, host: str, cost: int = 1) -> int:
        """Count a request of an address; return the seconds to wait, 0 = none."""
        network = _network(host)
        return await self._hit(_ADDRESS, self._settings.address_per_minute, network, cost) if network else 0

    async def _hit(self, kind: str, per_minute: int, who: str, cost: int = 1) -> int:
        if not per_minute:
            return 0
        item = RateLimitItemPerMinute(per_minute)
        try:
            if await self._counter.hit(item, kind, who, cost=cost):
                return 0
            stats = await self._counter.get_window_stats(item, kind, who)
        except StorageError as error:
            if time.monotonic() - self._complained_at > 60:
                self._complained_at = time.monotonic()
                log.warning("the limits are not counted: %s", error)
            return 0
        return min(max(1, math.ceil(stats.reset_time - time.time())), 60)


class AddressLimit:
    """Answers 429 with Retry-After to an address that asks too much, before anything else is done."""

    def __init__(self, app: ASGIApp, limits: Limits, sentence: str) -> None:
        self._app = app
        self._limits = limits
        self._sentence = sentence

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (scope["path"].startswith(COUNTED) or scope["path"] == "/"):
            host = scope["client"][0] if scope.get("client") else ""
            cost = PDF_COST if scope["path"].endswith(".pdf") else 1
            if seconds := await self._limits.pause_of_address(host, cost):
                await too_many(self._sentence, seconds)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def too_many(sentence: str, seconds: int) -> JSONResponse:
    """Return the refusal, in words for people and with the time to wait for programs."""
    return JSONResponse({"detail": sentence}, status_code=429, headers={"Retry-After": str(seconds)})


def _storage(redis_url: str) -> Storage:
    if not redis_url:
        return MemoryStorage(wrap_exceptions=True)
    options = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    return RedisStorage(
        f"async+{redis_url}", wrap_exceptions=True, implementation="redispy", key_prefix="mot-cua", **options
    )


def _network(host: str) -> str:
    """Return whom an address stands for, hashed: one IPv4 address or an IPv6 home network; "" for this machine."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return ""  # a unix socket
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback:
        return ""
    bits = 32 if address.version == 4 else 64
    network = ipaddress.ip_network((address, bits), strict=False)
    return hashlib.blake2s(str(network).encode(), digest_size=16).hexdigest()
