"""Looking at followed applications: politely, by one worker, less in an outage, and never forgetting one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.one_stop.errors import OneStopMisconfigured, OneStopUnavailable
from actions.one_stop.identity import DigitProof
from actions.one_stop.port import OneStop, Status
from channels.following.news import News
from channels.following.poller import Poller, Rhythm
from channels.store.leases import Leases
from channels.store.moments import utc_now
from tests.actions.test_applications import CODE
from tests.bench.poll_rate import measure
from tests.channels.following.conftest import Office
from tests.fakes.one_stop import FakeOneStop, make_record

PROOF = DigitProof(b"k")
OTHER = "H50.05-261102-0002"
QUICK = Rhythm(per_second=1000.0, poll_s=0.05, lease=timedelta(seconds=0.3), idle_s=0.02)


def make_poller(office: Office, one_stop: OneStop, rhythm: Rhythm = QUICK, **options: Any) -> Poller:
    return Poller(
        one_stop, office.watch, Leases(office.engine), office.outbox, office.states, News(), rhythm, **options
    )


@asynccontextmanager
async def running(*pollers: Poller) -> AsyncIterator[None]:
    """Let pollers run until the block ends."""
    tasks = [asyncio.create_task(poller.run()) for poller in pollers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(met: Callable[[], bool], within_s: float = 30.0) -> None:
    """Wait until a condition is met."""
    async with asyncio.timeout(within_s):
        while not met():
            await asyncio.sleep(0.01)


async def letters(office: Office) -> int:
    """Return how many letters wait."""
    claimed = await office.outbox.claim(utc_now() + timedelta(days=1), timedelta(0), 100)
    return sum(map(len, claimed))


async def test_a_change_becomes_news_and_nothing_else_does(office: Office) -> None:
    """The first look finds what the citizen was shown."""
    record = make_record(PROOF, code=CODE, due_at=None)
    one_stop = FakeOneStop(replace(record, due_at=datetime.fromisoformat("2026-11-22T12:00:00+07:00")))
    await office.follow()
    async with running(make_poller(office, one_stop)):
        await until(lambda: len(one_stop.asked) >= 3)
        assert await letters(office) == 0
        one_stop.records[CODE] = replace(record, status=Status.FINISHED)
        count = len(one_stop.asked)
        await until(lambda: len(one_stop.asked) >= count + 3)
    assert await letters(office) == 1


async def test_one_application_is_asked_about_once_however_many_follow(office: Office) -> None:
    """In one round."""
    one_stop = FakeOneStop(make_record(PROOF, code=CODE))
    for person in ("a", "b", "c"):
        await office.follow(person)
    async with running(make_poller(office, one_stop, replace(QUICK, poll_s=60))):
        await until(lambda: bool(one_stop.asked))
        await asyncio.sleep(0.3)
    assert one_stop.asked == [CODE]


async def test_of_two_workers_one_looks_and_the_other_takes_over(office: Office) -> None:
    """When the first dies; never both."""
    first, second = FakeOneStop(make_record(PROOF, code=CODE)), FakeOneStop(make_record(PROOF, code=CODE))
    await office.follow()
    async with running(make_poller(office, second)):
        await until(lambda: bool(second.asked))
        async with running(make_poller(office, first)):
            await asyncio.sleep(0.5)
            assert first.asked == []
    async with running(make_poller(office, first)):
        await until(lambda: bool(first.asked))


async def test_a_worker_that_overslept_its_lease_asks_nothing(office: Office) -> None:
    """A paused virtual machine must not double the rate when it wakes."""
    one_stop = FakeOneStop(make_record(PROOF, code=CODE))
    poller = make_poller(office, one_stop)
    poller._mine_until = utc_now() - timedelta(seconds=1)
    await poller._look(CODE)

    assert one_stop.asked == []


@pytest.mark.parametrize("trouble", [OneStopUnavailable("timeout"), OneStopMisconfigured("wrong password")])
async def test_in_an_outage_the_system_is_left_alone(office: Office, trouble: Any) -> None:
    """One goes ahead after a pause that grows; then all is as before, and nothing was lost."""
    one_stop = FakeOneStop(make_record(PROOF, code=CODE), make_record(PROOF, code=OTHER))
    one_stop.trouble = trouble
    clock = [utc_now()]
    await office.follow()
    await office.follow(code=OTHER)
    poller = make_poller(office, one_stop, replace(QUICK, lease=timedelta(hours=9)), now=lambda: clock[0])
    async with running(poller):
        await until(lambda: len(one_stop.asked) >= 2)
        await asyncio.sleep(0.2)
        asked = len(one_stop.asked)
        assert asked == 2, "both were under way; then it rests"
        clock[0] += timedelta(seconds=40)
        await until(lambda: len(one_stop.asked) == asked + 1)
        await asyncio.sleep(0.2)
        assert len(one_stop.asked) == asked + 1, "one goes ahead"

        one_stop.trouble = None
        one_stop.records[CODE] = make_record(PROOF, code=CODE, status=Status.FINISHED)
        for _ in range(8):
            clock[0] += timedelta(minutes=5)
            await asyncio.sleep(0.05)
        await until(lambda: {CODE, OTHER} <= set(one_stop.asked[asked + 1 :]))
    assert await letters(office) >= 1


async def test_one_broken_record_stops_nobody_else(office: Office) -> None:
    """And an application that is gone is asked about less and less."""

    class Broken(FakeOneStop):
        async def application(self, code: str) -> Any:
            if code == OTHER:
                self.asked.append(code)
                raise OneStopUnavailable("malformed")
            return await super().application(code)

    one_stop = Broken(make_record(PROOF, code=CODE))
    gone = "H50.05-261102-0003"
    for code in (CODE, OTHER, gone):
        await office.follow(code=code)
    async with running(make_poller(office, one_stop)):
        await until(lambda: one_stop.asked.count(CODE) >= 20)
    assert 3 <= one_stop.asked.count(OTHER) < one_stop.asked.count(CODE)
    assert 3 <= one_stop.asked.count(gone) < one_stop.asked.count(CODE)


async def test_a_report_is_looked_at_at_once(office: Office) -> None:
    """The one-stop system knows before we ask."""
    one_stop = FakeOneStop(make_record(PROOF, code=CODE))
    await office.follow()
    poller = make_poller(office, one_stop, replace(QUICK, poll_s=600, idle_s=30))
    async with running(poller):
        await until(lambda: len(one_stop.asked) == 1)
        await asyncio.sleep(0.1)
        await office.watch.mark([CODE])
        poller.wake.set()
        await until(lambda: len(one_stop.asked) == 2, within_s=2)


async def test_a_database_in_trouble_is_waited_out(office: Office, tmp_path: Path) -> None:
    """The looking goes on when it is back."""
    one_stop = FakeOneStop(make_record(PROOF, code=CODE))
    await office.follow()
    real, faults = office.watch.take, [RuntimeError("locked"), RuntimeError("locked")]

    async def take(now: datetime, limit: int) -> list[str]:
        if faults:
            raise faults.pop()
        return await real(now, limit)

    office.watch.take = take  # type: ignore[method-assign]
    async with running(make_poller(office, one_stop)):
        await until(lambda: bool(one_stop.asked))


@pytest.mark.parametrize(
    ("applications", "status", "pause_s"),
    [
        (10, Status.IN_PROGRESS, 270),
        (1350, Status.IN_PROGRESS, 270),
        (2000, Status.IN_PROGRESS, 400),
        (2000, Status.FINISHED, 800),
        (10, Status.FINISHED, 270),
        (0, 0, 270),
    ],
)
def test_each_is_looked_at_within_five_minutes_while_the_rate_allows(
    applications: int, status: int, pause_s: float
) -> None:
    """Beyond that all wait longer, evenly; results that wait to be fetched give way."""
    pauses = [Rhythm().pause_after(status, applications) for _ in range(200)]

    assert min(pauses) >= 0.95 * pause_s and max(pauses) <= 1.05 * pause_s
    assert max(pauses) - min(pauses) > 0.05 * pause_s, "jittered"


async def test_two_workers_send_at_most_five_requests_in_any_second(tmp_path: Path) -> None:
    """Counted at the simulator, log-ins too; the whole round of 2,000 is `python -m tests.bench.poll_rate`."""
    report = await measure(tmp_path, count=30, seconds=60, workers=2, moved=4)

    assert report.most_in_a_second <= 5
    assert report.looked_at == 30 and report.told == 4
    with contextlib.suppress(FileNotFoundError):
        (tmp_path / "app.db").unlink()
