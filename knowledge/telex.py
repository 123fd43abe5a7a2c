"""Undoes telex slips: "giaays tow" typed with the input method off is "giấy tờ"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_SHAPES = (("dd", "đ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"))
_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_TOKEN = re.compile(r"[a-z]+", re.IGNORECASE)
_VOWELS = "aăâeêioôơuưy"


def undo_telex(text: str, is_syllable: Callable[[str], bool]) -> str:
    """Return the text with telex slips written out; a token that is a syllable as it stands is left alone.

    is_syllable: tells whether a lower-case syllable, with marks, is known.

    >>> undo_telex("ddang ky ket hoon", {"đăng", "đang", "ky", "ket", "hôn"}.__contains__)
    'đang ky ket hôn'
    """

    def mend(found: re.Match[str]) -> str:
        token = found[0].lower()
        if is_syllable(token):
            return found[0]
        decoded = decode(token)
        return decoded if decoded != token and is_syllable(decoded) else found[0]

    return _TOKEN.sub(mend, text)


def decode(token: str) -> str:
    """Return what telex makes of a token's letters: "giaays" → "giấy"."""
    tone = _TONES.get(token[-1], "") if len(token) > 1 else ""
    body = token[:-1] if tone else token
    for letters, shaped in _SHAPES:
        body = body.replace(letters, shaped)
    if "uơ" in body:
        body = body.replace("uơ", "ươ")
    return _with_tone(body, tone) if tone else body


def _with_tone(body: str, tone: str) -> str:
    """Put a tone where Vietnamese spelling has it: on the shaped vowel, else on the one before the last."""
    start = 2 if body.startswith(("qu", "gi")) and len(body) > 2 and body[2] in _VOWELS else 0
    vowels = [place for place in range(start, len(body)) if body[place] in _VOWELS]
    if not vowels:
        return body
    shaped = [place for place in vowels if body[place] in "ăâêôơư"]
    closed = vowels[-1] < len(body) - 1
    place = shaped[-1] if shaped else vowels[-1] if closed or len(vowels) == 1 else vowels[-2]
    return unicodedata.normalize("NFC", body[: place + 1] + tone + body[place + 1 :])
