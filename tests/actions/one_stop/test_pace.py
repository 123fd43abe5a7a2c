"""Requests are kept apart, evenly."""

from __future__ import annotations

import asyncio

import pytest

from actions.one_stop.pace import Pacer
from tests.fakes.one_stop import FakeClock


async def test_two_thousand_requests_never_come_faster_than_five_a_second() -> None:
    """And they take seven minutes, not much longer."""
    clock = FakeClock()
    pacer = Pacer(5.0, clock.monotonic, clock.sleep)
    moments = []
    for _ in range(2000):
        await pacer.wait()
        moments.append(clock.seconds)

    assert all(later - earlier > 1.0 for earlier, later in zip(moments, moments[5:], strict=False))
    assert moments[-1] == pytest.approx(420, abs=1)


async def test_callers_at_the_same_moment_get_turns_of_their_own() -> None:
    """Eight questions are under way together."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(round(seconds, 2))

    pacer = Pacer(5.0, lambda: 100.0, sleep)
    await asyncio.gather(*(pacer.wait() for _ in range(4)))

    assert slept == [0.21, 0.42, 0.63, 0.84]


async def test_a_pause_saves_nothing_up() -> None:
    """After a quiet hour there is no burst."""
    clock = FakeClock()
    pacer = Pacer(5.0, clock.monotonic, clock.sleep)
    await pacer.wait()
    clock.seconds += 3600
    await pacer.wait()
    before = clock.seconds
    await pacer.wait()

    assert clock.seconds - before == pytest.approx(0.21)
