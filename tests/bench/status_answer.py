"""Measures a status answer beyond the upstream's own time: `python -m tests.bench.status_answer`.

It needs what `make setup` builds. The whole system runs with the simulator behind it, one citizen after the other gives
a code and then the digits, each in a conversation of their own. Counted is the turn that shows the status; taken off is
what the simulator itself needed for the requests of that turn, measured inside it. The way there and back is ours.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from actions.one_stop.simulator.applications import load_applications
from actions.one_stop.simulator.server import simulator_app
from tests.journeys.system import System, running_system
from tests.serving import serving

TARGET_P95_MS = 60.0
#: What is loaded late, and the log-in upstream, are done with.
WARM_UP = 10
ASKED, SHOWN = "status_asked", "status_shown"


class Timed:
    """The simulator with a watch: `spent_ms` is what it needed for all requests so far."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.spent_ms = 0.0
        self.requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        try:
            await self._app(scope, receive, send)
        finally:
            self.spent_ms += (time.perf_counter() - started) * 1000
            self.requests += 1


@dataclass
class Counted:
    """Milliseconds of each turn that showed a status, and of the simulator's work in it."""

    turns: list[float] = field(default_factory=list)
    upstream: list[float] = field(default_factory=list)
    requests: int = 0
    failed: int = 0

    @property
    def beyond(self) -> list[float]:
        """What each turn took beyond its upstream."""
        return [turn - upstream for turn, upstream in zip(self.turns, self.upstream, strict=True)]


def check(system: System, simulator: Timed, code: str, digits: str, counted: Counted) -> None:
    """Look an application up as a citizen does: the code, then the digits that are asked for."""
    conversation = f"bench-{uuid.uuid4().hex}"
    asked = system.say(conversation, {"text": code}).json()["outcome"]
    spent, requests, started = simulator.spent_ms, simulator.requests, time.perf_counter()
    shown = system.say(conversation, {"text": digits}).json()["outcome"]
    took = (time.perf_counter() - started) * 1000
    if (asked, shown) != (ASKED, SHOWN) or simulator.requests == requests:
        counted.failed += 1
        return
    counted.turns.append(took)
    counted.upstream.append(simulator.spent_ms - spent)
    counted.requests += simulator.requests - requests


def measure(checks: int) -> Counted:
    """Start everything, warm it up, look up so many times, stop."""
    simulator = Timed(simulator_app())
    known = cycle((one.code, one.digits[0]) for one in load_applications() if one.digits)
    counted = Counted()
    with serving(simulator, abrupt=True) as one_stop_url:
        # All citizens of the bench come from this machine; nobody is asked for a pause.
        more = {"MOT_CUA_ONE_STOP_URL": one_stop_url, "MOT_CUA_LIMITS_PERSON_PER_MINUTE": "0"}
        with running_system(more) as system:
            for code, digits in islice(known, WARM_UP):
                check(system, simulator, code, digits, Counted())
            for code, digits in islice(known, checks):
                check(system, simulator, code, digits, counted)
    return counted


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.status_answer", description=__doc__)
    parser.add_argument("--checks", type=int, default=200)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    before = os.getloadavg()[0]
    counted = measure(options.checks)
    if len(counted.turns) < 2:
        print(f"không tra được hồ sơ nào (hỏng {counted.failed})")
        return 1
    p95 = _p95(counted.beyond)
    print(f"{len(counted.turns)} lần tra, {counted.requests} yêu cầu tới hệ thống một cửa, hỏng {counted.failed}")
    print(_line("lượt trả lời tình trạng (turn)", counted.turns))
    print(_line("riêng hệ thống một cửa (upstream)", counted.upstream))
    print(_line("phần của mình (difference)", counted.beyond))
    reached = p95 <= TARGET_P95_MS and not counted.failed
    told = "đạt" if reached else "CHƯA ĐẠT"
    print(f"p95 phần của mình {p95:.1f} ms (≤ {TARGET_P95_MS:.0f}): {told} (tải của máy trước khi đo: {before:.1f})")
    if options.json:
        options.json.write_text(json.dumps(asdict(counted), indent=2), encoding="utf8")
    return 0 if reached else 1


def _line(what: str, times: Sequence[float]) -> str:
    return (
        f"{what:36} p50 {statistics.median(times):6.1f} ms   p95 {_p95(times):6.1f} ms   lâu nhất {max(times):6.1f} ms"
    )


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=100)[94]


if __name__ == "__main__":
    sys.exit(main())
