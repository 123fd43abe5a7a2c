"""Whole conversations on all channels, with news at the end; then every file is searched for what must not be kept."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest_asyncio

from tests.conftest import CannotRun
from tests.fakes.telegram import TOKEN, FakeTelegram, running_telegram
from tests.fakes.zalo import FakeZalo, environment, running_zalo
from tests.journeys.system import NotSetUp, System, free_port, running_system

PATIENCE_S = 60.0
WEB, TELEGRAM, ZALO = "web-visitor-48151623", 748151623, "8448151623420001"
CODES = {"web": "H50.05-261102-0002", "telegram": "H50.05-261102-0003", "zalo": "H50.05.13-261008-0975"}
DIGITS = {"web": "2345", "telegram": "3456", "zalo": "9753"}
#: Digits typed where nobody asked for any, and a whole ID number.
UNASKED, WHOLE = "7391", "000089192345"
OWNERS = ("Trần Thị Thử", "Lê Văn Ví Dụ", "Nguyễn Thị Ba Cấp")


@dataclass
class Channels:
    """A running system with a Telegram and a Zalo in front of it."""

    system: System
    telegram: FakeTelegram
    zalo: FakeZalo

    async def say(self, channel: str, text: str) -> None:
        """Let the citizen of a channel write, and wait until something is answered."""
        before = len(self.read(channel))
        if channel == "web":
            response = await asyncio.to_thread(self.system.say, WEB, {"text": text})
            assert response.status_code == 200
            self.web_read = [*self.read("web"), *(reply["text"] for reply in response.json()["replies"])]
        elif channel == "telegram":
            await self.telegram.says(TELEGRAM, text)
        else:
            assert (await self.zalo.says(ZALO, text))[-1] == 200
        await self.until(lambda: len(self.read(channel)) > before, f"no answer on {channel} to {text!r}")
        await asyncio.sleep(0.3)

    def read(self, channel: str) -> list[str]:
        """Return what the citizen of a channel has read so far."""
        if channel == "web":
            return list(getattr(self, "web_read", []))
        return self.telegram.chat(TELEGRAM).texts if channel == "telegram" else self.zalo.texts(ZALO)

    async def pushed(self) -> list[str]:
        """Return the news that the web page has got."""
        response = await asyncio.to_thread(self.system.http.get, "/api/v1/events/poll", params={"conversation_id": WEB})
        return [reply["text"] for event in response.json()["events"] for reply in event["replies"]]

    @staticmethod
    async def until(met: Callable[[], bool], what: str) -> None:
        """Wait until a condition is met."""
        end = time.monotonic() + PATIENCE_S
        while not met():
            assert time.monotonic() < end, what
            await asyncio.sleep(0.1)


@asynccontextmanager
async def running(
    zalo: FakeZalo, telegram: FakeTelegram, settings: Mapping[str, str] | None = None
) -> AsyncIterator[Channels]:
    """Run everything; the system is started in a thread since the fakes answer it from this loop."""
    port = free_port()
    zalo.webhook_url = f"http://127.0.0.1:{port}/zalo/webhook"
    with running_zalo(zalo) as zalo_url:
        async with running_telegram(telegram) as telegram_url:
            more = environment(zalo, zalo_url) | {
                "MOT_CUA_TELEGRAM_TOKEN": TOKEN,
                "MOT_CUA_TELEGRAM_API_URL": telegram_url,
                "MOT_CUA_PUBLIC_URL": f"http://127.0.0.1:{port}",
                "MOT_CUA_FOLLOWING_POLL_S": "2",
                "LOG_LEVEL": "INFO",
            }
            more |= dict(settings or {})
            started = running_system(more, port)
            system = await asyncio.to_thread(started.__enter__)
            try:
                yield Channels(system, telegram, zalo)
            finally:
                await asyncio.to_thread(started.__exit__, None, None, None)


@pytest_asyncio.fixture
async def channels(cannot_run: CannotRun) -> AsyncIterator[Channels]:
    try:
        async with running(FakeZalo(), FakeTelegram()) as one:
            yield one
    except NotSetUp as missing:
        cannot_run(str(missing))


def files_with(word: str, folder: Path) -> list[str]:
    """Return the files (databases, their logs, printed lines; not the index) that hold a word by itself."""
    alone = re.compile(rb"(?<![\w.-])" + re.escape(word.encode()) + rb"(?![\w-])")
    files = [path for path in folder.rglob("*") if path.is_file() and "index" not in path.parts]
    return sorted(path.name for path in files if alone.search(path.read_bytes()))


async def test_news_reach_every_channel_and_nothing_personal_is_kept_anywhere(channels: Channels) -> None:
    """Whoever gets hold of the files finds codes, and neither digits nor ids nor names."""
    for channel, code in CODES.items():
        await channels.say(channel, "chào em")
        await channels.say(channel, f"ho so {code} 4 so cuoi {DIGITS[channel]}")
        assert f"Hồ sơ {code}" in channels.read(channel)[-1], channels.read(channel)
        await channels.say(channel, "báo cho tôi khi có thay đổi")
        assert "Anh/chị có đồng ý" in channels.read(channel)[-1]
        await channels.say(channel, "đồng ý")
        assert "từ giờ hồ sơ" in channels.read(channel)[-1]
        await channels.say(channel, f"{UNASKED}")
        await channels.say(channel, "thôi không tra nữa")
        await channels.say(channel, f"số căn cước của tôi là {WHOLE} nhé")
    for code in CODES.values():
        channels.system.one_stop.post("/simulator/advance", json={"code": code}).raise_for_status()

    for channel in ("telegram", "zalo"):
        await channels.until(
            lambda channel=channel: any("vừa đổi" in text for text in channels.read(channel)),  # type: ignore[misc]
            f"no news on {channel}",
        )
    end = time.monotonic() + PATIENCE_S
    while not (news := await channels.pushed()):
        assert time.monotonic() < end, "no news on the web"
        await asyncio.sleep(0.2)
    await asyncio.sleep(3)
    assert len(await channels.pushed()) == len(news) == 1
    for channel in ("telegram", "zalo"):
        assert len([text for text in channels.read(channel) if "vừa đổi" in text]) == 1

    folder = channels.system.var_dir
    assert folder is not None
    assert files_with(CODES["web"], folder), "codes are kept; the search would find the others too"
    secrets = [*DIGITS.values(), UNASKED, WHOLE, WEB, str(TELEGRAM), ZALO, *OWNERS, TOKEN]
    assert {word: found for word in secrets if (found := files_with(word, folder))} == {}
