"""Cuts off a courtesy before another question: of "cảm ơn, thế còn giấy bán lẻ xăng dầu" the second half asks."""

from __future__ import annotations

import re

_YES = r"(?:dạ|da|vâng|vang|ok|oke|okie|ừ|u|à)"
_THANKS = r"(?:cảm ơn|cám ơn|cam on|camon|cảm on|thanks?|tks|thank you)"
_TO = r"(?:ạ|a|ad|anh|bạn|ban|chị|chi|em|lắm|lam|nha|nhe|nhé|nhiều|nhieu|shop|cô|chú)"
#: How another question begins.
_GOES_ON = r"(?:à|cho (?:em|tôi|tui|mình|hỏi)|còn|con|giờ|gio|chừ|hỏi|hoi|rứa|rua|thế|the|vậy|vay|với lại|nhưng)"
_FIRST = re.compile(rf"^(?:{_YES}[\s,]+)*{_THANKS}(?:\s+{_TO})*(?:\s*[,.!;]+\s*|\s+)(?={_GOES_ON}\b)", re.IGNORECASE)
#: Fewer syllables than this are part of the courtesy ("cảm ơn, thế nhé").
_LEAST = 4


def without_courtesy(text: str) -> str:
    """Return what is asked behind the thanks, or the text as it is.

    >>> without_courtesy("cảm ơn em, thế còn giấy khai tử"), without_courtesy("cảm ơn nhé"), without_courtesy("lệ phí")
    ('thế còn giấy khai tử', 'cảm ơn nhé', 'lệ phí')
    """
    found = _FIRST.match(text)
    rest = text[found.end() :] if found else ""
    return rest if len(rest.split()) >= _LEAST else text
