"""Keeps identities and secrets out of everything behind the channel: keyed hashes, masked numbers."""

from __future__ import annotations

import hashlib
import hmac
import re

from actions.digits import DigitVault
from knowledge.codes import find_application_codes

_LONG_NUMBER = re.compile(r"(?<![\w.])(?:\+?84|0)?\d(?:[ .-]?\d){7,18}(?![\w])")
_FOUR_DIGITS = re.compile(r"(?<![\w./-])(\d)[ .]?(\d)[ .]?(\d)[ .]?(\d)(?![\w./-])")
_PROCEDURE_CODE = re.compile(r"\b\d\.\d{6}(?:\.[A-Z]?\d{2,3})*\b", re.IGNORECASE)
_LOOKS_LIKE_A_CODE = re.compile(r"[A-Za-z]|-")
HIDDEN = "•••"


def hashed_id(key: bytes, channel: str, person: str) -> str:
    """Return the keyed hash under which a person of a channel is known behind it; 32 hex letters."""
    return hmac.new(key, f"{channel}:{person}".encode(), hashlib.sha256).hexdigest()[:32]


def mask_numbers(text: str, vault: DigitVault, expects_digits: bool) -> str:
    """Return the text without ID, phone and card numbers, and without the four digits of an identity check.

    expects_digits: the last turn asked for them; a message that also holds an application code is taken the same
    way. Then the digits (or the last four of a longer number) go into the vault and their token takes their place;
    elsewhere long numbers become "•••". Codes of applications (also mistyped ones) and procedures stay.
    """
    codes = [match for match in find_application_codes(text) if match.code or _LOOKS_LIKE_A_CODE.search(match.raw)]
    checking = expects_digits or bool(codes)
    pieces: list[str] = []
    position = 0
    for start, end in [*((match.start, match.end) for match in codes), (len(text), len(text))]:
        pieces += [_mask_piece(text[position:start], vault, checking), text[start:end]]
        position = end
    return "".join(pieces)


def _mask_piece(piece: str, vault: DigitVault, checking: bool) -> str:
    def hide(found: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", found[0])
        return vault.put(digits[-4:]) if checking else HIDDEN

    pieces: list[str] = []
    position = 0
    for start, end in [*(match.span() for match in _PROCEDURE_CODE.finditer(piece)), (len(piece), len(piece))]:
        masked = _LONG_NUMBER.sub(hide, piece[position:start])
        pieces += [_FOUR_DIGITS.sub(hide, masked) if checking else masked, piece[start:end]]
        position = end
    return "".join(pieces)
