"""What the Bot API refuses, in its own words: lengths, entities, keyboards, floods."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

MAX_TEXT, MAX_CAPTION, MAX_NOTICE, MAX_DATA, MAX_BUTTONS = 4096, 1024, 200, 64, 100
ENTITY_KINDS = {"bold", "italic", "underline", "strikethrough", "code", "pre", "text_link", "spoiler", "blockquote"}
#: Known parameters; anything else the real server would ignore in silence, and we would wonder.
PARAMETERS = {
    "getMe": set[str](),
    "getUpdates": {"offset", "limit", "timeout", "allowed_updates"},
    "setWebhook": {"url", "secret_token", "allowed_updates", "max_connections", "drop_pending_updates", "ip_address"},
    "deleteWebhook": {"drop_pending_updates"},
    "getWebhookInfo": set[str](),
    "setMyCommands": {"commands", "scope", "language_code"},
    "getMyCommands": {"scope", "language_code"},
    "sendMessage": {"chat_id", "text", "entities", "reply_markup", "link_preview_options", "disable_notification"},
    "sendDocument": {"chat_id", "document", "caption", "reply_markup", "disable_notification"},
    "sendChatAction": {"chat_id", "action"},
    "answerCallbackQuery": {"callback_query_id", "text", "show_alert", "cache_time"},
    "editMessageReplyMarkup": {"chat_id", "message_id", "reply_markup"},
    "leaveChat": {"chat_id"},
}


class Refusal(Exception):
    """An answer with ok=false."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


def bad(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


def units(text: str) -> int:
    """Return the length as Telegram counts it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def check_text(text: Any, limit: int = MAX_TEXT) -> str:
    """Return a text that may be sent."""
    if not isinstance(text, str) or not text.strip():
        raise bad("message text is empty")
    if units(text) > limit:
        raise bad("message is too long" if limit == MAX_TEXT else "message caption is too long")
    return text


def check_entities(text: str, entities: Any) -> list[dict[str, Any]]:
    """Return the entities; they lie within the text, cut no letter in two, and nothing stands inside code."""
    encoded = text.encode("utf-16-le")
    spans: list[tuple[int, int, str]] = []
    for entity in entities or []:
        kind, offset, length = entity.get("type"), entity.get("offset"), entity.get("length")
        if kind not in ENTITY_KINDS:
            raise bad(f"can't parse entities: unknown type {kind}")
        if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length < 1:
            raise bad("can't parse entities: bad offset or length")
        if (offset + length) * 2 > len(encoded):
            raise bad("can't parse entities: entity ends beyond the text")
        try:
            encoded[offset * 2 : (offset + length) * 2].decode("utf-16-le")
        except UnicodeDecodeError as error:
            raise bad("can't parse entities: entity begins or ends in the middle of a letter") from error
        spans.append((offset, offset + length, kind))
    for start, end, kind in spans:
        if kind in ("code", "pre") and sum(s < end and start < e for s, e, _ in spans) > 1:
            raise bad("can't parse entities: nothing may stand inside code")
    return list(entities or [])


def check_keyboard(markup: Any) -> dict[str, Any] | None:
    """Return an inline keyboard that Telegram would show."""
    if markup is None:
        return None
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list):
        raise bad("object expected as reply markup")
    buttons = [button for row in rows for button in row]
    if len(buttons) > MAX_BUTTONS or any(not row for row in rows):
        raise bad("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return {"inline_keyboard": rows}


def _check_button(button: dict[str, Any]) -> None:
    if not str(button.get("text") or "").strip():
        raise bad("text buttons are unallowed in the inline keyboard")
    kinds = set(button) - {"text"}
    if kinds == {"callback_data"}:
        if not 1 <= len(str(button["callback_data"]).encode()) <= MAX_DATA:
            raise bad("BUTTON_DATA_INVALID")
    elif kinds == {"url"}:
        parts = urlsplit(str(button["url"]))
        if parts.scheme not in ("http", "https", "tg") or "." not in (parts.hostname or ""):
            raise bad("BUTTON_URL_INVALID")
        if re.fullmatch(r"[\d.]+", parts.hostname or ""):
            raise bad("BUTTON_URL_INVALID")
    else:
        raise bad("BUTTON_TYPE_INVALID")


@dataclass
class Flood:
    """Counts messages. A chat takes `burst` in one go, then one a second; all chats together thirty a second.

    Whoever goes on while told to wait is noted under `ignored`.
    """

    per_chat_per_s: float = 1.0
    burst: int = 4
    overall_per_s: float = 30.0
    clock: Callable[[], float] = time.monotonic
    ignored: int = 0
    refused: int = 0
    _sent: list[float] = field(default_factory=list)
    _level: dict[int, tuple[float, float]] = field(default_factory=dict)
    _closed_until: dict[int, float] = field(default_factory=dict)

    def close(self, chat: int, seconds: float) -> None:
        """Let the next message to a chat meet "too many requests"."""
        self._level[chat] = (self.clock(), self.burst + seconds * self.per_chat_per_s)

    def check(self, chat: int) -> None:
        """Count a message; raises a Refusal with `retry_after` when there are too many."""
        now = self.clock()
        if now < self._closed_until.get(chat, 0.0) - 0.02:
            self.ignored += 1
            self._refuse(chat, self._closed_until[chat] - now)
        at, level = self._level.get(chat, (now, 0.0))
        level = max(0.0, level - (now - at) * self.per_chat_per_s)
        self._sent = [moment for moment in self._sent if moment > now - 1.0]
        if level + 1 > self.burst + 1e-6:
            self._level[chat] = (now, level)
            self._refuse(chat, (level + 1 - self.burst) / self.per_chat_per_s)
        if len(self._sent) >= self.overall_per_s:
            self._refuse(chat, 1.0)
        self._level[chat] = (now, level + 1)
        self._sent.append(now)

    def _refuse(self, chat: int, seconds: float) -> None:
        wait_s = max(1, math.ceil(seconds - 1e-6))
        self.refused += 1
        self._closed_until[chat] = max(self._closed_until.get(chat, 0.0), self.clock() + wait_s)
        raise Refusal(429, f"Too Many Requests: retry after {wait_s}", wait_s)
