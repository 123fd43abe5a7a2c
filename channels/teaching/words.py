"""Looks over the words that somebody wants to teach: what must not stay in them, and what may be a slip."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from channels.masking import hide_for_statistics

MOST_LETTERS = 120
_LONG = 16
_HIDDEN = "•••"
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True)
class Looked:
    """The words as they would be kept. faults: must be mended.  warnings: to be looked at once more."""

    words: str
    faults: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def look_over(written: str) -> Looked:
    """Return the words with blanks put right and what is to be said about them."""
    words = " ".join(unicodedata.normalize("NFC", written).split()).strip(" -–.,;:!?\"'“”")
    faults, warnings = [], []
    if len(words) < 2 or not any(letter.isalpha() for letter in words):
        faults.append("Viết vài chữ mà người dân hay nói.")
    if len(words) > MOST_LETTERS:
        faults.append(f"Dài {len(words)} ký tự, nhiều nhất {MOST_LETTERS}: chỉ giữ việc cần làm, bỏ chuyện riêng.")
    if _HIDDEN in words:
        faults.append("Còn chỗ bị che (•••): bỏ cả chỗ ấy đi, câu dạy máy là của chung.")
    elif hide_for_statistics(words) != words:
        warnings.append("Có thể còn tên người, số nhà hoặc số giấy tờ: bỏ đi nếu đúng vậy.")
    if _DIGITS.search(words):
        warnings.append("Còn chữ số: chỉ giữ khi là tên giấy tờ hay mẫu (ví dụ “mẫu 07”).")
    if len(words.split()) > _LONG and len(words) <= MOST_LETTERS:
        warnings.append("Câu dài: chuyện riêng của một người thì rút lại còn việc cần làm.")
    return Looked(words, tuple(faults), tuple(warnings))
