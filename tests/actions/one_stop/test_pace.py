"""Requests are kept apart, evenly."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from actions.one_stop.pace import Pacer
from tests.fakes.one_stop import FakeClock


async def test_two_thousand_requests_never_come_faster_than_five_a_second() -> None:
    """And they take less than eight minutes."""
    clock = FakeClock()
    pacer = Pacer(5.0, clock.monotonic, clock.sleep)
    moments = []
    for _ in range(2000):
        await pacer.wait()
        moments.append(clock.seconds)

    assert all(later - earlier > 1.0 for earlier, later in zip(moments, moments[5:], strict=False))
    assert moments[-1] == pytest.approx(460, abs=1)


async def test_callers_at_the_same_moment_get_turns_of_their_own() -> None:
    """Eight questions are under way together."""
    clock = FakeClock()
    pacer = Pacer(5.0, clock.monotonic, clock.sleep)
    turns: list[float] = []

    async def ask() -> None:
        await pacer.wait()
        turns.append(round(clock.seconds, 3))

    await asyncio.gather(*(ask() for _ in range(4)))

    assert turns == [0.23, 0.46, 0.69, 0.92]


async def test_a_turn_that_came_late_does_not_bring_the_next_one_nearer() -> None:
    """On a busy machine sleeps last longer; two requests close together would break the promise."""
    clock = FakeClock()

    async def oversleep(seconds: float) -> None:
        clock.seconds += seconds + 0.1

    pacer, turns = Pacer(5.0, clock.monotonic, oversleep), []
    for _ in range(3):
        await pacer.wait()
        turns.append(clock.seconds)

    assert all(later - earlier >= 0.23 for earlier, later in itertools.pairwise(turns))


async def test_a_pause_saves_nothing_up() -> None:
    """After a quiet hour there is no burst."""
    clock = FakeClock()
    pacer = Pacer(5.0, clock.monotonic, clock.sleep)
    await pacer.wait()
    clock.seconds += 3600
    await pacer.wait()
    before = clock.seconds
    await pacer.wait()

    assert clock.seconds - before == pytest.approx(0.23)
