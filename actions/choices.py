"""Which of the offered choices a reply means: a number, "cái thứ hai", "cái đầu", "cái cuối"."""

from __future__ import annotations

import re

from knowledge.vietnamese import fold

_NUMBER_WORDS = {
    "mot": 1,
    "nhat": 1,
    "dau": 1,
    "dau tien": 1,
    "tren": 1,
    "tren cung": 1,
    "hai": 2,
    "nhi": 2,
    "ba": 3,
    "tu": 4,
    "bon": 4,
}
_ORDINAL = re.compile(
    r"\b(?:cai|so|muc|viec|thu tuc|y|phuong an|lua chon|dong|chon|lay)?\s*(?:thu|so)?\s*"
    r"(\d|dau tien|tren cung|dau|tren|mot|nhat|hai|nhi|ba|tu|bon|cuoi cung|cuoi|duoi cung|duoi)\b"
)


def chosen_number(text: str, offered: int) -> int | None:
    """Return the place (0-based) of the choice a short reply names, or None.

    >>> chosen_number("cái thứ hai ấy", 3), chosen_number("cái cuối", 3), chosen_number("khai sinh", 3)
    (1, 2, None)
    """
    folded = fold(text).strip()
    if offered == 0 or len(folded.split()) > 6:
        return None
    found = _ORDINAL.search(folded)
    if not found:
        return None
    word = found[1]
    if word.startswith(("cuoi", "duoi")):
        return offered - 1
    number = int(word) if word.isdigit() else _NUMBER_WORDS[word]
    return number - 1 if 1 <= number <= offered else None
