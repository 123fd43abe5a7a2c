"""Choices among procedures: what tells them apart, and which one a reply means ("2", "cái thứ hai", "cái cuối")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.model import Act, Procedure
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
_FIRST_TIME = frozenset({Act.FIRST, Act.LICENSE})
_AGAIN_OR_CHANGE = frozenset(
    {Act.REISSUE, Act.REGISTER_AGAIN, Act.EXCHANGE, Act.CHANGE, Act.CORRECT, Act.RENEW, Act.EXTEND}
)
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
    """Return the attribute that settles most among the offers: foreign, act, level, who; None when none does.

    It must be what the lead sentence asks: acts are those of "lần đầu, làm lại hay thay đổi", and an answer to the
    level or to who applies leaves one.
    """
    if not _share_words(procedures):
        return None
    foreign = {procedure.facets.foreign is True for procedure in procedures}
    acts = {procedure.facets.act for procedure in procedures}
    settled = {
        "foreign": len(foreign),
        "act": len(acts) if acts <= _AGAIN_OR_CHANGE | _FIRST_TIME and acts & _FIRST_TIME else 1,
        "level": len(procedures) if _exclude_each_other([set(one.levels) for one in procedures]) else 1,
        "who": len(procedures) if _exclude_each_other([set(one.facets.who) for one in procedures]) else 1,
    }
    best = max(settled, key=lambda name: settled[name])
    return best if settled[best] > 1 else None


def _exclude_each_other(values: Sequence[set[object]]) -> bool:
    """Tell whether every value of one is of that one alone, and none is empty."""
    return all(values) and sum(map(len, values)) == len(set().union(*values))


def _share_words(procedures: Sequence[Procedure]) -> bool:
    """Tell whether the titles are about one thing (twins), rather than about different matters.

    Words of acts and papers in general ("cấp giấy phép") are no thing.
    """
    words = [set(folded_syllables(procedure.title)) for procedure in procedures]
    common = set.intersection(*words) if words else set()
    return len(common - LIGHT_SYLLABLES - GENERIC_SYLLABLES) >= 2
