"""Shows "đang nhập …" while an answer is being prepared."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

#: Telegram shows it for five seconds.
_AGAIN_AFTER_S = 4.5


@asynccontextmanager
async def shown_as(bot: Bot, chat: int, action: ChatAction = ChatAction.TYPING) -> AsyncIterator[None]:
    """Show an action beside whatever is done inside; it never delays or breaks that."""
    showing = asyncio.create_task(_show(bot, chat, action))
    try:
        yield
    finally:
        showing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await showing


async def _show(bot: Bot, chat: int, action: ChatAction) -> None:
    with contextlib.suppress(TelegramError):
        while True:
            await bot.send_chat_action(chat, action)
            await asyncio.sleep(_AGAIN_AFTER_S)
