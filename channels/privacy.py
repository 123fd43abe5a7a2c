"""Keeps identities and secrets out of everything behind the channel: keyed hashes, masked numbers."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

from actions.digits import DigitVault
from channels.masking.numbers import KEPT
from knowledge.codes import find_application_codes
from knowledge.vietnamese import fold

_DIGIT = re.compile(r"\d")
_LONG_NUMBER = re.compile(r"(?<![\w.])(?:\+?84|0)?\d(?:[ .-]?\d){7,18}(?![\w])")
_FOUR_DIGITS = re.compile(r"(?<![\w./-])(\d)[ .]?(\d)[ .]?(\d)[ .]?(\d)(?![\w./-])")
_PROCEDURE_CODE = re.compile(r"\b\d\.\d{6}(?:\.[A-Z]?\d{2,3})*\b", re.IGNORECASE)
#: Amounts, dates, service numbers are no secrets; while digits are asked for, nobody means them.
_NO_SECRET = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in KEPT), re.IGNORECASE)
_LOOKS_LIKE_A_CODE = re.compile(r"[A-Za-z]|-")
# Words, folded, right before four digits which say that these belong to somebody's number.
_SOMEBODYS = re.compile(
    r"\b(?:so cuoi|cuoi|duoi|can cuoc|cccd|cmnd|cmt|chung minh|dinh danh|dien thoai|sdt|so dt|sim)\b[^0-9\n;?!]{0,20}$"
)
_SURELY_SOMEBODYS = re.compile(r"\b(?:so cuoi|cuoi|duoi|dinh danh|dien thoai|sdt|so dt)\b[^0-9\n;?!]{0,20}$")
# What such words may also stand before: "luật căn cước 2023", "điện thoại giá 2500".
_NOBODYS_BEFORE = re.compile(
    r"\b(?:nam|ngay|thang|luat|nghi dinh|thong tu|quyet dinh|phi|gia|tien|lo|thua|to ban do)\b"
)
_NOBODYS_AFTER = re.compile(r"\s{0,2}(?:dong|vnd|nghin|ngan|trieu|k|m2|met|nam|ngay)\b|\s{0,2}%")
_SECRET = re.compile(r"\b(?:otp|mat khau|password|ma xac (?:nhan|thuc)|ma pin)\b[^0-9\n;?!]{0,20}$")
_SECRET_NUMBER = re.compile(r"(?<![\w./-])\d(?:[ .]?\d){3,6}(?![\w./-])")
_BARE = re.compile(r"\W*(?:(?:da|so|la|day)\b\W*)*\d[ .]?\d[ .]?\d[ .]?\d\W*(?:(?:a|nhe|day|nha)\b\W*)*")
_YEARS = range(1900, 2101)
HIDDEN = "•••"


def hashed_id(key: bytes, channel: str, person: str) -> str:
    """Return the keyed hash under which a person of a channel is known behind it; 32 hex letters."""
    return hmac.new(key, f"{channel}:{person}".encode(), hashlib.sha256).hexdigest()[:32]


def mask_numbers(text: str, vault: DigitVault | None, expects_digits: bool, *, codes_ask: bool = True) -> str:
    """Return the text without ID, phone and card numbers, and without the four digits of an identity check.

    expects_digits: the last turn asked for them; a message that also holds an application code is taken the same
    way. Then the digits (or the last four of a longer number) go into the vault and their token takes their place;
    elsewhere long numbers become "•••". Four digits that nobody asked for go into the vault when they are the whole
    message or when the words before call them somebody's ("số cuối", "cccd"); years and amounts stay. One-time
    passwords become "•••". Codes of applications (also mistyped ones) and procedures stay.

    vault: None where no check can follow; then all of it becomes "•••".
    codes_ask: whether a code makes the digits beside it those of a check; in a line that is told they may be a year.
    """
    if not _DIGIT.search(text):
        return text  # most of what is said
    codes = [match for match in find_application_codes(text) if match.code or _LOOKS_LIKE_A_CODE.search(match.raw)]
    checking = expects_digits or (codes_ask and bool(codes))
    pieces: list[str] = []
    position = 0
    for start, end in [*((match.start, match.end) for match in codes), (len(text), len(text))]:
        piece = text[position:start]
        pieces += [_mask_piece(piece, vault, checking or bool(_BARE.fullmatch(fold(piece)))), text[start:end]]
        position = end
    return "".join(pieces)


def _mask_piece(piece: str, vault: DigitVault | None, checking: bool) -> str:
    def token(digits: str) -> str:
        return vault.put(digits[-4:]) if vault else HIDDEN

    def hide(found: re.Match[str]) -> str:
        return token(_plain_digits(found[0])) if checking else HIDDEN

    def hide_secret(found: re.Match[str]) -> str:
        return HIDDEN if _SECRET.search(fold(found.string[: found.start()])) else found[0]

    def hide_four(found: re.Match[str]) -> str:
        digits = _plain_digits(found[0])
        before, after = fold(found.string[: found.start()])[-40:], fold(found.string[found.end() :])[:10]
        return token(digits) if checking or _are_somebodys(digits, before, after) else found[0]

    pieces: list[str] = []
    position = 0
    kept = _PROCEDURE_CODE if checking else _NO_SECRET
    for start, end in [*(match.span() for match in kept.finditer(piece)), (len(piece), len(piece))]:
        masked = _SECRET_NUMBER.sub(hide_secret, _LONG_NUMBER.sub(hide, piece[position:start]))
        pieces += [_FOUR_DIGITS.sub(hide_four, masked), piece[start:end]]
        position = end
    return "".join(pieces)


def _are_somebodys(digits: str, before: str, after: str) -> bool:
    """Tell whether the words around four digits make them the end of somebody's ID or phone number."""
    known = _SURELY_SOMEBODYS if int(digits) in _YEARS else _SOMEBODYS
    return bool(known.search(before)) and not _NOBODYS_BEFORE.search(before) and not _NOBODYS_AFTER.match(after)


def _plain_digits(text: str) -> str:
    """Return the digits as 0-9, also those of other scripts."""
    return "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdigit())
