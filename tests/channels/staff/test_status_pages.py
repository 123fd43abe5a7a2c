"""Looking an application up at the desk: a reason first, a line in the log, and no more than the citizen would see."""

from __future__ import annotations

from datetime import datetime

import httpx
import pytest
from fastapi import FastAPI

from actions.one_stop.errors import OneStopUnavailable
from actions.one_stop.identity import DigitProof
from actions.one_stop.port import VIETNAM
from channels.staff.desk import Desk
from channels.staff.status_pages import build_status_router
from tests.fakes.one_stop import FakeOneStop, make_record
from tests.fakes.staff import post, sign_in

CODE = "H50.05-261102-0001"
ASK = {"ma": CODE, "ly-do": "tai-quay"}


@pytest.fixture
def one_stop() -> FakeOneStop:
    """A one-stop system with one application."""
    return FakeOneStop(make_record(DigitProof(b"key"), code=CODE))


@pytest.fixture
def app(desk: Desk, one_stop: FakeOneStop) -> FastAPI:
    """An app with the page."""
    app = FastAPI()
    desk.install(app, [build_status_router(desk, one_stop, lambda: datetime(2026, 11, 9, 9, 0, tzinfo=VIETNAM))])
    return app


async def test_the_name_is_masked_and_the_look_is_written_down(visitor: httpx.AsyncClient, desk: Desk) -> None:
    """A clerk sees what the citizen would see."""
    await sign_in(visitor, "clerk")
    page = (await post(visitor, "/can-bo/ho-so", **ASK, **{"ghi-them": "giấy hẹn mờ, số 0912 345 678"})).text
    assert "N*** V** M**" in page and "Nguyễn Văn Mẫu" not in page
    entry = desk.audit.store.entries()[0]
    assert (entry.who, entry.did, entry.application) == ("clerk", "status_seen", "H50.05-261102-••••")
    assert entry.note == "Công dân hỏi tại quầy: giấy hẹn mờ, số •••"


@pytest.mark.parametrize(
    "fields", [{"ly-do": ""}, {"ly-do": "made up"}, {"ly-do": "khac"}, {"ma": "H50.05-261102"}, {"ma": "hồ sơ"}]
)
async def test_without_a_reason_or_a_whole_code_nothing_is_asked(
    visitor: httpx.AsyncClient, one_stop: FakeOneStop, fields: dict[str, str]
) -> None:
    """Curiosity is no reason."""
    await sign_in(visitor, "clerk")
    assert (await post(visitor, "/can-bo/ho-so", **{**ASK, **fields})).status_code == 422
    assert one_stop.asked == []


@pytest.mark.parametrize("role", ["clerk", "editor", "admin"])
async def test_only_a_manager_may_have_the_whole_name(visitor: httpx.AsyncClient, desk: Desk, role: str) -> None:
    """Not even an admin: looking after accounts needs no names."""
    await sign_in(visitor, role)
    assert "Xem cả họ tên" not in (await visitor.get("/can-bo/ho-so")).text
    refused = await post(visitor, "/can-bo/ho-so", **ASK, **{"ho-ten": "1"})
    assert refused.status_code == 422 and "Nguyễn Văn Mẫu" not in refused.text


async def test_a_manager_who_sees_the_whole_name_leaves_a_line_of_its_own(
    visitor: httpx.AsyncClient, desk: Desk
) -> None:
    """So that it can be counted."""
    await sign_in(visitor, "manager")
    assert "Nguyễn Văn Mẫu" not in (await post(visitor, "/can-bo/ho-so", **ASK)).text
    assert "Nguyễn Văn Mẫu" in (await post(visitor, "/can-bo/ho-so", **ASK, **{"ho-ten": "1"})).text
    assert desk.audit.store.entries()[0].did == "owner_name_seen"


async def test_an_unknown_code_and_a_silent_system_are_told_apart(
    visitor: httpx.AsyncClient, one_stop: FakeOneStop, desk: Desk
) -> None:
    """The clerk, unlike a stranger in the chat, may know that there is no such application."""
    await sign_in(visitor, "clerk")
    missing = await post(visitor, "/can-bo/ho-so", **{**ASK, "ma": "H50.05-261102-9999"})
    assert missing.status_code == 404 and desk.audit.store.entries()[0].did == "status_not_found"
    one_stop.trouble = OneStopUnavailable("timeout")
    assert (await post(visitor, "/can-bo/ho-so", **ASK)).status_code == 503


async def test_nobody_runs_through_all_the_codes(visitor: httpx.AsyncClient, desk: Desk) -> None:
    """Forty in a quarter of an hour are a busy counter; more is something else."""
    await sign_in(visitor, "clerk")
    for _ in range(desk.settings.status_lookups):
        assert (await post(visitor, "/can-bo/ho-so", **ASK)).status_code == 200
    assert (await post(visitor, "/can-bo/ho-so", **ASK)).status_code == 429


async def test_the_code_stays_out_of_addresses(visitor: httpx.AsyncClient) -> None:
    """Addresses end up in histories and in the logs of proxies."""
    await sign_in(visitor, "clerk")
    page = await visitor.get("/can-bo/ho-so", params={"ma": CODE})
    assert f'value="{CODE}"' not in page.text
