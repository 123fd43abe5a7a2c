"""What is done with each kind of update: words, commands, buttons, files, groups."""

from __future__ import annotations

import contextlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from telegram import Bot, CallbackQuery, Chat, Message
from telegram.constants import ChatAction
from telegram.error import TelegramError

from actions.turn import Outcome
from channels.conversation import Conversations
from channels.conversation import Message as CitizenMessage
from channels.errors import DeliveryError, TextTooLong
from channels.messages import Reply, TurnResult
from channels.sentences import Sentences
from channels.telegram.keyboard import CHECKLIST, is_thumb, without_thumbs
from channels.telegram.letters import RATED, Composer
from channels.telegram.payloads import decode, value_of
from channels.telegram.sentences import telegram_sentences
from channels.telegram.typing import shown_as
from channels.telegram.writer import TELEGRAM, Writer

log = logging.getLogger(__name__)
Checklist = Callable[[str], Awaitable[bytes]]
#: What may stand in a notice over the chat.
_MAX_NOTICE = 200
_AT_HAND = 10_000
#: No message has this id: the newest answer carries no thumbs.
_NOTHING = 0


class Recent:
    """A small memory: the last value of each of the latest keys."""

    def __init__(self, size: int = _AT_HAND) -> None:
        self._size = size
        self._values: OrderedDict[Any, Any] = OrderedDict()

    def put(self, key: Any, value: Any) -> Any:
        """Keep a value; return the one before."""
        before = self._values.pop(key, None)
        self._values[key] = value
        if len(self._values) > self._size:
            self._values.popitem(last=False)
        return before

    def get(self, key: Any) -> Any:
        return self._values.get(key)


