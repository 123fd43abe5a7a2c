"""The way out to Zalo: answers, and messages that nobody just asked for (`Deliverer`).

Only what fits into the window is sent. When it is closed, `DeliveryLater(after=None)` says that the person's next
message opens the way; whoever keeps what could not be sent (the outbox) sends it then, behind the answer.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone

from channels.errors import DeliveryLater, DeliveryRefused
from channels.messages import Reply, ReplyButton
from channels.store.seen import SeenStore
from channels.store.zalo_people import ZaloPeople
from channels.zalo.api import ZaloApi
from channels.zalo.buttons import ButtonSeal
from channels.zalo.errors import SignedOut, ZaloRefused, ZaloUnreachable
from channels.zalo.rendering import ZaloMessage, render

log = logging.getLogger(__name__)
ZALO = "zalo"
# What integrators report of Zalo's error table; every other code is a fault that is tried a few times.
NOT_FOLLOWING, BLOCKED, INACTIVE = -213, -217, -227
NOT_NOW = {-32: timedelta(minutes=1), -211: timedelta(hours=1)}  # too many a minute, quota used up
CLOSED = frozenset({-230, -232})  # the person wrote too long ago
SOON, WHEN_SIGNED_IN = timedelta(seconds=30), timedelta(minutes=5)


def _now() -> datetime:
    return datetime.now(timezone.utc)


class ZaloOutgoing:
    """Sends replies, each piece once under its key."""

    channel = ZALO

    def __init__(
        self,
        api: ZaloApi,
        people: ZaloPeople,
        sent: SeenStore,
        seal: ButtonSeal,
        hash_of: Callable[[str], str],
        most: int,
        hint: str = "",
        now: Callable[[], datetime] = _now,
    ) -> None:
        """hash_of: a person's conversation.  most: more messages than this fit into no window.  hint: see `render`."""
        self._api = api
        self._people = people
        self._sent = sent
        self._seal = seal
        self._hash_of = hash_of
        self._most = most
        self._hint = hint
        self._now = now

    async def deliver(self, address: str, replies: list[Reply], key: str) -> None:
        """Send replies that the person did not just ask for; see `Deliverer`.

        Raises:
            DeliveryRefused: the person left, or Zalo says that they cannot be reached.
            DeliveryLater: the window is closed, Zalo is down, or nobody is signed in.
            ZaloRefused: an error that we do not know.
        """
        if await asyncio.to_thread(self._people.has_left, self._hash_of(address)):
            raise DeliveryRefused("the person follows the account no more")
        await self._send(address, replies, f"push:{key}", (), is_answer=False)

    async def answer(self, person: str, replies: list[Reply], key: str, extra: Sequence[ReplyButton] = ()) -> None:
        """Send what answers the event `key` of a person.

        extra: buttons to add when there is room.  Raises: as `deliver`.
        """
        await self._send(person, replies, f"answer:{key}", extra, is_answer=True)

    async def _send(
        self, person: str, replies: list[Reply], key: str, extra: Sequence[ReplyButton], *, is_answer: bool
    ) -> None:
        messages = render(replies, lambda payload: self._seal.seal(person, payload), extra, self._hint)
        if len(messages) > self._most:
            log.warning("an answer of %d messages was cut", len(messages))
        names = [_name(key, number) for number in range(len(messages))][: self._most]
        open_ones = [pair for pair in zip(names, messages, strict=False) if not await self._sent.holds(pair[0])]
        conversation = self._hash_of(person)
        if not open_ones:
            return
        if not await asyncio.to_thread(
            self._people.reserve, conversation, len(open_ones), self._now(), is_answer=is_answer
        ):
            raise DeliveryLater("the window of Zalo is closed", None)
        await self._send_all(person, conversation, open_ones)

    async def _send_all(self, person: str, conversation: str, messages: Sequence[tuple[str, ZaloMessage]]) -> None:
        left = len(messages)
        try:
            for name, message in messages:
                await self._api.send(person, message)
                left -= 1
                await self._sent.add(name)
        except ZaloUnreachable as error:
            left -= error.may_have_worked
            raise DeliveryLater(f"no answer from Zalo: {error}", SOON) from error
        except SignedOut as error:
            raise DeliveryLater("the account is signed out", WHEN_SIGNED_IN) from error
        except ZaloRefused as error:
            await self._translate(conversation, error)
        finally:
            if left:
                await asyncio.to_thread(self._people.give_back, conversation, left)

    async def _translate(self, conversation: str, error: ZaloRefused) -> None:
        if error.code in (NOT_FOLLOWING, BLOCKED, INACTIVE):
            raise DeliveryRefused(str(error)) from error
        if error.code in NOT_NOW:
            raise DeliveryLater(str(error), NOT_NOW[error.code]) from error
        if error.code in CLOSED:
            await asyncio.to_thread(self._people.close, conversation)
            raise DeliveryLater(str(error), None) from error
        raise error


def _name(key: str, number: int) -> str:
    return f"zalo:{hashlib.sha256(key.encode()).hexdigest()[:32]}:{number}"
