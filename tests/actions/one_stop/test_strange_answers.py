"""Whatever shape an answer has, the adapters raise one of our errors or give a sound record."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from actions.one_stop.errors import ApplicationNotFound, OneStopError, OneStopUnavailable
from actions.one_stop.identity import DigitProof
from actions.one_stop.igate import IgateAccess, IgateOneStop
from actions.one_stop.lgsp import LgspAccess, LgspOneStop
from actions.one_stop.port import OneStop, Status
from actions.one_stop.simulator.applications import load_applications
from actions.one_stop.simulator.formats import igate_row, lgsp_row
from actions.one_stop.simulator.life import Life
from actions.one_stop.status_view import status_view
from actions.one_stop.upstream import Limits, Upstream
from tests.fakes.one_stop import NOON

pytestmark = pytest.mark.asyncio
CODE = "H50.05-261103-0005"
ADAPTERS = pytest.mark.parametrize("adapter", ["lgsp", "igate"])
ODDITIES: list[Any] = [
    None,
    "",
    0,
    -1,
    4.5,
    True,
    [],
    {},
    [None],
    {"a": []},
    "x" * 9_000,
    "NaN",
    float("nan"),
    10**30,
]


class Gateway:
    """Lets everybody log in and answers each search with the given body."""

    def __init__(self, adapter: str) -> None:
        self.body: Any = None
        upstream = Upstream(
            "https://one-stop.test",
            Limits(breaker_failures=10**6),
            transport=httpx.MockTransport(self._answer),
        )
        proof = DigitProof()
        self.one_stop: OneStop = (
            LgspOneStop(upstream, LgspAccess("u", "p", "H50", "d"), proof)
            if adapter == "lgsp"
            else IgateOneStop(upstream, IgateAccess("u", "p", "/token"), proof)
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path in ("/auth", "/token"):
            return httpx.Response(200, json={"session": "s", "error_code": 0, "access_token": "t"})
        return httpx.Response(200, content=json.dumps(self.body).encode())


def sound_body(adapter: str) -> dict[str, Any]:
    situation = Life(load_applications()).find(CODE)
    assert situation is not None
    if adapter == "lgsp":
        return {"error_code": 0, "result": [lgsp_row(situation)]}
    return {"content": [igate_row(situation)]}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value inside a JSON value."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def put(value: Any, path: tuple[Any, ...], oddity: Any) -> Any:
    """Return the value with an oddity at that place."""
    if not path:
        return oddity
    changed = copy.deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = oddity
    return changed


@ADAPTERS
async def test_no_oddity_at_any_place_escapes_our_errors(adapter: str) -> None:
    """An exception of a library would reach the citizen as silence."""
    gateway = Gateway(adapter)
    sound = sound_body(adapter)
    answered, failed = 0, 0

    for path in places(sound):
        for oddity in ODDITIES:
            gateway.body = put(sound, path, oddity)
            try:
                record = await gateway.one_stop.application(CODE)
            except OneStopError:
                failed += 1
                continue
            answered += 1
            assert record.code == CODE
            assert record.status is None or isinstance(record.status, Status)
            assert status_view(record, NOON).code == CODE
    assert answered > 50 and failed > 50


@ADAPTERS
async def test_many_oddities_at_once_do_not_escape_either(adapter: str) -> None:
    """Half-broken systems break in more than one place."""
    gateway = Gateway(adapter)
    luck = random.Random(11)

    sound = sound_body(adapter)
    for _ in range(500):
        body = sound
        for _ in range(luck.randint(2, 5)):
            body = put(body, luck.choice(list(places(body))), luck.choice(ODDITIES))
        gateway.body = body
        try:
            await gateway.one_stop.application(CODE)
        except OneStopError:
            continue


@ADAPTERS
async def test_an_empty_list_means_unknown_and_no_list_means_outage(adapter: str) -> None:
    """The first asks to check the code, the second to come back later."""
    gateway = Gateway(adapter)
    gateway.body = {"error_code": 0, "result": [], "content": []}
    with pytest.raises(ApplicationNotFound):
        await gateway.one_stop.application(CODE)

    gateway.body = {"error_code": 0, "result": None, "content": None}
    with pytest.raises(OneStopUnavailable):
        await gateway.one_stop.application(CODE)


@ADAPTERS
async def test_somebody_elses_application_is_never_taken(adapter: str) -> None:
    """Whatever the search returns, only the code asked for counts."""
    gateway = Gateway(adapter)
    gateway.body = sound_body(adapter)

    with pytest.raises(ApplicationNotFound):
        await gateway.one_stop.application("H50.05-261103-0006")


async def test_absent_parts_of_an_igate_answer_are_absent_facts() -> None:
    """The gateways of provinces differ; the published fields alone must be enough for a record."""
    gateway = Gateway("igate")
    gateway.body = {
        "content": [
            {
                "code": CODE,
                "applicant": {"data": {"fullname": "Nguyễn Văn Mẫu"}},
                "procedure": {"translate": [{"name": "Đăng ký khai sinh"}]},
                "statusCurrentTask": "Đang xử lý",
                "applyMethod": {"name": "Trực tuyến"},
                "appliedDate": "2026-11-20T01:30:00.000+0000",
                "completedDate": None,
                "appointmentDate": None,
                "agency": None,
            }
        ]
    }

    record = await gateway.one_stop.application(CODE)

    assert record.status is Status.IN_PROGRESS
    assert record.procedure_title == "Đăng ký khai sinh"
    assert (record.office, record.due_at, record.payment, record.proofs) == (None, None, None, ())
