"""Vietnamese text in its comparable forms: composed, folded, split into syllables.

Pure Python 3.10: both processes import it, so a question and a passage are always compared in the same form.
"""

from __future__ import annotations

import re
import unicodedata

_SYLLABLE = re.compile(r"[^\W_]+")
_TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), None)
#: Open syllables in oa, oe, uy whose tone stands on the second vowel (the "new" placement: hoà, thuý).
_NEW_PLACEMENT = re.compile(
    rf"(?<![qQ])([oO])([aAeE])([{_TONE_MARKS}])(?![\w\u0300-\u036f])"
    rf"|(?<![qQ])([uU])([yY])([{_TONE_MARKS}])(?![\w\u0300-\u036f])"
)


def nfc(text: str) -> str:
    """Return the text composed (NFC), without invisible characters, with one kind of dash and of space.

    >>> nfc("giấy") == "giấy"
    True
    """
    return unicodedata.normalize("NFC", text.translate(_DASHES | _INVISIBLE)).replace("\u00a0", " ")


def fold(text: str) -> str:
    """Return the text in lower case with all diacritics stripped and đ as d; punctuation stays.

    >>> fold("Đăng ký Khai sinh?")
    'dang ky khai sinh?'
    """
    decomposed = unicodedata.normalize("NFD", nfc(text).lower().replace("đ", "d"))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def syllables(text: str) -> list[str]:
    """Return the lower-case runs of letters and digits, in order, diacritics kept.

    >>> syllables("Khai sinh, lần 2!")
    ['khai', 'sinh', 'lần', '2']
    """
    return _SYLLABLE.findall(nfc(text).lower())


def folded_syllables(text: str) -> list[str]:
    """Return the folded syllables: what the keyword channel counts.

    >>> folded_syllables("Sổ đỏ")
    ['so', 'do']
    """
    return _SYLLABLE.findall(fold(text))


def has_diacritics(text: str) -> bool:
    """Tell whether any letter carries a Vietnamese mark (or is đ)."""
    composed = nfc(text).lower()
    return fold(composed) != composed


def classic_tones(text: str) -> str:
    """Return the text with tones in the classic place (hòa, thúy), as official titles have them.

    >>> classic_tones("Hoà, thuý, quý, hoặc")
    'Hòa, thúy, quý, hoặc'
    """
    decomposed = unicodedata.normalize("NFD", nfc(text))
    # A vowel with a shape mark (ă, ê) is no open oa/oe/uy: NFD puts the dot below before the breve, hence the guard.
    moved = _NEW_PLACEMENT.sub(
        lambda m: f"{m[1]}{m[3]}{m[2]}" if m[1] else f"{m[4]}{m[6]}{m[5]}",
        decomposed,
    )
    return unicodedata.normalize("NFC", moved)


def tone_of(syllable: str) -> str:
    """Return the tone mark of a syllable as a combining character, or an empty string."""
    return next((c for c in unicodedata.normalize("NFD", syllable) if c in _TONE_MARKS), "")
