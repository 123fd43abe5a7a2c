"""Whole conversations on Telegram and Zalo that a clerk takes over: the same desk, other channels."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio

from channels.staff.guard import COOKIE
from channels.store.database import open_database
from tests.conftest import CannotRun
from tests.fakes.staff import field_of, make_desk
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo import FakeZalo
from tests.journeys.system import NotSetUp
from tests.journeys.test_kept_nowhere import Channels, running

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
TALKS = "/can-bo/tro-chuyen"
NUMBER = "000088151623"


@pytest_asyncio.fixture
async def channels(cannot_run: CannotRun, tmp_path: Path) -> AsyncIterator[Channels]:
    """Everything, with a desk that is always open."""
    holidays = tmp_path / "none.yml"
    holidays.write_text("days: []\n", encoding="utf8")
    hours = {f"MOT_CUA_DESK_{day}": "00:00-24:00" for day in DAYS}
    try:
        async with running(FakeZalo(), FakeTelegram(), hours | {"MOT_CUA_DESK_HOLIDAYS": str(holidays)}) as one:
            yield one
    except NotSetUp as missing:
        cannot_run(str(missing))


@pytest_asyncio.fixture
async def clerk(channels: Channels) -> AsyncIterator[httpx.AsyncClient]:
    """A clerk's browser, signed in."""
    engine = open_database(f"sqlite:///{channels.system.var_dir}/app.db")
    desk = make_desk(engine)
    token = (await desk.accounts.start_session(desk.accounts.known("clerk"))).token
    headers = {"Accept": "text/html,*/*", "Origin": channels.system.url, "Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(base_url=channels.system.url, headers=headers, trust_env=False) as browser:
        browser.cookies.set(COOKIE, token)
        yield browser
    engine.dispose()


async def do(clerk: httpx.AsyncClient, path: str, **fields: str) -> None:
    """Press a button of the desk's page."""
    token = field_of((await clerk.get(TALKS)).text, "csrf")
    answer = await clerk.post(path, data={"csrf": token, **fields})
    assert answer.status_code == 303 and "loi=" not in answer.headers["Location"], answer.text


async def test_a_clerk_speaks_with_people_on_telegram_and_zalo(channels: Channels, clerk: httpx.AsyncClient) -> None:
    """They see who writes, the machine is silent but for danger, numbers stay hidden, afterwards it is back."""
    for channel in ("telegram", "zalo"):
        await channels.say(channel, "cho tôi gặp cán bộ")
        assert "Tôi đã báo cán bộ" in channels.read(channel)[-1]
        [row] = [row for row in (await clerk.get(f"{TALKS}.json")).json()["rows"] if row["state"] == "waiting"]
        assert row["channel"].lower() == channel
        await do(clerk, f"{row['path']}/nhan")
        await channels.until(lambda c=channel: "Cán bộ đã vào" in channels.read(c)[-1], channel)  # type: ignore[misc]

        started = time.monotonic()
        await do(clerk, f"{row['path']}/nhan-tin", loi="Chào anh, tôi nghe đây.", ma="m1")
        await channels.until(
            lambda c=channel: channels.read(c)[-1] == "Cán bộ: Chào anh, tôi nghe đây.",  # type: ignore[misc]
            f"the clerk's words on {channel}",
        )
        took = time.monotonic() - started
        print(f"{channel}: the clerk's words were there after {took:.2f} s")

        read = len(channels.read(channel))
        if channel == "telegram":
            await channels.telegram.says(748151623, f"số của tôi là {NUMBER}, lệ phí khai sinh")
        else:
            await channels.zalo.says("8448151623420001", f"số của tôi là {NUMBER}, lệ phí khai sinh")
        end = time.monotonic() + 20
        while "lệ phí khai sinh" not in (page := (await clerk.get(row["path"])).text):
            assert time.monotonic() < end, "the citizen's words do not arrive"
            await asyncio.sleep(0.2)
        assert "số của tôi là •••" in page and NUMBER not in page
        await asyncio.sleep(2)
        assert len(channels.read(channel)) == read, "the machine spoke while the clerk was there"

        await channels.say(channel, "cháy nhà rồi")
        assert "114: cháy nổ" in channels.read(channel)[-1]
        rows = (await clerk.get(f"{TALKS}.json")).json()["rows"]
        assert [one["is_urgent"] for one in rows if one["path"] == row["path"]] == [True]

        await do(clerk, f"{row['path']}/tra-may")
        await channels.until(lambda c=channel: "Từ đây tôi (máy" in channels.read(c)[-1], channel)  # type: ignore[misc]
        await channels.say(channel, "lệ phí khai sinh")
        assert "miễn phí" in " ".join(channels.read(channel)[read:])
