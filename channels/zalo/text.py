"""Makes our texts fit for Zalo: no marks for bold, no more than 2,000 letters in one message."""

from __future__ import annotations

import re

from knowledge.vietnamese import nfc

MAX_LETTERS = 2000
#: Bold opens after a space and closes before none, so that a masked name (N*** V** A**) stays as it is.
_BOLD = re.compile(r"(^|[\s(“\"])\*\*([^\s*](?:[^*\n]*[^\s*])?)\*\*(?!\*)", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?…;:](?=\s)")
_MANY_BLANK_LINES = re.compile(r"\n{3,}")
_SENSIBLE = 3


def plain(text: str) -> str:
    """Return a text without marks for bold.

    >>> plain("**Lệ phí:** 8.000 đồng; chủ hồ sơ N*** V** A**")
    'Lệ phí: 8.000 đồng; chủ hồ sơ N*** V** A**'
    """
    return _MANY_BLANK_LINES.sub("\n\n", _BOLD.sub(r"\1\2", nfc(text))).strip()


def letters(text: str) -> int:
    """Return the length as platforms count it: an emoji may count twice."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def split(text: str, limit: int = MAX_LETTERS) -> list[str]:
    """Return a text in pieces of at most `limit` letters, cut where it hurts least.

    Between paragraphs, else between lines, else behind a sentence, else between words; inside a word only when it
    fills a third of a piece.
    """
    pieces = []
    rest = text.strip()
    while letters(rest) > limit:
        head = _head(rest, limit)
        end = _cut(head)
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*pieces, rest] if rest else pieces


def _head(text: str, limit: int) -> str:
    """Return as much of the beginning as fits."""
    head = text[:limit]
    while letters(head) > limit:
        head = head[: len(head) - (letters(head) - limit + 1) // 2]
    return head


def _cut(head: str) -> int:
    """Return where to cut a piece that must end somewhere in `head`."""
    sentences = [found.end() for found in _SENTENCE_END.finditer(head)]
    for place in (head.rfind("\n\n"), head.rfind("\n"), sentences[-1] if sentences else -1, head.rfind(" ")):
        if place >= len(head) // _SENSIBLE:
            return place
    return len(head)
