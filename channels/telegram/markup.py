"""Our `**bold**` as Telegram's entities (nothing to escape, nothing to parse wrongly), and long texts in pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import MessageEntity

from knowledge.codes import find_application_codes

#: Telegram counts UTF-16 units, after the entities are taken out.
MAX_UNITS = 4096
#: As in the widget: bold opens after a space and closes before none, so that a masked name (N*** V**) stays.
_BOLD = re.compile(r"(?:(?<=[\s(“\"])|^)\*\*([^\s*](?:[^*\n]*[^\s*])?)\*\*(?!\*)", re.MULTILINE)
#: Where to break, the best first: paragraph, list item (not behind its heading), any line, sentence, word.
_BREAKS = tuple(re.compile(p) for p in (r"\n{2,}", r"(?<!:)\n(?=\S)", r"\n", r"(?<=[.!?…;])\s+", r"\s+"))
#: A break of a better kind is taken only when it leaves no piece shorter than this part of the limit.
_SHORTEST = 0.4


@dataclass(frozen=True)
class Styled:
    """A text and its entities; offsets count UTF-16 units."""

    text: str
    entities: tuple[MessageEntity, ...] = ()

    @property
    def units(self) -> int:
        return units(self.text)


@dataclass(frozen=True)
class _Span:
    """From, to (letters, not units) and what the letters are."""

    start: int
    end: int
    kind: str


def units(text: str) -> int:
    """Return how long Telegram takes a text to be."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def styled(text: str, limit: int = MAX_UNITS) -> list[Styled]:
    """Return a reply as messages of at most `limit` units, broken where it hurts least."""
    plain, spans = _read(text.replace("\r\n", "\n").strip())
    spans += _codes(plain, spans)
    return [_cut(plain, spans, start, end) for start, end in _pieces(plain, limit) if plain[start:end].strip()]


def _read(text: str) -> tuple[str, list[_Span]]:
    parts: list[str] = []
    spans: list[_Span] = []
    position = length = 0
    for found in _BOLD.finditer(text):
        before = text[position : found.start()]
        parts += [before, found[1]]
        spans.append(_Span(length + len(before), length + len(before) + len(found[1]), MessageEntity.BOLD))
        length += len(before) + len(found[1])
        position = found.end()
    return "".join([*parts, text[position:]]), spans


def _codes(plain: str, taken: list[_Span]) -> list[_Span]:
    """Return the application codes outside bold words: a touch copies them."""
    found = [match for match in find_application_codes(plain) if match.code]
    free = [m for m in found if not any(m.start < span.end and span.start < m.end for span in taken)]
    return [_Span(match.start, match.end, MessageEntity.CODE) for match in free]


def _pieces(text: str, limit: int) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    start = 0
    while units(text[start:]) > limit:
        end, following = _break(text, start, _reach(text, start, limit))
        pieces.append((start, end))
        start = following
    return [*pieces, (start, len(text))]


def _reach(text: str, start: int, limit: int) -> int:
    """Return how far a piece may go; a letter of two units is not broken."""
    end, left = start, limit
    while end < len(text) and (left := left - units(text[end])) >= 0:
        end += 1
    return end


def _break(text: str, start: int, reach: int) -> tuple[int, int]:
    """Return where the piece ends and where the next one begins."""
    least = start + int((reach - start) * _SHORTEST)
    for kind in _BREAKS:
        found = [match for match in kind.finditer(text, least, reach + 8) if match.start() <= reach]
        if found:
            last = found[-1]
            return last.start(), max(last.end(), last.start() + 1)
    return reach, reach


def _cut(plain: str, spans: list[_Span], start: int, end: int) -> Styled:
    while start < end and plain[start].isspace():
        start += 1
    while start < end and plain[end - 1].isspace():
        end -= 1
    within = [
        _Span(max(span.start, start), min(span.end, end), span.kind)
        for span in sorted(spans, key=lambda span: span.start)
        if span.start < end and span.end > start
    ]
    entities = [MessageEntity(s.kind, units(plain[start : s.start]), units(plain[s.start : s.end])) for s in within]
    return Styled(plain[start:end], tuple(entities))
