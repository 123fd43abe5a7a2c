"""Telegram's pace is kept: per chat, in all, and whenever it says wait."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram.error import BadRequest, RetryAfter

from channels.telegram import pace
from channels.telegram.pace import Limits, Pace
from tests.fakes.telegram_rules import Flood, Refusal


class Time:
    """A clock that moves when somebody sleeps; several may sleep at once."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now < until - 1e-9:
            await asyncio.sleep(0)
            self.now = min(until, self.now + 0.01)


class Server:
    """Takes messages as the fake Bot API does, and notes when."""

    def __init__(self, time: Time, flood: Flood | None = None) -> None:
        self.time = time
        self.flood = flood or Flood(clock=time.clock)
        self.at: list[float] = []

    async def take(self, chat: int) -> bool:
        try:
            self.flood.check(chat)
        except Refusal as no:
            raise RetryAfter(no.retry_after or 1) from no
        self.at.append(self.time.now)
        return True


def make(limits: Limits | None = None) -> tuple[Pace, Server]:
    time = Time()
    return Pace(limits or Limits(), time.clock, time.sleep), Server(time)


async def send(one: Pace, server: Server, chat: int, endpoint: str = "sendMessage") -> Any:
    return await one.process_request(server.take, (chat,), {}, endpoint, {"chat_id": chat}, None)


async def test_the_first_messages_go_at_once_and_later_ones_each_second() -> None:
    """An answer in two pieces must not wait; ten of them must."""
    one, server = make()
    for _ in range(6):
        await send(one, server, 7)

    assert server.at[:3] == [0, 0, 0]
    assert [round(at, 1) for at in server.at[3:]] == [1.0, 2.0, 3.0]
    assert server.flood.refused == 0


async def test_a_chat_that_waits_holds_up_no_other() -> None:
    """One talkative citizen is one citizen."""
    one, server = make()
    for _ in range(3):
        await send(one, server, 7)
    await send(one, server, 8)

    assert server.at == [0, 0, 0, 0]


async def test_all_chats_together_stay_below_the_limit() -> None:
    """A notice to three hundred citizens takes its time and meets no refusal."""
    one, server = make()
    await asyncio.gather(*(send(one, server, chat) for chat in range(300)))
    most = max(sum(start <= at < start + 1 for at in server.at) for start in server.at)

    assert len(server.at) == 300
    assert most <= 30
    assert server.flood.refused == 0


async def test_told_to_wait_it_waits_and_tries_again() -> None:
    """Not a moment earlier: whoever goes on is told to wait longer."""
    one, server = make()
    server.flood.close(7, 5)
    first = asyncio.create_task(send(one, server, 7))
    await asyncio.sleep(0)
    await asyncio.gather(first, *(send(one, server, 7) for _ in range(5)))

    assert server.flood.refused == 1
    assert server.flood.ignored == 0
    assert min(server.at) >= 5


async def test_typing_is_not_worth_a_request_while_a_chat_waits() -> None:
    """It would be refused too, and prolong the wait."""
    one, server = make()
    server.flood.close(7, 5)
    waiting = asyncio.create_task(send(one, server, 7))
    await asyncio.sleep(0)

    assert await one.process_request(server.take, (7,), {}, "sendChatAction", {"chat_id": 7}, None) is True
    await waiting
    assert server.flood.ignored == 0


async def test_a_wait_that_nobody_waits_is_given_back() -> None:
    """The outbox knows better what to do with ten minutes."""
    one, server = make()
    server.flood.close(7, 600)
    with pytest.raises(RetryAfter) as told:
        await send(one, server, 7)
    assert pace.seconds(told.value) == pytest.approx(600, abs=2)
    with pytest.raises(RetryAfter):
        await send(one, server, 7)

    assert server.flood.refused == 1  # the second was not even tried


async def test_when_many_chats_are_told_to_wait_all_wait() -> None:
    """Then the whole bot is meant."""
    one, server = make()
    for chat in (1, 2, 3):
        server.flood.close(chat, 5)
    told = [asyncio.create_task(send(one, server, chat)) for chat in (1, 2, 3)]
    await asyncio.sleep(0)
    await send(one, server, 99)
    await asyncio.gather(*told)

    assert min(server.at) >= 4.9
    assert server.flood.refused == 3


async def test_other_faults_are_the_callers() -> None:
    """The pace judges nothing but the pace."""
    one, _ = make()

    async def refuse() -> bool:
        raise BadRequest("no")

    with pytest.raises(BadRequest):
        await one.process_request(refuse, (), {}, "sendMessage", {"chat_id": 1}, None)


async def test_silent_chats_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A year of visitors must not stay in memory."""
    monkeypatch.setattr(pace, "_CHATS_AT_HAND", 10)
    one, server = make(Limits(overall_per_s=10_000, overall_burst=1000))
    for chat in range(50):
        server.time.now += 2
        await send(one, server, chat)

    assert len(one._chats) <= 11
