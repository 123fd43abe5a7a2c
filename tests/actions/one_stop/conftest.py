"""The simulator over real HTTP, and an adapter of each kind pointed at it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest
import pytest_asyncio

from actions.one_stop.factory import build_one_stop
from actions.one_stop.identity import DigitProof
from actions.one_stop.port import OneStop
from actions.one_stop.settings import OneStopSettings
from actions.one_stop.simulator.server import running_simulator

Order = Callable[..., None]


@pytest.fixture(scope="session")
def _simulator_url() -> Iterator[str]:
    with running_simulator() as url:
        yield url


@pytest.fixture(scope="session")
def _control(_simulator_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=_simulator_url, trust_env=False) as client:
        yield client


@pytest.fixture
def order(_control: httpx.Client) -> Iterator[Order]:
    """Tell the simulator how to behave: `order(mode="slow", delay_s=5)`; it is well again afterwards."""

    def give(**orders: object) -> None:
        _control.post("/simulator/mode", json=orders).raise_for_status()

    give(mode="ok")
    yield give
    give(mode="ok")


@pytest.fixture
def simulator_url(_simulator_url: str, order: Order) -> str:
    """Return the address of a simulator that is well at the start of the test."""
    return _simulator_url


@pytest.fixture
def proof() -> DigitProof:
    return DigitProof(b"a key for tests")


@pytest.fixture(params=["lgsp", "igate"])
def settings(request: pytest.FixtureRequest, simulator_url: str) -> OneStopSettings:
    return OneStopSettings(adapter=request.param, url=simulator_url, timeout_s=3.0, refusal_step_s=0.1)


@pytest_asyncio.fixture
async def one_stop(settings: OneStopSettings, proof: DigitProof) -> AsyncIterator[OneStop]:
    """Return each adapter in turn, talking to the simulator."""
    adapter = build_one_stop(settings, proof)
    yield adapter
    await adapter.aclose()
