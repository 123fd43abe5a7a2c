"""Telegram: the bot inside the app. The library is loaded only where the channel is on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from channels.telegram.settings import TelegramSettings

if TYPE_CHECKING:
    from channels.conversation import Conversations
    from channels.sentences import Sentences
    from channels.store.seen import SeenStore
    from channels.telegram.channel import TelegramChannel
    from channels.telegram.chats import Checklist
    from knowledge.catalogue import Catalogue
    from knowledge.model import Procedure


def build_telegram(
    settings: TelegramSettings,
    conversations: Conversations,
    sentences: Sentences,
    seen: SeenStore,
    public_url: str = "",
    checklist: Checklist | None = None,
) -> TelegramChannel | None:
    """Return the channel; None without a token."""
    if not settings.is_on:
        return None
    from channels.telegram.channel import TelegramChannel

    return TelegramChannel(settings, conversations, sentences, seen, public_url, checklist)


def checklist_maker(catalogue: Catalogue, render: Callable[[Procedure], bytes]) -> Checklist:
    """Return what makes the checklist of a procedure by its code, in a thread.

    Raises of the result: LookupError for a code that is not in the catalogue.
    """

    async def make(code: str) -> bytes:
        procedure = catalogue.get(code)
        if procedure is None:
            raise LookupError(code)
        return await asyncio.to_thread(render, procedure)

    return make
