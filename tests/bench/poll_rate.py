"""Follows many invented applications and counts what reaches the simulator: `python -m tests.bench.poll_rate`."""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine
from starlette.types import ASGIApp, Receive, Scope, Send

from actions.following import Consent
from actions.one_stop.factory import build_digit_proof, build_one_stop
from actions.one_stop.pace import Pacer
from actions.one_stop.port import Status, vietnam_now
from actions.one_stop.settings import OneStopSettings
from actions.one_stop.simulator.app import SimulatedOneStop
from actions.one_stop.simulator.applications import load_applications
from actions.one_stop.simulator.faults import Faults
from actions.one_stop.simulator.life import Life
from actions.one_stop.state import StateMaker
from actions.one_stop.status_view import status_view
from channels.following.news import News
from channels.following.poller import Poller, Rhythm
from channels.store.addresses import AddressBook
from channels.store.database import open_database
from channels.store.leases import Leases
from channels.store.outbox import Outbox
from channels.store.subscriptions import SqlSubscriptions
from channels.store.watch import Watch
from tests.fakes.one_stop import make_record
from tests.serving import serving

KEY = b"a key for tests"


@dataclass
class Report:
    """What the simulator saw. looked_at: different applications.  most_in_a_second: in any second, not by the clock's.

    workers: processes' worth of pollers over one database; one of them looks.  moved, told: changes and their news.
    """

    applications: int
    workers: int
    seconds: float
    requests: int
    looked_at: int
    most_in_a_second: int
    moved: int
    told: int


class Counting:
    """Notes when each request reaches the system and which application it asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.at: list[float] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.at.append(time.monotonic())
        await self._app(scope, receive, send)

    def most_within(self, seconds: float) -> int:
        """Return the most requests in any stretch of time."""
        most, first = 0, 0
        for last, at in enumerate(self.at):
            while at - self.at[first] >= seconds:
                first += 1
            most = max(most, last - first + 1)
        return most


def invented(count: int) -> Life:
    """Return so many invented applications in progress."""
    (pattern, *_) = load_applications()
    made = [pattern.model_copy(update={"code": f"H50.05-261102-{n:05d}", "life": ()}) for n in range(count)]
    return Life(made)


async def measure(folder: Path, count: int, seconds: float, workers: int = 2, moved: int = 0) -> Report:
    """Follow `count` applications with the settings of a real installation; `moved` of them move.

    Ends a second after each was looked at, or after so many `seconds`.
    """
    life = invented(count)
    counting = Counting(SimulatedOneStop(life, Faults()).app())
    engine = open_database(f"sqlite:///{folder / 'app.db'}")
    states, outbox = StateMaker(KEY), Outbox(engine)
    subscriptions = SqlSubscriptions(engine, states, 90)
    proof = build_digit_proof(OneStopSettings(url="http://127.0.0.1"))
    now = vietnam_now()
    with serving(counting, abrupt=True) as url:
        settings = OneStopSettings(url=url)
        asked = build_one_stop(settings, proof)  # how each application looks before anybody follows it
        first = await asked.application(life.codes()[0])
        await asked.aclose()
        for number, code in enumerate(life.codes()):
            person = f"{number % 400:032x}"
            if number < 400:
                await AddressBook(engine, KEY).remember(person, "zalo", person)
            view = status_view(make_record(proof, code=code, status=Status.IN_PROGRESS, due_at=first.due_at), now)
            await subscriptions.note_check(person, view, now)
            await subscriptions.follow(Consent(person, code, "1", "0" * 64, now))
        for code in life.codes()[:moved]:
            life.advance(code)
        counting.at.clear()
        started = time.monotonic()
        systems = [build_one_stop(settings, proof, Pacer(5.0).wait) for _ in range(workers)]
        rhythm = Rhythm(5.0, 270.0, timedelta(seconds=3))
        pollers = [
            asyncio.create_task(Poller(one, Watch(engine), Leases(engine), outbox, states, News(), rhythm).run())
            for one in systems
        ]
        while time.monotonic() - started < seconds and _looked_at(engine) < count:
            await asyncio.sleep(0.5)
        await asyncio.sleep(1.0)
        for poller in pollers:
            poller.cancel()
        await asyncio.gather(*pollers, return_exceptions=True)
        took = time.monotonic() - started
        for one in systems:
            await one.aclose()
    looked_at = _looked_at(engine)
    with engine.connect() as connection:
        told = connection.exec_driver_sql("select count(*) from outbox").scalar() or 0
    engine.dispose()
    most = counting.most_within(1.0)
    return Report(count, workers, round(took, 1), len(counting.at), looked_at, most, moved, told)


def _looked_at(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("select count(*) from watched where next_ms > 0").scalar() or 0)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.poll_rate", description=__doc__)
    parser.add_argument("--applications", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=480.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--moved", type=int, default=100)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mot-cua-poll-") as folder:
        wanted = (arguments.applications, arguments.seconds, arguments.workers, arguments.moved)
        report = asyncio.run(measure(Path(folder), *wanted))
    print(json.dumps(asdict(report), indent=2))
    return 0 if report.most_in_a_second <= 5 else 1


if __name__ == "__main__":
    raise SystemExit(main())
