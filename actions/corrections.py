"""Reads a correction: of "không phải cổ phần, ý tôi là TNHH" the second half is what is meant."""

from __future__ import annotations

import re

_I = r"(?:tôi|tui|tớ|em|mình|chị|anh|cháu|con|bác|cô|chú|toi|minh|chau|bac)"
_NOT = r"(?:không|khong|ko|hông|hong|hổng|nỏ|chẳng|k)"
#: Behind one of these stands what is meant; "mà là" only behind a no.
_MEANT = re.compile(
    rf"\b(?:ý|y) (?:của |cua )?{_I}(?: muốn| muon)?(?: nói| noi| hỏi| hoi)?(?: là| la)\b[\s,:]*"
    rf"|\b{_NOT} (?:phải|phai)\b.*?\b(?:mà|ma) (?:là|la)\b[\s,:]*",
    re.IGNORECASE,
)


def what_is_meant(text: str) -> str:
    """Return what a correction puts in the place of the rest, or the text as it is.

    >>> what_is_meant("không phải cổ phần, ý tôi là TNHH"), what_is_meant("ý tôi là"), what_is_meant("lệ phí")
    ('TNHH', 'ý tôi là', 'lệ phí')
    """
    said, *corrected = _MEANT.split(text)
    return corrected[-1].strip(" .,!?") or text if corrected else said
