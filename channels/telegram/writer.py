"""Sends letters to a chat, and says what a failure means: never again, later, or worded too richly."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from telegram import Bot, LinkPreviewOptions
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from channels.errors import DeliveryLater, DeliveryRefused
from channels.messages import Reply
from channels.store.seen import SeenStore
from channels.telegram.letters import Composer, Letter
from channels.telegram.pace import seconds

log = logging.getLogger(__name__)
TELEGRAM = "telegram"
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_PAUSES_S = (0.5, 2.0)
_TRY_AGAIN_AFTER = timedelta(seconds=30)
#: Refusals that no other wording mends.
_GONE = ("chat not found", "user not found", "user is deactivated", "peer_id_invalid", "chat_id is empty")


class Writer:
    """The way out to Telegram.

    Raises of every method: `DeliveryRefused` (blocked, gone), `DeliveryLater` (too many, no connection).
    """

    def __init__(self, bot: Bot, pauses_s: Sequence[float] = _PAUSES_S) -> None:
        self._bot = bot
        self._pauses_s = pauses_s

    async def send(self, chat: int, letter: Letter) -> int:
        """Send one message; return its id."""
        try:
            return await self._send(chat, letter)
        except BadRequest as error:
            if _is_gone(error):
                raise DeliveryRefused(error.message) from error
            # Whatever Telegram dislikes about buttons or bold words, the words themselves must arrive.
            log.error("Telegram takes a message only plain: %s", error.message)
            return await self._send(chat, Letter(letter.body), plain=True)

    async def send_all(self, chat: int, letters: Sequence[Letter]) -> int | None:
        """Send messages in order; return the id of the last."""
        last = None
        for letter in letters:
            last = await self.send(chat, letter)
        return last

    async def send_file(self, chat: int, content: bytes, name: str, caption: str) -> None:
        """Send a document."""
        await self._try(lambda: self._bot.send_document(chat, content, caption=caption, filename=name))

    async def _send(self, chat: int, letter: Letter, plain: bool = False) -> int:
        message = await self._try(
            lambda: self._bot.send_message(
                chat,
                letter.body.text,
                entities=None if plain else letter.body.entities,
                reply_markup=None if plain else letter.keyboard,
                link_preview_options=_NO_PREVIEW,
            )
        )
        return int(message.message_id)

    async def _try(self, call: Callable[[], Awaitable[Any]]) -> Any:
        """Make a call; a broken connection gets some more chances. `BadRequest` is the caller's to judge."""
        for pause_s in (*self._pauses_s, None):
            try:
                return await call()
            except Forbidden as error:
                raise DeliveryRefused(error.message) from error
            except RetryAfter as error:
                raise DeliveryLater("too many messages", timedelta(seconds=seconds(error))) from error
            except BadRequest:
                raise
            except NetworkError as error:
                if pause_s is None:
                    raise DeliveryLater(type(error).__name__, _TRY_AGAIN_AFTER) from error
                await asyncio.sleep(pause_s)
            except TelegramError as error:  # a token that is no longer good, a method that is gone
                raise DeliveryLater(type(error).__name__, _TRY_AGAIN_AFTER) from error
        raise AssertionError("unreachable")


def _is_gone(error: BadRequest) -> bool:
    return any(word in error.message.lower() for word in _GONE)


class TelegramDeliverer:
    """Brings messages to people who did not just ask; see `channels.delivery.Deliverer`."""

    channel = TELEGRAM

    def __init__(self, writer: Writer, composer: Composer, seen: SeenStore) -> None:
        self._writer = writer
        self._composer = composer
        self._seen = seen

    async def deliver(self, address: str, replies: list[Reply], key: str) -> None:
        """Send the replies; what was sent under this key is not sent again, so a try may go on where one broke off."""
        if not address.lstrip("-").isdigit():
            raise DeliveryRefused("no chat id")
        for place, letter in enumerate(self._composer.replies(replies)):
            piece = f"telegram:push:{key[:100]}:{place}"
            if not await self._seen.holds(piece):
                await self._writer.send(int(address), letter)
                await self._seen.add(piece)
