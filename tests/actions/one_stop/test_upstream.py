"""The guard around every question: one retry, one total time, a breaker, capped answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest

from actions.one_stop.errors import ApplicationNotFound, OneStopMisconfigured, OneStopUnavailable
from actions.one_stop.upstream import Answer, Limits, Upstream
from tests.fakes.one_stop import FakeClock

pytestmark = pytest.mark.asyncio
Handler = Callable[[httpx.Request], httpx.Response]


class Replies:
    """Answers with the given statuses in turn, then with the last one for ever."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.requests = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return httpx.Response(status, json={"ok": True})


def make_upstream(handler: Handler, limits: Limits | None = None) -> Upstream:
    transport = httpx.MockTransport(handler)
    return Upstream("https://one-stop.test", limits, transport=transport, sleep=FakeClock().sleep)


async def ask(upstream: Upstream) -> Answer:
    return await upstream.ask(lambda: upstream.send("GET", "/"))


async def test_a_failure_is_retried_once_and_only_once() -> None:
    """Twice helps against hiccups; more would bury a system that is down already."""
    hiccup, down = Replies(503, 200), Replies(503)

    assert (await ask(make_upstream(hiccup))).json() == {"ok": True}
    with pytest.raises(OneStopUnavailable):
        await ask(make_upstream(down))

    assert (hiccup.requests, down.requests) == (2, 2)


@pytest.mark.parametrize("status", [429, 408])
async def test_a_system_that_asks_for_mercy_is_not_asked_again(status: int) -> None:
    """429 means: not so often."""
    busy = Replies(status)

    with pytest.raises(OneStopUnavailable):
        await ask(make_upstream(busy))

    assert busy.requests == 1


@pytest.mark.parametrize("status", [301, 302, 400, 404, 405])
async def test_a_wrong_address_is_our_mistake(status: int) -> None:
    """A redirect is not followed either: the credentials would go to wherever it points."""
    with pytest.raises(OneStopMisconfigured):
        await ask(make_upstream(Replies(status)))


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_session_is_told_apart(status: int) -> None:
    """The adapter then logs in again."""
    assert (await ask(make_upstream(Replies(status)))).session_refused


async def test_log_in_search_and_retry_share_one_total_time() -> None:
    """Eight seconds is the promise to the citizen, not eight seconds for each request."""

    came: list[httpx.Request] = []

    async def drip(request: httpx.Request) -> httpx.Response:
        came.append(request)
        await asyncio.sleep(0.15)
        return httpx.Response(200, json={})

    upstream = Upstream("https://one-stop.test", Limits(timeout_s=0.4), transport=httpx.MockTransport(drip))

    async def many_requests() -> None:
        for _ in range(20):
            await upstream.send("GET", "/")

    with pytest.raises(OneStopUnavailable) as caught:
        await upstream.ask(many_requests)

    assert caught.value.reason == "timeout"
    assert len(came) <= 3


async def test_a_failure_that_came_late_is_not_retried() -> None:
    """There is no time left for a second one, and the system is overloaded as it is."""
    slow = Replies(503)

    async def slowly(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.3)
        return slow(request)

    upstream = Upstream("https://one-stop.test", Limits(timeout_s=0.5), transport=httpx.MockTransport(slowly))

    with pytest.raises(OneStopUnavailable):
        await ask(upstream)

    assert slow.requests == 1


async def test_the_breaker_opens_after_failures_in_a_row_only() -> None:
    """Four failures and a success begin the count anew."""
    replies = Replies(*[503] * 8, 200, 503)
    upstream = make_upstream(replies, Limits(breaker_failures=5))
    for _ in range(4):
        with pytest.raises(OneStopUnavailable):
            await ask(upstream)
    await ask(upstream)
    for _ in range(5):
        with pytest.raises(OneStopUnavailable):
            await ask(upstream)
    asked = replies.requests

    with pytest.raises(OneStopUnavailable) as caught:
        await ask(upstream)

    assert caught.value.reason == "circuit_open"
    assert replies.requests == asked


async def test_unknown_codes_and_broken_records_do_not_open_the_breaker() -> None:
    """Else anybody could switch the look-up off for the whole province by asking nonsense."""
    upstream = make_upstream(Replies(200), Limits(breaker_failures=2))

    async def unknown() -> None:
        raise ApplicationNotFound

    async def broken() -> None:
        raise OneStopUnavailable("malformed")

    for question in [unknown, broken] * 5:
        with pytest.raises((ApplicationNotFound, OneStopUnavailable)):
            await upstream.ask(question)

    assert (await ask(upstream)).json() == {"ok": True}


async def test_an_answer_without_end_is_cut_off() -> None:
    """A runaway answer must not fill the memory."""
    upstream = make_upstream(lambda request: httpx.Response(200, content=b"x" * 5_000), Limits(max_answer_bytes=4_999))

    with pytest.raises(OneStopUnavailable) as caught:
        await ask(upstream)

    assert caught.value.reason == "too_large"


async def test_a_packed_answer_is_not_unpacked() -> None:
    """A few kilobytes of zip can unpack to gigabytes; we asked for plain bytes."""
    upstream = make_upstream(
        lambda request: httpx.Response(200, headers={"content-encoding": "gzip"}, content=b"\x1f\x8b")
    )

    with pytest.raises(OneStopUnavailable):
        await ask(upstream)


@pytest.mark.parametrize("content", [b"", b"<html>bao tri</html>", b"\xff\xfe", b"[" * 100_000, b'{"a": 1'])
async def test_what_is_no_json_is_an_outage(content: bytes) -> None:
    """Maintenance pages come with status 200."""
    with pytest.raises(OneStopUnavailable) as caught:
        Answer(session_refused=False, content=content).json()

    assert caught.value.reason == "malformed"
