"""Sends messages over HTTP on loopback, from one or several clients, and times the answers."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

Body = Callable[[str, str], dict[str, Any]]


@dataclass(frozen=True)
class Timing:
    """Milliseconds of single answers, and answers a second over all clients."""

    p50_ms: float
    p95_ms: float
    per_second: float
    failed: int


async def measure(url: str, body: Body, texts: Sequence[str], clients: int, messages: int) -> Timing:
    """Send `messages` in all from `clients` side by side; each waits for its answer, a conversation has some 12."""
    numbers = itertools.count()
    run = uuid.uuid4().hex[:8]  # a person who writes more than 30 messages in a minute is asked to wait
    times: list[float] = []
    failed = 0

    async def talk(client: int, http: httpx.AsyncClient) -> None:
        nonlocal failed
        while (number := next(numbers)) < messages:
            started = time.perf_counter()
            conversation = f"bench-{client}-{len(times) // (12 * clients)}-{run}"
            response = await http.post(url, json=body(conversation, texts[number % len(texts)]))
            times.append((time.perf_counter() - started) * 1000)
            failed += response.status_code != 200 or not response.json()

    async with httpx.AsyncClient(timeout=30.0, trust_env=False) as http:
        started = time.perf_counter()
        await asyncio.gather(*(talk(client, http) for client in range(clients)))
        seconds = time.perf_counter() - started
    cuts = statistics.quantiles(times, n=100)
    return Timing(statistics.median(times), cuts[94], len(times) / seconds, failed)
