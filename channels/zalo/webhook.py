"""POST /zalo/webhook: checks the signature, writes the event down, answers at once."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from channels.store.zalo_inbox import ZaloInbox
from channels.zalo.events import read_event
from channels.zalo.settings import ZaloSettings
from channels.zalo.signature import SIGNATURE_HEADER, NotSigned, open_signed

log = logging.getLogger(__name__)
COMPLAIN_EVERY_S = 60.0
RESPONSES: dict[int | str, dict[str, Any]] = {
    403: {"description": "Chữ ký sai, hoặc không phải sự kiện của Zalo"},
    503: {"description": "Chưa ghi nhận được; Zalo sẽ gửi lại"},
}


def build_webhook_router(
    settings: ZaloSettings,
    inbox: ZaloInbox,
    hash_of: Callable[[str], str],
    wake: Callable[[str], None],
    now: Callable[[], datetime],
) -> APIRouter:
    """Return the route; `wake` is called with the conversation whose event was written down."""
    router = APIRouter(prefix="/zalo", tags=["Zalo"])
    secret = settings.oa_secret.get_secret_value()
    complain = _Seldom()

    @router.post("/webhook", responses=RESPONSES, summary="Nhận sự kiện của Zalo Official Account")
    async def receive(request: Request) -> Response:
        """Trả lời ngay; câu trả lời cho người dân đi sau, theo đúng thứ tự. Sự kiện lặp lại chỉ xử lý một lần."""
        body = await request.body()
        try:
            opened = open_signed(settings.app_id, secret, body, request.headers.get(SIGNATURE_HEADER, ""), now())
        except NotSigned as error:
            complain(error)
            return Response(status_code=403)
        event = read_event(opened)
        if event is not None:
            conversation = hash_of(event.person)
            try:
                await asyncio.to_thread(inbox.add, event.key, conversation, body, event.at)
            except SQLAlchemyError as error:
                log.error("cannot write an event down: %s", type(error).__name__)
                return Response(status_code=503)
            wake(conversation)
        return Response(status_code=200)

    return router


class _Seldom:
    """Logs why webhooks are refused, once a minute: a wrong secret must be seen, a flood must not fill the disk."""

    def __init__(self) -> None:
        self._last_s = float("-inf")

    def __call__(self, why: NotSigned) -> None:
        if time.monotonic() - self._last_s > COMPLAIN_EVERY_S:
            self._last_s = time.monotonic()
            log.warning("refused a webhook: %s (wrong MOT_CUA_ZALO_OA_SECRET?)", why)
