"""Stretches of a text, and hiding them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

HIDDEN = "•••"


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of a text, end exclusive."""

    start: int
    end: int

    def touches(self, other: Span) -> bool:
        """Tell whether two stretches share a letter."""
        return self.start < other.end and other.start < self.end


def hide(text: str, spans: Iterable[Span]) -> str:
    """Return the text with every stretch as "•••"; stretches that touch become one."""
    pieces: list[str] = []
    position = 0
    for span in sorted(spans):
        if span.end <= position:
            continue
        if span.start >= position:
            pieces += [text[position : span.start], HIDDEN]
        position = span.end
    return "".join(pieces) + text[position:]
