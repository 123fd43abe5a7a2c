"""Finds application codes (mã hồ sơ) and procedure codes (mã thủ tục) in what a citizen typed.

Only the form of a code is judged here, never whether it exists: that must not be told to a stranger.

    >>> [m.code for m in find_application_codes("hồ sơ h50.05 – 26112O – 0975 tới đâu rồi")]
    ['H50.05-261120-0975']
    >>> find_procedure_codes("thủ tục 1.001193.000.00.00.H56")
    ['1.001193']
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from functools import lru_cache


class CodeProblem(Enum):
    """What is wrong with the form of an application code."""

    BAD_DATE = "bad_date"  # the middle part is no day of the calendar (yymmdd)
    FUTURE_DATE = "future_date"  # the middle part is a day that has not come yet
    TOO_SHORT = "too_short"  # the day or the running number is missing or cut off
    TOO_LONG = "too_long"  # the running number has more than eight digits
    MISSING_AGENCY = "missing_agency"  # the first part (H50.05) is missing or has no letter
    UNKNOWN_LAYOUT = "unknown_layout"  # looks like a code, but in no layout that receipts carry


@dataclass(frozen=True)
class CodeMatch:
    """A stretch of text meant as an application code (mã hồ sơ).

    start, end: the stretch in the text as given, so that `text[start:end] == raw`.
    code: the canonical code when its form is right, else None and `problem` says why.
    """

    start: int
    end: int
    raw: str
    code: str | None
    problem: CodeProblem | None


_VIETNAM = timezone(timedelta(hours=7))
# People type the letter O for nought, l or I for one; not when a word such as "Lệ phí" begins there.
_DIGIT = r"(?:[0-9]|[OIL](?![OIL]{0,8}[^\W\dOIL_]))"
_AGENCY_END = rf"(?:[A-Z]|(?<![^\W_])[A-Z] )(?:[0-9]{_DIGIT}|{_DIGIT}[0-9])"
_DOT = "(?: ?[.,] ?| )"
_DASH = "(?: ?[-_/.] ?| {1,3})"

# Old layout 000.00.16.H46, new layout H46.16; a blank stands for a dot in the old one only after 000.
_OLD_AGENCY = rf"(?:(?:{_DIGIT}{{2,3}} ?[.,] ?){{1,3}}|[0O]{{3}}{_DOT}(?:{_DIGIT}{{2,3}}{_DOT}){{0,2}}){_AGENCY_END}"
_NEW_AGENCY = rf"{_AGENCY_END}(?:{_DOT}{_DIGIT}{{2,3}}(?!{_DIGIT})){{0,4}}"
_DAY = rf"{_DIGIT}{{6}}|{_DIGIT}{{2}} {_DIGIT}{{2}} {_DIGIT}{{2}}"
_SEQUENCE = rf"{_DIGIT}{{3,8}}|{_DIGIT}{{2}} {_DIGIT}{{2}}|{_DIGIT}(?: {_DIGIT}){{2,7}}"

_WHOLE = re.compile(
    rf"(?<![0-9.])(?P<agency>{_OLD_AGENCY}|{_NEW_AGENCY}){_DASH}(?P<day>{_DAY})(?:{_DASH})?"
    rf"(?P<sequence>{_SEQUENCE})(?![0-9]|[-_/.][0-9])"
)
_HALF = re.compile(
    rf"(?<![^\W_])(?<![._/-])(?:{_DIGIT}{{1,4}} ?[.,] ?){{0,4}}(?:{_DIGIT}{{2,9}})?{_AGENCY_END}"
    rf"(?:{_DIGIT}{{0,12}}|(?: ?[.,] ?{_DIGIT}{{1,4}}(?!{_DIGIT})){{0,5}})"
    rf"(?P<tail>(?: ?[-_/.] ?{_DIGIT}{{1,20}}| {_DIGIT}{{6}}(?!{_DIGIT})){{0,4}})(?![0-9A-Z])"
)
_NO_AGENCY = re.compile(
    rf"(?<![^\W_])(?<![._/-])(?:[0-9][0-9.]{{1,20}}-)?(?P<day>{_DIGIT}{{6}}) ?- ?{_DIGIT}{{3,8}}(?![0-9A-Z-])"
)
_ANY_DIGIT = re.compile(r"\d")
_PROCEDURE = re.compile(
    rf"(?<![0-9A-Z.,-])(?P<code>[0-9] ?\. ?(?=[OIL]*[0-9]){_DIGIT}{{6}})"
    r"(?:(?:\.[0-9]{2,3}){0,4}\.[A-Z][0-9]{2})?(?![0-9A-Z]|-[0-9])"
)

_CANONICAL_AGENCY = re.compile(r"(?:\d{2,3}\.){1,3}[A-Z]\d{2}|[A-Z]\d{2}(?:\.\d{2,3}){0,4}")
_AS_DIGITS = str.maketrans("OIL", "011")
_ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
_SAME_AS = {"−": "-", "ー": "-", "·": ".", "•": ".", "。": ".", "\t": " "}
_PERCENT = {"%2D": "-", "%2E": ".", "%20": " ", "%2F": "/", "%7C": "|"}


def find_application_codes(text: str, *, today: date | None = None) -> list[CodeMatch]:
    """Return every stretch meant as an application code (mã hồ sơ), in order, right or wrong in form.

    today: the day that no code may lie beyond; by default the day in Vietnam.
    """
    if not _ANY_DIGIT.search(text):
        return []  # most of what people write
    typed = _Typed(text)
    last_day = today or datetime.now(_VIETNAM).date()
    searched = _blank_out(typed.text, [match.span() for match in _PROCEDURE.finditer(typed.text)])
    found: list[CodeMatch] = []
    for match in _WHOLE.finditer(searched):
        code, problem = _judge(match, last_day)
        found.append(typed.match(match.start(), match.end(), code, problem))
        searched = _blank_out(searched, [match.span()])
    for match in _HALF.finditer(searched):
        half_problem = _problem_of_half(match)
        if half_problem is not None:
            found.append(typed.match(match.start(), match.end(), None, half_problem))
            searched = _blank_out(searched, [match.span()])
    for match in _NO_AGENCY.finditer(searched):
        if _problem_of_day(match["day"].translate(_AS_DIGITS), last_day) is None:
            found.append(typed.match(match.start(), match.end(), None, CodeProblem.MISSING_AGENCY))
    return sorted(found, key=lambda one: one.start)


def find_procedure_codes(text: str) -> list[str]:
    """Return the procedure codes (mã thủ tục) in a text, in order, once each, without local suffixes."""
    matches = _PROCEDURE.finditer(_Typed(text).text)
    codes = (match["code"].replace(" ", "").translate(_AS_DIGITS) for match in matches)
    return list(dict.fromkeys(codes))


class _Typed:
    """A text upper-cased, with plain dashes, dots and digits, that remembers where each letter came from."""

    def __init__(self, text: str) -> None:
        self._original = text
        letters: list[str] = []
        self._places: list[tuple[int, int]] = []
        position = 0
        while position < len(text):
            decoded = _PERCENT.get(text[position : position + 3].upper())
            width = 3 if decoded else 1
            letter = decoded or _plain(text[position])
            if letter and not (letter == " " and letters and letters[-1] == " "):
                letters.append(letter)
                self._places.append((position, position + width))
            position += width
        self.text = "".join(letters)

    def match(self, start: int, end: int, code: str | None, problem: CodeProblem | None) -> CodeMatch:
        first, last = self._places[start][0], self._places[end - 1][1]
        return CodeMatch(first, last, self._original[first:last], code, problem)


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    if letter in _ZERO_WIDTH:
        return ""
    if letter in _SAME_AS:
        return _SAME_AS[letter]
    if unicodedata.category(letter) == "Pd":
        return "-"
    if unicodedata.category(letter) == "Zs":
        return " "
    folded = unicodedata.normalize("NFKC", letter).upper()
    return _SAME_AS.get(folded, folded) if len(folded) == 1 else letter


def _blank_out(text: str, spans: list[tuple[int, int]]) -> str:
    """Return the text with the spans made unmatchable, every other letter in its place."""
    for start, end in spans:
        text = text[:start] + "\n" * (end - start) + text[end:]
    return text


def _judge(match: re.Match[str], last_day: date) -> tuple[str | None, CodeProblem | None]:
    agency = _canonical_agency(match["agency"])
    day = match["day"].replace(" ", "").translate(_AS_DIGITS)
    sequence = match["sequence"].replace(" ", "").translate(_AS_DIGITS)
    if not _CANONICAL_AGENCY.fullmatch(agency):
        return None, CodeProblem.UNKNOWN_LAYOUT
    problem = _problem_of_day(day, last_day)
    return (None, problem) if problem else (f"{agency}-{day}-{sequence}", None)


def _canonical_agency(typed: str) -> str:
    groups = re.sub(r"([A-Z]) (?=[0-9])", r"\1", typed)
    parts = [part for part in re.split(r"[ .,]+", groups) if part]
    lettered = [part[0] + part[1:].translate(_AS_DIGITS) if _has_letter(part) else part for part in parts]
    return ".".join(part if _has_letter(part) else part.translate(_AS_DIGITS) for part in lettered)


def _has_letter(part: str) -> bool:
    return len(part) == 3 and part[0] not in "0123456789OIL"


def _problem_of_day(day: str, last_day: date) -> CodeProblem | None:
    try:
        meant = date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        return CodeProblem.BAD_DATE
    return CodeProblem.FUTURE_DATE if meant > last_day else None


def _problem_of_half(match: re.Match[str]) -> CodeProblem | None:
    """Return what is wrong with a code that fits no layout, or None when it was hardly meant as a code."""
    compact = re.sub(r" ?[-_/] ?| (?=[0-9OIL]{6})", "-", match.group()).replace(" ", "").replace(",", ".")
    agency, *rest = compact.split("-")
    tail_digits = sum(len(part) for part in rest)
    if not rest and not re.search(r"[HG]\d{2}(\.\d{2,3})+$|\d{2,3}\.[HG]\d{2}$", agency):
        return None
    if rest and tail_digits < 5:
        return None
    if len(rest) < 2:
        return CodeProblem.TOO_SHORT if tail_digits <= 6 else CodeProblem.UNKNOWN_LAYOUT
    if len(rest) > 2 or not _CANONICAL_AGENCY.fullmatch(_canonical_agency(agency)):
        return CodeProblem.UNKNOWN_LAYOUT
    if len(rest[0]) != 6:
        return CodeProblem.BAD_DATE
    return CodeProblem.TOO_SHORT if len(rest[1]) < 3 else CodeProblem.TOO_LONG
