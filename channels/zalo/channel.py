"""Puts the Zalo channel together: what the app starts, stops, asks for its state and tells to forget."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from channels.conversation import Conversations
from channels.hooks import Heard
from channels.messages import TurnResult
from channels.privacy import hashed_id
from channels.sentences import GATEWAY, Sentences
from channels.store.seen import SeenStore
from channels.store.zalo_inbox import ZaloInbox
from channels.store.zalo_people import ZaloPeople
from channels.store.zalo_tokens import ZaloTokenStore
from channels.zalo.api import ZaloApi
from channels.zalo.buttons import ButtonSeal
from channels.zalo.oauth import ZaloOAuth
from channels.zalo.outgoing import ZALO, ZaloOutgoing
from channels.zalo.settings import ZaloSettings
from channels.zalo.talk import ZaloTalk
from channels.zalo.tokens import Tokens
from channels.zalo.webhook import build_webhook_router
from channels.zalo.worker import ZaloWorker


def _now() -> datetime:
    return datetime.now(timezone.utc)


class ZaloMemory:
    """What the channel keeps of people, as the gateway's listener: it forgets with the conversation."""

    def __init__(self, inbox: ZaloInbox, people: ZaloPeople) -> None:
        self._inbox = inbox
        self._people = people

    def turn_ended(self, heard: Heard, result: TurnResult, took_ms: float) -> None:
        """Keep nothing: what was said is no concern of the channel."""

    async def forget(self, conversation: str) -> None:
        """Delete the window of a person, and the events that wait."""
        await asyncio.to_thread(self._people.forget, conversation)
        await asyncio.to_thread(self._inbox.forget, conversation)


class ZaloChannel:
    """One Official Account. Build it, give `memory` to the gateway's hooks, then `connect` it to the gateway."""

    def __init__(
        self, settings: ZaloSettings, engine: Engine, identity_key: bytes, now: Callable[[], datetime] = _now
    ) -> None:
        window = timedelta(hours=settings.window_hours)
        self._settings = settings
        self._key = identity_key
        self._now = now
        self._inbox = ZaloInbox(engine, identity_key)
        self._people = ZaloPeople(engine, window, settings.window_messages)
        self._seal = ButtonSeal(identity_key)
        store = ZaloTokenStore(engine, identity_key, settings.app_id)
        first = settings.refresh_token.get_secret_value()
        self._tokens = Tokens(store, ZaloOAuth(settings).exchange, first)
        self._api = ZaloApi(settings, self._tokens)
        most = settings.window_messages
        self._sentences = Sentences(GATEWAY.with_name("zalo.yml"))
        hint = self._sentences.say("utter_zalo_more_choices", number="{number}")
        self.deliverer = ZaloOutgoing(
            self._api, self._people, SeenStore(engine), self._seal, self._hash_of, most, hint, self._now
        )
        self.router = APIRouter()
        self.memory = ZaloMemory(self._inbox, self._people)
        self._worker: ZaloWorker | None = None
        self._refreshing: asyncio.Task[None] | None = None

    def connect(self, conversations: Conversations, gateway: Sentences) -> ZaloChannel:
        """Let the webhook lead into these conversations; return the channel, ready to start."""
        talk = ZaloTalk(conversations, self._people, self.deliverer, self._seal, self._sentences, gateway, self._now)
        self._worker = ZaloWorker(self._inbox, talk)
        self.router = build_webhook_router(self._settings, self._inbox, self._hash_of, self._worker.wake, self._now)
        return self

    async def start(self) -> None:
        """Take up the work that waits and keep the token fresh."""
        assert self._worker, "connect comes first"
        await self._worker.start()
        self._refreshing = asyncio.create_task(self._tokens.keep_fresh())

    async def stop(self) -> None:
        """Stop without losing anything."""
        if self._worker:
            await self._worker.stop()
        if self._refreshing:
            self._refreshing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._refreshing
        await self._api.aclose()

    async def state(self) -> dict[str, Any]:
        """Return the state for /healthz."""
        try:
            waiting = await asyncio.to_thread(self._inbox.waiting)
            return await self._tokens.state() | {"waiting": waiting}
        except SQLAlchemyError as error:
            return {"ok": False, "needed": False, "reason": type(error).__name__}

    def forget_older_than(self, days: int) -> int:
        """Delete what is kept of people silent for that many days, and old events; return how many people."""
        self._inbox.forget_older_than()
        return self._people.forget_older_than(days)

    def _hash_of(self, person: str) -> str:
        return hashed_id(self._key, ZALO, person)
