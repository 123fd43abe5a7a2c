"""Which update goes where; edited messages and everything not named here go nowhere."""

from __future__ import annotations

import re
from typing import Any

from telegram import ChatMember, Update
from telegram.ext import (
    BaseHandler,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from channels.telegram.chats import Chats

#: What Telegram has to send us.
WANTED = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER, Update.CHANNEL_POST]
_PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
_PLAYTHINGS = filters.Sticker.ALL | filters.ANIMATION  # an animation is a document too
_HEARD = filters.VOICE | filters.AUDIO | filters.VIDEO_NOTE
_FILES = filters.PHOTO | filters.Document.ALL | filters.VIDEO
_IN = {ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.RESTRICTED}
#: t.me/…?start=p1_001193, the code with an underscore: the link takes no dot.
_START_AT = re.compile(r"p(\d)_(\d{6})")
Handler = BaseHandler[Any, Any, Any]
Context = CallbackContext[Any, Any, Any, Any]


def deep_link(bot_name: str, procedure_code: str) -> str:
    """Return the address that opens the chat at a procedure."""
    return f"https://t.me/{bot_name}?start=p{procedure_code.replace('.', '_')}"


def handlers(chats: Chats) -> list[Handler]:
    """Return the handlers; the first that fits takes the update."""
    table = _Table(chats)
    not_private = ~filters.ChatType.PRIVATE & ~filters.StatusUpdate.LEFT_CHAT_MEMBER
    return [
        ChatMemberHandler(table.joined, ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler((filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST) & not_private, table.elsewhere),
        CallbackQueryHandler(table.pressed),
        CommandHandler("start", table.start, _PRIVATE),
        CommandHandler("tracuu", table.look_up, _PRIVATE),
        CommandHandler("huongdan", table.guide, _PRIVATE),
        CommandHandler("xoadulieu", table.delete, _PRIVATE),
        MessageHandler(_PRIVATE & filters.TEXT, table.words),
        MessageHandler(_PRIVATE & _PLAYTHINGS, table.other),
        MessageHandler(_PRIVATE & _HEARD, table.voice),
        MessageHandler(_PRIVATE & _FILES, table.file),
        MessageHandler(_PRIVATE & ~filters.StatusUpdate.ALL, table.other),
    ]


class _Table:
    """Takes out of an update what its handler needs."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats

    async def joined(self, update: Update, context: Context) -> None:
        change = update.my_chat_member
        if change and change.chat.type != "private" and change.new_chat_member.status in _IN:
            await self._chats.decline(change.chat)

    async def elsewhere(self, update: Update, context: Context) -> None:
        if update.effective_chat:
            await self._chats.decline(update.effective_chat)

    async def pressed(self, update: Update, context: Context) -> None:
        query, chat = update.callback_query, update.effective_chat
        if query and chat and chat.type == "private":
            await self._chats.pressed(query, chat)

    async def start(self, update: Update, context: Context) -> None:
        if update.message:
            at = _START_AT.fullmatch(" ".join(context.args or ()))
            code = f"{at[1]}.{at[2]}" if at else ""
            wish = f'/choose_procedure{{"procedure_code": "{code}"}}' if code else "/greet"
            await self._chats.wish(update.message, wish)

    async def look_up(self, update: Update, context: Context) -> None:
        """Take the words behind the command as a question; without any, ask for the code of an application."""
        if update.message and context.args:
            await self._chats.words(update.message, " ".join(context.args))
        elif update.message:
            await self._chats.wish(update.message, "/ask_status")

    async def guide(self, update: Update, context: Context) -> None:
        if update.message:
            await self._chats.wish(update.message, "/capabilities")

    async def delete(self, update: Update, context: Context) -> None:
        if update.message:
            await self._chats.wish(update.message, "/delete_my_data")

    async def words(self, update: Update, context: Context) -> None:
        if update.message and update.message.text:
            await self._chats.words(update.message, update.message.text)

    async def file(self, update: Update, context: Context) -> None:
        if update.message:
            await self._chats.file(update.message)

    async def voice(self, update: Update, context: Context) -> None:
        if update.message:
            await self._chats.voice(update.message)

    async def other(self, update: Update, context: Context) -> None:
        if update.message:
            await self._chats.other(update.message)
