"""The Telegram channel as a whole: the bot inside the app, its webhook or polling, its start and stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import warnings
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter
from telegram import BotCommand, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from channels.conversation import Conversations
from channels.delivery import Deliverer
from channels.sentences import Sentences
from channels.store.seen import SeenStore
from channels.telegram.chats import Chats, Checklist
from channels.telegram.handlers import WANTED, handlers
from channels.telegram.letters import Composer
from channels.telegram.order import ChatOrder
from channels.telegram.pace import Limits, Pace
from channels.telegram.sentences import COMMANDS, telegram_sentences
from channels.telegram.settings import Intake, TelegramSettings
from channels.telegram.webhook import PATH, webhook_router
from channels.telegram.writer import TelegramDeliverer, Writer

log = logging.getLogger(__name__)
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0
#: The launcher gives a process eight seconds.
_STOP_WITHIN_S = 6.0
_CONNECTIONS = 64


class TelegramChannel:
    """A bot that lives inside the app.

    public_url: our address as Telegram reaches it; without it the webhook is registered by hand.
    """

    channel = "telegram"

    def __init__(
        self,
        settings: TelegramSettings,
        conversations: Conversations,
        sentences: Sentences,
        seen: SeenStore,
        public_url: str = "",
        checklist: Checklist | None = None,
        limits: Limits | None = None,
    ) -> None:
        _silence_libraries()
        self._settings = settings
        self._public_url = public_url.rstrip("/")
        self._order = ChatOrder(seen)
        self._application = _application(settings, self._order, Pace(limits or Limits()))
        bot = self._application.bot
        title = telegram_sentences().say("utter_telegram_checklist_button") if checklist else None
        composer, writer = Composer(self._public_url, title), Writer(bot)
        self._application.add_handlers(handlers(Chats(bot, writer, composer, conversations, sentences, checklist)))
        self._application.add_error_handler(_note_error)
        self.deliverer: Deliverer = TelegramDeliverer(writer, composer, seen)
        self.router: APIRouter = webhook_router(bot, self._application.update_queue, self._order, settings.secret)
        self.is_ready = asyncio.Event()
        self._starting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to connect; the app does not wait for it, and goes on without Telegram if it must."""
        self._starting = asyncio.create_task(self._connect())

    async def stop(self) -> None:
        """Answer what has arrived, then disconnect."""
        if self._starting:
            self._starting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._starting
        with contextlib.suppress(TelegramError, TimeoutError, RuntimeError):
            async with asyncio.timeout(_STOP_WITHIN_S):
                if self._application.updater and self._application.updater.running:
                    await self._application.updater.stop()
                if self._application.running:
                    await self._application.stop()
                await self._application.shutdown()

    async def state(self) -> dict[str, Any]:
        """Return the state for /healthz."""
        return {"ok": self.is_ready.is_set(), "needed": False, "waiting": self._order.pending}

    async def _connect(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                await self._begin()
                self.is_ready.set()
                return
            except InvalidToken:
                log.error("Telegram does not know the token of MOT_CUA_TELEGRAM_TOKEN: the channel stays off")
                return
            except TelegramError as error:
                log.warning("Telegram does not answer (%s); again in %.0f s", type(error).__name__, pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    async def _begin(self) -> None:
        application = self._application
        await application.initialize()
        if not application.running:
            await application.start()  # what has arrived meanwhile is answered
        bot, own = application.bot, telegram_sentences()
        await bot.set_my_commands([BotCommand(name, own.say(text)) for name, text in COMMANDS.items()])
        if application.updater:
            await application.updater.start_polling(allowed_updates=WANTED)
        elif self._public_url:
            url = f"{self._public_url}{PATH}"
            await bot.set_webhook(url, allowed_updates=WANTED, secret_token=self._settings.secret)


def _application(settings: TelegramSettings, order: ChatOrder, pace: Pace) -> Application[Any, Any, Any, Any, Any, Any]:
    base = settings.api_url.rstrip("/")
    options = {"trust_env": False} if urlsplit(base).hostname in ("127.0.0.1", "localhost", "::1") else {}
    builder = (
        ApplicationBuilder()
        .token(settings.token.get_secret_value())
        .base_url(f"{base}/bot")
        .base_file_url(f"{base}/file/bot")
        .request(HTTPXRequest(connection_pool_size=_CONNECTIONS, pool_timeout=10.0, httpx_kwargs=options))
        .get_updates_request(HTTPXRequest(httpx_kwargs=options))
        .concurrent_updates(order)
        .rate_limiter(pace)
    )
    return (builder.updater(None) if settings.intake is Intake.WEBHOOK else builder).build()


def _silence_libraries() -> None:
    """Keep tokens (they stand in the addresses that httpx logs) and people's messages out of the log."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", message=".*retry_after", category=PTBDeprecationWarning)  # we read it either way


async def _note_error(update: object, context: Any) -> None:
    """Log what went wrong with an update, never the update itself."""
    number = update.update_id if isinstance(update, Update) else None
    log.error("update %s failed", number, exc_info=context.error)
