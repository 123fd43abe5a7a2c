"""Finds numbers of people that the gateway's digit rules leave: odd separators, letters, e-mail, accounts.

Amounts, dates, procedure codes and service numbers (1900 …) are no secrets and stay.
"""

from __future__ import annotations

import re

from channels.masking.spans import Span
from knowledge.codes import find_application_codes
from knowledge.vietnamese import fold

_D = r"[0-9oOlI]"
#: Ten digits and more, or nine: whatever stands between them.
_LONG = re.compile(
    rf"(?<![0-9])(?:\(?\+?84\)?|\(0\d{{2,3}}\))?[ .,/-]{{0,3}}{_D}(?:[ .,/()-]{{0,3}}{_D}){{7,18}}(?![0-9])"
)
_MAIL = re.compile(
    r"[\w.+-]{2,64}[ ]?(?:@|\(a\)|\[at\]|\(at\))[ ]?[\w-]+(?:[ ]?\.[ ]?[\w-]+){0,3}[ ]?\.[ ]?(?:[a-z]{2,10})\b",
    re.IGNORECASE,
)
_LETTERS_FIRST = re.compile(
    r"\b(?:[A-Z]{2}[ ]?[1-5][ ]?\d{2}[ ]?(?:\d[ ]?){10}"  # health insurance
    r"|[BCNPKE][ ]?\d{7,8}"  # passport
    r"|\d{2}[A-Z]{1,2}\d?[ -]?\d{3}\.?\d{2}|\d{2}[A-Z]\d[ -]?\d{4})\b",  # number plate
    re.IGNORECASE,
)
#: Short numbers that are secrets only after such a word; in a folded text.
_AFTER_WORD = re.compile(
    r"\b(?:(?:so )?(?:stk|tai khoan|tk|account)(?: (?:ngan hang|atm|nhan|momo|so|cua toi|[a-z]{2,12}bank|mb|acb)){0,3}"
    r"(?P<account>[ :.]{0,3}(?:\d{2,4}[a-z]{1,2}\d{5,10}|\d(?:[ .-]?\d){5,17}))"
    r"|(?:otp|ma xac (?:thuc|nhan)|mat khau|ma pin)(?: la)?(?P<otp>[ :]{1,3}\d{4,8})"
    r"|(?:dien thoai(?: ban| nha| co dinh)?|may ban|sdt|dt|goi|alo|lien he)(?: so| cua toi)?"
    r"(?P<phone>[ :.]{1,3}\d{3}[ .]?\d{4})"
    r"|\(0\d{2,3}\)(?P<landline>[ ]?\d{3}[ .]?\d{4})"
    r"|thua(?: dat)?(?: so)?(?P<parcel>[ ]\d{1,5})(?=[ ,]{1,2}to)"
    r"|(?<=\d)[ ,]{1,2}to(?: ban do)?(?: so)?(?P<sheet>[ ]\d{1,4}))\b"
)
_SPOKEN = re.compile(
    r"\b(?:(?:khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|bẩy|tam|chin|linh)[ ,.-]{1,2}){6,19}"
    r"(?:khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin)\b"
)
#: What the digit rules left of a number with letters in it.
_MIXED = r"(?=[0-9]*[oOlI])(?=[oOlI]*\d)[0-9oOlI]{2,4}"
_REMNANT = re.compile(rf"\b{_MIXED}[ .-]?(?=•••)|(?<=•••)[ .-]?{_MIXED}\b")
_AMOUNT = re.compile(
    r"(?<![\w.])\d{1,3}(?:[., ]\d{3})+(?=[ ]?(?:đồng|dong|[đd]\b|vnđ|vnd|m2|m²|k\b|usd|lượt|người))"
    r"|(?<![\w.])\d{4,13}(?=[ ]?(?:đồng|dong|[đd]\b|vnđ|vnd|m2|m²|usd))",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?<![\d/.-])(?:[0-3]?\d)[ ]?[/.-][ ]?(?:[01]?\d)[ ]?[/.-][ ]?(?:19|20)\d{2}(?![\d/-])"
    r"|(?<![\d/.-])(?:19|20)\d{2}[ ]?[-–][ ]?(?:19|20)\d{2}(?!\d)"
)
_FREE_NUMBER = re.compile(r"\b1[89]00[ .]?\d{2}[ .]?\d{2}\b|\b1[89]00[ .]?\d{4}\b")
_PROCEDURE = re.compile(r"\b\d\.\d{6}(?:\.[A-Z]?\d{2,3})*\b", re.IGNORECASE)
_TOKEN = re.compile(r"\bpin_[0-9a-f]{12}\b")
#: What is no secret though it is long; the gateway's digit rules leave it too.
KEPT = (_AMOUNT, _DATE, _FREE_NUMBER, _PROCEDURE)
_TIME_OR_LAW = re.compile(r"\d{1,3}/\d{4}/|\d{1,2}:\d{2}")


def number_spans(text: str) -> list[Span]:
    """Return the stretches of a text (NFC) that are someone's numbers or e-mail."""
    kept = _kept(text)
    found = [_trimmed(text, match) for match in _LONG.finditer(text) if _has_digits(match[0])]
    found += [
        Span(match.start(), match.end()) for pattern in (_MAIL, _LETTERS_FIRST) for match in pattern.finditer(text)
    ]
    folded = "".join(fold(letter)[:1] or letter for letter in text)
    for match in _AFTER_WORD.finditer(folded):
        kind = match.lastgroup or ""
        found.append(Span(match.start(kind) + len(match[kind]) - len(match[kind].lstrip(" :.")), match.end(kind)))
    for pattern, where in ((_SPOKEN, folded), (_REMNANT, text)):
        found += [Span(match.start(), match.end()) for match in pattern.finditer(where)]
    return [span for span in found if not any(span.touches(other) for other in kept)]


def code_spans(text: str) -> list[Span]:
    """Return the stretches that are application codes, also mistyped ones with letters or dashes."""
    codes = find_application_codes(text)
    return [Span(match.start, match.end) for match in codes if match.code or re.search(r"[A-Za-z-]", match.raw)]


def _kept(text: str) -> list[Span]:
    kept = [Span(match.start(), match.end()) for pattern in (*KEPT, _TOKEN) for match in pattern.finditer(text)]
    return kept + code_spans(text) + [Span(match.start(), match.end()) for match in _TIME_OR_LAW.finditer(text)]


def _has_digits(text: str) -> bool:
    """Tell whether it is one number: letters that look like digits are few, and it is no list (1, 2, 4, 10)."""
    is_list = re.fullmatch(r"\d{1,2}(?:, ?\d{1,2})+", text.strip()) is not None
    return sum(letter.isdigit() for letter in text) >= 7 and not is_list


def _trimmed(text: str, match: re.Match[str]) -> Span:
    """Return the stretch without signs around it."""
    left = len(match[0]) - len(match[0].lstrip(" .,/-"))
    return Span(match.start() + left, match.end())
