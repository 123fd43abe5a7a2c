"""Choices among procedures: what tells them apart, and which one a reply means ("2", "cái thứ hai", "cái cuối")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.model import Procedure
from knowledge.question import GENERIC_SYLLABLES, LIGHT_SYLLABLES
from knowledge.vietnamese import fold, folded_syllables, nfc

_NUMBER_WORDS = {"mot": 1, "nhat": 1, "hai": 2, "nhi": 2, "ba": 3, "tu": 4, "bon": 4}
_THING = r"(?:cai|so|muc|viec|thu tuc|phuong an|lua chon|dong|y)"
#: Behind a number that chooses stands nothing else: "3 sao" is a hotel, "6 phòng hát" a karaoke bar.
_NO_MORE = r"[\s.,!]*(?:(?:a|ay|anh|ban|chi|cho|di|do|em|ha|hi|nghe|nha|nhe|nhi|toi|tui|minh|giup|do)\b[\s.,!]*)*$"
#: "2", "số 2", "chọn 2"; a word for a number only behind "cái", "số", "thứ": "ba" alone is a father.
_ORDINAL = re.compile(
    rf"^(?:da |u |chon |lay |em |toi |minh |cho )*(?:{_THING}\s*){{0,2}}(?:thu\s*)?(\d){_NO_MORE}"
    rf"|\b(?:{_THING}\s*(?:thu\s*)?|thu\s*)(mot|nhat|hai|nhi|ba|tu|bon)\b"
)
_FIRST = re.compile(rf"\b(?:{_THING} (?:o )?(?:dau|tren)|dau tien|tren cung)\b")
_LAST = re.compile(rf"\b(?:{_THING} (?:o )?(?:cuoi|duoi|sau cung)|cuoi cung|duoi cung)\b")
_WHERE = re.compile(r"\bđâu\b|\bo dau\b|\bcho nao\b")


def chosen_number(text: str, offered: int) -> int | None:
    """Return the place (0-based) of the choice a short reply names, or None.

    >>> chosen_number("cái thứ hai ấy", 3), chosen_number("cái cuối", 3), chosen_number("khai sinh", 3)
    (1, 2, None)
    """
    folded = fold(text).strip()
    if offered == 0 or len(folded.split()) > 6:
        return None
    if names_first(text):
        return 0
    if _LAST.search(folded):
        return offered - 1
    found = _ORDINAL.search(folded)
    if not found:
        return None
    word = found[1] or found[2]
    number = int(word) if word.isdigit() else _NUMBER_WORDS[word]
    return number - 1 if 1 <= number <= offered else None


def names_first(text: str) -> bool:
    """Tell whether words mean the first of several ("cái đầu"); "ở đâu" asks where."""
    return _FIRST.search(fold(text)) is not None and _WHERE.search(nfc(text).lower()) is None


def differing_attribute(procedures: Sequence[Procedure]) -> str | None:
    """Return the attribute that settles most among the offers: act, foreign, level, who; None when none does."""
    options: dict[str, set[object]] = {
        "foreign": {procedure.facets.foreign is True for procedure in procedures},
        "act": {procedure.facets.act for procedure in procedures},
        "level": {procedure.levels for procedure in procedures},
        "who": {procedure.facets.who for procedure in procedures},
    }
    same_matter = _share_words(procedures)
    best = max(options, key=lambda name: len(options[name]))
    return best if same_matter and len(options[best]) > 1 else None


def _share_words(procedures: Sequence[Procedure]) -> bool:
    """Tell whether the titles are about one thing (twins), rather than about different matters.

    Words of acts and papers in general ("cấp giấy phép") are no thing.
    """
    words = [set(folded_syllables(procedure.title)) for procedure in procedures]
    common = set.intersection(*words) if words else set()
    return len(common - LIGHT_SYLLABLES - GENERIC_SYLLABLES) >= 2
