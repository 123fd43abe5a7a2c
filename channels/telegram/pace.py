"""Keeps to Telegram's pace: about one message a second to a chat, thirty in all, and obeys when told to wait."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram._utils.types import JSONDict
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

log = logging.getLogger(__name__)
#: What counts as a message; everything else goes at once.
COUNTED = {"sendMessage", "sendDocument", "editMessageReplyMarkup", "editMessageText"}
_TRIES = 5
_CHATS_AT_HAND = 10_000
#: So many chats told to wait at the same time mean that the whole bot was meant.
_HELD_MEANS_ALL = 3


@dataclass(frozen=True)
class Limits:
    """Messages a second, and how many may come in one go after a silence.

    longest_wait_s: beyond this a message is given up (an answer) or left for later (a push).
    """

    per_chat_per_s: float = 1.0
    per_chat_burst: int = 3
    overall_per_s: float = 25.0
    overall_burst: int = 4
    longest_wait_s: float = 90.0


class _Lane:
    """Gives out moments: `burst` at once, then one every 1/rate seconds."""

    def __init__(self, per_s: float, burst: int) -> None:
        self._gap_s = 1 / per_s
        self._burst_s = (burst - 1) / per_s
        self.next_s = 0.0
        self.held_until_s = 0.0

    def wait_s(self, now: float) -> float:
        """Take the next moment and return how far away it is."""
        moment = max(self.next_s - self._burst_s, self.held_until_s, now)
        self.next_s = max(self.next_s, moment) + self._gap_s
        return moment - now

    def hold(self, until: float) -> None:
        """Give out no moment before `until`, and then one by one: what was allowed in one go is used up."""
        self.held_until_s = max(self.held_until_s, until)
        self.next_s = max(self.next_s, until + self._burst_s)

    def is_silent(self, now: float) -> bool:
        return max(self.next_s, self.held_until_s) < now


class Pace(BaseRateLimiter[None]):
    """The rate limiter of the bot; python-telegram-bot's own knows no limit for a single private chat."""

    def __init__(
        self,
        limits: Limits = Limits(),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._all = _Lane(limits.overall_per_s, limits.overall_burst)
        self._chats: OrderedDict[str, _Lane] = OrderedDict()

    async def initialize(self) -> None:
        """Do nothing; nothing has to be opened."""

    async def shutdown(self) -> None:
        """Do nothing; nothing has to be closed."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | JSONDict | list[JSONDict]]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> bool | JSONDict | list[JSONDict]:
        """Send a request when its time has come; after "too many" wait as told and try again.

        Raises:
            RetryAfter: the wait would be longer than anybody waits.
        """
        chat = self._lane(str(data["chat_id"])) if data.get("chat_id") else None
        if endpoint not in COUNTED or chat is None:
            return await self._at_once(callback, args, kwargs, endpoint, chat)
        give_up_at = self._clock() + self._limits.longest_wait_s
        for left in reversed(range(_TRIES)):
            await self._wait(chat, give_up_at)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                until = self._clock() + seconds(error)
                self._hold(chat, until)
                if not left or until > give_up_at:
                    raise
        raise AssertionError("unreachable")

    async def _at_once(
        self, callback: Callable[..., Any], args: Any, kwargs: dict[str, Any], endpoint: str, chat: _Lane | None
    ) -> bool | JSONDict | list[JSONDict]:
        """Send what is no message; "typing …" is not worth a request to a chat that has to wait."""
        if endpoint == "sendChatAction" and chat and chat.held_until_s > self._clock():
            return True
        result: bool | JSONDict | list[JSONDict] = await callback(*args, **kwargs)
        return result

    async def _wait(self, chat: _Lane, give_up_at: float) -> None:
        for lane in (chat, self._all):
            now = self._clock()
            if lane.held_until_s > give_up_at:
                raise RetryAfter(timedelta(seconds=lane.held_until_s - now))
            if (wait_s := lane.wait_s(now)) > 0:
                await self._sleep(wait_s)
            while (held_s := lane.held_until_s - self._clock()) > 0.001:  # told to wait in the meantime
                await self._sleep(held_s)

    def _hold(self, chat: _Lane, until: float) -> None:
        chat.hold(until)
        now = self._clock()
        if sum(lane.held_until_s > now for lane in self._chats.values()) >= _HELD_MEANS_ALL:
            log.warning("Telegram wants everything slower")
            self._all.hold(until)

    def _lane(self, chat: str) -> _Lane:
        lane = self._chats.get(chat)
        if lane is None:
            lane = self._chats[chat] = _Lane(self._limits.per_chat_per_s, self._limits.per_chat_burst)
            self._drop_silent()
        self._chats.move_to_end(chat)
        return lane

    def _drop_silent(self) -> None:
        now = self._clock()
        while len(self._chats) > _CHATS_AT_HAND and next(iter(self._chats.values())).is_silent(now):
            self._chats.popitem(last=False)


def seconds(error: RetryAfter) -> float:
    """Return how long Telegram wants us to wait."""
    told = error._retry_after  # the public name changes its type with an environment variable
    return told.total_seconds()