class Chats:
    """Answers updates. Whoever blocked us or cannot be reached meanwhile costs a line in the log, no more.

    checklist: makes the PDF of a procedure by its code; it raises for a code it does not know.
    """

    def __init__(
        self,
        bot: Bot,
        writer: Writer,
        composer: Composer,
        conversations: Conversations,
        sentences: Sentences,
        checklist: Checklist | None = None,
    ) -> None:
        self._bot = bot
        self._writer = writer
        self._composer = composer
        self._conversations = conversations
        self._gateway = sentences
        self._own = telegram_sentences()
        self._checklist = checklist
        self._rated = Recent()  # chat → the newest answer, if it can be rated
        self._albums = Recent()
        self._declined = Recent()

    async def words(self, message: Message, text: str) -> None:
        """Take what was typed to the dialogue."""
        await self._turn(CitizenMessage(TELEGRAM, str(message.chat_id), f"m{message.message_id}", text))

    async def wish(self, message: Message, payload: str) -> None:
        """Take a command to the dialogue, as if a button had been pressed."""
        await self._turn(CitizenMessage(TELEGRAM, str(message.chat_id), f"m{message.message_id}", payload=payload))

    async def pressed(self, query: CallbackQuery, chat: Chat) -> None:
        """Take the choice behind a button to the dialogue; thumbs and the checklist go their own ways."""
        data = query.data or ""
        if is_thumb(data):
            await self._rate(query, chat.id, data)
            return
        await self._notice(query)
        code = value_of(data, CHECKLIST, "procedure_code")
        if code and self._checklist:
            await self._send_checklist(chat.id, code, self._checklist)
        elif code or (payload := decode(data)) is None:
            await self._say(chat.id, self._own.say("utter_telegram_old_button"))
        else:
            await self._turn(CitizenMessage(TELEGRAM, str(chat.id), f"q{query.id}", payload=payload))

    async def file(self, message: Message) -> None:
        """Refuse pictures and files, once for an album."""
        album = message.media_group_id
        if not album or not self._albums.put(album, True):
            await self._say(message.chat_id, self._own.say("utter_telegram_file"))

    async def voice(self, message: Message) -> None:
        """Refuse what would have to be listened to."""
        await self._say(message.chat_id, self._own.say("utter_telegram_voice"))

    async def other(self, message: Message) -> None:
        """Refuse stickers, contacts, places and whatever Telegram will invent."""
        await self._say(message.chat_id, self._own.say("utter_telegram_only_words"))

    async def decline(self, chat: Chat) -> None:
        """Say once in a group that one talks in private, and leave it: we need not read what is said there."""
        if not self._declined.put(chat.id, True) and chat.type != Chat.CHANNEL:
            await self._say(chat.id, self._own.say("utter_telegram_group"))
        with contextlib.suppress(TelegramError):
            await self._bot.leave_chat(chat.id)

    async def _turn(self, message: CitizenMessage) -> None:
        chat = int(message.person)
        async with shown_as(self._bot, chat):
            result = await self._result(message)
        with _told_to_the_log():
            last = await self._writer.send_all(chat, self._composer.answer(result))
            self._rated.put(chat, last if result.outcome in RATED else _NOTHING)

    async def _result(self, message: CitizenMessage) -> TurnResult:
        try:
            return await self._conversations.take(message)
        except TextTooLong as error:
            text, outcome = self._gateway.say("utter_too_long", limit=error.limit), Outcome.NOTHING_FOUND
        except Exception:  # whatever broke, the citizen must not meet silence
            log.exception("a turn failed")
            text, outcome = self._gateway.say("utter_fault"), Outcome.FAILED
        return TurnResult(replies=[Reply(text=text)], outcome=outcome)

    async def _rate(self, query: CallbackQuery, chat: int, data: str) -> None:
        """Take a rating; it counts for the turn before, so thumbs under an older answer do nothing."""
        message = query.message
        newest = self._rated.get(chat)
        if message and newest is not None and message.message_id != newest:
            await self._notice(query, self._own.say("utter_telegram_rate_newest"))
        else:
            result = await self._result(CitizenMessage(TELEGRAM, str(chat), f"q{query.id}", payload=decode(data)))
            if not (thanks := _notice_of(result)) or not await self._notice(query, thanks):
                await self._notice(query)
                with _told_to_the_log():
                    await self._writer.send_all(chat, self._composer.replies(result.replies))
        if isinstance(message, Message):
            with contextlib.suppress(TelegramError):
                await message.edit_reply_markup(without_thumbs(message.reply_markup))

    async def _send_checklist(self, chat: int, code: str, checklist: Checklist) -> None:
        try:
            async with shown_as(self._bot, chat, ChatAction.UPLOAD_DOCUMENT):
                content = await checklist(code)
        except Exception:
            log.exception("no checklist for %s", code)
            await self._say(chat, self._own.say("utter_telegram_checklist_failed"))
            return
        caption = self._own.say("utter_telegram_checklist", code=code)
        with _told_to_the_log():
            await self._writer.send_file(chat, content, f"danh-sach-giay-to-{code}.pdf", caption)

    async def _notice(self, query: CallbackQuery, text: str | None = None) -> bool:
        """End the waiting wheel on a button; tell whether Telegram took it (after some time it does not)."""
        try:
            return await query.answer(text)
        except TelegramError:
            return False

    async def _say(self, chat: int, text: str) -> None:
        with _told_to_the_log():
            await self._writer.send_all(chat, self._composer.replies([Reply(text=text)]))


def _notice_of(result: TurnResult) -> str | None:
    """Return an answer that fits into a notice: one short bubble with nothing to press."""
    if len(result.replies) != 1:
        return None
    (reply,) = result.replies
    return None if reply.buttons or reply.links or len(reply.text) > _MAX_NOTICE else reply.text


@contextlib.contextmanager
def _told_to_the_log() -> Iterator[None]:
    """Note an answer that could not be brought; the citizen will ask again or does not want it."""
    try:
        yield
    except DeliveryError as error:
        log.warning("an answer did not arrive: %s: %s", type(error).__name__, error)
