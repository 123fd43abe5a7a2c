"""What was typed made fit to be kept: one line, no control characters (PostgreSQL takes no NUL), not too long."""

from __future__ import annotations

from knowledge.vietnamese import nfc


def one_line(text: str, longest: int) -> str:
    """Return the text in one line of printable letters, at most so long.

    >>> one_line("  Cô\\x00 Lan \\n\\t Nguyễn ", 9)
    'Cô Lan Ng'
    """
    words = nfc(text[: 4 * longest]).split()
    return " ".join("".join(letter for letter in word if letter.isprintable()) for word in words)[:longest].strip()


def small_number(text: str) -> int | None:
    """Return a whole number as it stands in addresses, None for anything else or beyond what databases hold."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
