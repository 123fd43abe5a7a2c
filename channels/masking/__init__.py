"""Hides who somebody is (che dữ liệu cá nhân) before any text is kept: names, numbers, e-mail, house numbers.

    >>> hide_people("em tên Trần Thị Bưởi ở số nhà 12 đường Lê Lợi, muốn làm khai sinh")
    'em tên ••• ở số nhà ••• đường Lê Lợi, muốn làm khai sinh'

It runs after `channels.privacy.mask_numbers`, which needs some digits for identity checks. How well both do together:
`python -m channels.masking evaluate`.
"""

from __future__ import annotations

import unicodedata

from channels.masking.houses import house_spans
from channels.masking.names import name_spans
from channels.masking.numbers import code_spans, number_spans
from channels.masking.spans import hide


def hide_people(text: str) -> str:
    """Return the text as it may be kept; application codes stay, a conversation needs them."""
    text = unicodedata.normalize("NFC", text)
    return hide(text, [*number_spans(text), *name_spans(text), *house_spans(text)])


def hide_for_statistics(text: str) -> str:
    """Return the text as statistics may keep it: application codes are hidden too."""
    text = hide_people(text)
    return hide(text, code_spans(text))
