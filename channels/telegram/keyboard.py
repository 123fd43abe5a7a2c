"""The inline keyboard under an answer: choices, links, the checklist, thumbs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from channels.messages import ReplyButton, ReplyLink
from channels.telegram.payloads import NoButton, encode

log = logging.getLogger(__name__)
Rows = list[list[InlineKeyboardButton]]
#: Two titles of this length stand side by side on a narrow phone.
_SHORT_TITLE = 15
MAX_ROWS = 40
THUMBS = ("👍", "👎")
_THUMB_DATA = tuple(encode(f'/feedback{{"value": "{value}"}}') for value in ("up", "down"))
CHECKLIST = "pdf"


def choice_rows(buttons: Sequence[ReplyButton]) -> Rows:
    """Return rows of buttons; short titles stand in pairs. A payload that fits into no button is left out."""
    rows: Rows = []
    for button in buttons:
        try:
            made = InlineKeyboardButton(button.title, callback_data=encode(button.payload))
        except NoButton as error:
            log.error("a choice fits into no button: %s", error)
            continue
        beside = rows[-1] if rows else []
        if len(beside) == 1 and max(len(beside[0].text), len(made.text)) <= _SHORT_TITLE:
            beside.append(made)
        else:
            rows.append([made])
    return rows


def link_rows(links: Sequence[ReplyLink], own_url: str) -> tuple[Rows, list[ReplyLink]]:
    """Return rows of links, and the links that Telegram takes no button for: they must stand in the text.

    own_url: our own address, before links that begin with a slash.
    """
    rows: Rows = []
    rest: list[ReplyLink] = []
    for link in links:
        url = urljoin(own_url, link.url) if own_url else link.url
        if _is_public(url):
            rows.append([InlineKeyboardButton(link.title, url=url)])
        elif urlsplit(url).scheme in ("http", "https"):
            rest.append(ReplyLink(title=link.title, url=url))
    return rows, rest


def checklist_row(title: str, procedure_code: str) -> Rows:
    """Return the button that asks for the papers as a file; the channel answers it, not the dialogue."""
    data = encode(f'/{CHECKLIST}{{"procedure_code": "{procedure_code}"}}')
    return [[InlineKeyboardButton(title, callback_data=data)]]


def thumb_row() -> Rows:
    """Return the two thumbs; they rate the turn before."""
    return [[InlineKeyboardButton(sign, callback_data=data) for sign, data in zip(THUMBS, _THUMB_DATA, strict=True)]]


def markup(rows: Rows) -> InlineKeyboardMarkup | None:
    """Return the keyboard of some rows; None for none."""
    return InlineKeyboardMarkup(rows[:MAX_ROWS]) if rows else None


def without_thumbs(keyboard: InlineKeyboardMarkup | None) -> InlineKeyboardMarkup | None:
    """Return a keyboard after its answer was rated."""
    rows = [list(row) for row in keyboard.inline_keyboard] if keyboard else []
    return markup([row for row in rows if not any(is_thumb(str(button.callback_data or "")) for button in row)])


def is_thumb(data: str) -> bool:
    """Tell whether callback data is a thumb's; the reasons asked for after a 👎 are choices like any other."""
    return data in _THUMB_DATA


def _is_public(url: str) -> bool:
    """Tell whether Telegram takes an address behind a button: https, a name with a dot, no local machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return parts.scheme == "https" and "." in host and not host.replace(".", "").isdigit() and not parts.username
