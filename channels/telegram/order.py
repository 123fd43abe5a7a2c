"""Takes each update once, those of one chat one after the other, different chats side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from channels.store.seen import SeenStore

#: So many updates may wait; then Telegram is asked to send again later.
MAX_PENDING = 5_000


class ChatOrder(BaseUpdateProcessor):
    """Lets updates of a chat wait for each other; an update that was taken before is dropped."""

    def __init__(self, seen: SeenStore) -> None:
        super().__init__(MAX_PENDING)
        self._seen = seen
        self._chats: dict[int, tuple[asyncio.Lock, int]] = {}

    @property
    def pending(self) -> int:
        """Return how many updates are at work or wait."""
        return sum(waiting for _, waiting in self._chats.values())

    async def initialize(self) -> None:
        """Do nothing; nothing has to be opened."""

    async def shutdown(self) -> None:
        """Do nothing; nothing has to be closed."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Process an update when those before it are done."""
        chat = update.effective_chat.id if isinstance(update, Update) and update.effective_chat else 0
        lock, waiting = self._chats.get(chat, (asyncio.Lock(), 0))
        self._chats[chat] = (lock, waiting + 1)
        try:
            async with lock:
                if await self._is_new(update):
                    await coroutine
                else:
                    coroutine.close()  # type: ignore[attr-defined]
        finally:
            lock, waiting = self._chats.pop(chat)
            if waiting > 1:
                self._chats[chat] = (lock, waiting - 1)

    async def _is_new(self, update: object) -> bool:
        return not isinstance(update, Update) or await self._seen.add(f"telegram:update:{update.update_id}")
