"""Takes Telegram's calls: checks whose they are, puts them into the queue and answers at once."""

from __future__ import annotations

import hmac
import json
import logging
from typing import Any

from fastapi import APIRouter, Request, Response
from telegram import Bot, Update

from channels.telegram.order import MAX_PENDING, ChatOrder

log = logging.getLogger(__name__)
PATH = "/webhooks/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_BODY_BYTES = 100_000
_ANSWERS: dict[int | str, dict[str, Any]] = {
    400: {"description": "Không phải JSON"},
    403: {"description": "Sai hoặc thiếu mã bí mật"},
    413: {"description": "Thân yêu cầu quá lớn"},
    429: {"description": "Đang quá nhiều tin chờ, gửi lại sau"},
}


def webhook_router(bot: Bot, queue: Any, order: ChatOrder, secret: str) -> APIRouter:
    """Return the route of the webhook.

    queue: where the bot's application takes its updates from.
    """
    router = APIRouter(tags=["kênh"])

    @router.post(PATH, responses=_ANSWERS, summary="Telegram gọi khi có tin nhắn")
    async def receive(request: Request) -> Response:
        """Chỉ nhận cuộc gọi mang đúng mã bí mật; trả lời ngay, xử lý sau."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("latin-1", "replace"), secret.encode()):
            return Response(status_code=403)
        body = await request.body()
        if len(body) > MAX_BODY_BYTES:
            return Response(status_code=413)
        if queue.qsize() + order.pending >= MAX_PENDING:
            return Response(status_code=429)  # Telegram sends again later
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        if (update := read_update(told, bot)) is not None:
            queue.put_nowait(update)
        return Response(status_code=200)

    return router


def read_update(told: Any, bot: Bot) -> Update | None:
    """Return an update; None for what we do not understand, which repeating would not make clearer."""
    if not isinstance(told, dict) or not _is_id(told.get("update_id")):
        return None
    try:
        return Update.de_json(told, bot)
    except Exception as error:  # the library trusts the shape of what it reads
        log.warning("an update of unknown shape: %s", type(error).__name__)
        return None


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
