"""Legal texts: from the many ways an export cites them to one number, title and date each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from knowledge.model import LegalText
from knowledge.vietnamese import nfc

_NUMBER = re.compile(r"\d{1,4}[a-z]?(?:\.\d{1,3})?/\d{4}/[A-ZĐ][A-ZĐ0-9-]+|\d{1,4}[a-z]?/(?:\d{4}/)?[A-ZĐ]{2,}[A-ZĐ0-9-]*")
_SHORT_DATE = re.compile(r"^[\s,(]*ngày\s*(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_LONG_DATE = re.compile(r"^[\s,(]*ngày\s*(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})")
_KINDS = (
    ("TTLT", "Thông tư liên tịch"),
    ("VBHN", "Văn bản hợp nhất"),
    ("UBTVQH", "Pháp lệnh"),
    ("NQ", "Nghị quyết"),
    ("QH", "Luật"),
    ("NĐ", "Nghị định"),
    ("ND", "Nghị định"),
    ("QĐ", "Quyết định"),
    ("TT", "Thông tư"),
    ("CT", "Chỉ thị"),
    ("PL", "Pháp lệnh"),
)
_ISSUER = re.compile(
    r"^(?:của\s+)?(?:Bộ trưởng\s+)?(?:Chính phủ|Thủ tướng Chính phủ|Quốc hội|Ủy ban thường vụ Quốc hội|"
    r"Bộ [A-ZĐ][^,;:]*?|Thống đốc [^,;:]*?)(?=\s+(?:quy định|ban hành|sửa đổi|hướng dẫn|về|ngày|bãi bỏ|phân)|[:,;]|$)",
)
MAX_TITLE = 160


def kind_of(number: str) -> str:
    """Return what a legal text is by its number: "123/2015/NĐ-CP" → "Nghị định"."""
    suffix = number.split("/")[-1]
    return next((kind for mark, kind in _KINDS if mark in suffix), "Văn bản")


class LegalRegistry:
    """Collects every citation of an export and gives each number its best-attested title and date."""

    def __init__(self, citations: Iterable[str] = ()) -> None:
        self._subjects: dict[str, Counter[str]] = defaultdict(Counter)
        self._dates: dict[str, Counter[date]] = defaultdict(Counter)
        for citation in citations:
            self.add(citation)

    def add(self, citation: str) -> None:
        number, subject, issued_on = parse_citation(citation)
        if number and subject:
            self._subjects[number][subject] += 1
        if number and issued_on:
            self._dates[number][issued_on] += 1

    def resolve(self, citation: str) -> LegalText | None:
        """Return the text a citation names; None when it names no number."""
        number, _, _ = parse_citation(citation)
        if not number:
            return None
        kind = kind_of(number)
        subjects = self._subjects[number].most_common()
        subject = max(subjects, key=lambda pair: (pair[1], len(pair[0])))[0] if subjects else ""
        dates = self._dates[number].most_common(1)
        title = subject if subject.lower().startswith(kind.lower()) else f"{kind} {_lower_first(subject)}".strip()
        return LegalText(number, title, dates[0][0] if dates else None)


def parse_citation(citation: str) -> tuple[str, str, date | None]:
    """Return (number, subject, date) of one citation; empty or None where it does not say.

    >>> parse_citation("26/2023/QH15 - Luật Căn cước")
    ('26/2023/QH15', 'Luật Căn cước', None)
    """
    text = re.sub(r"\s+", " ", nfc(citation)).strip(" .;-")
    found = _NUMBER.search(text)
    if not found:
        return "", "", None
    number, rest = found[0].rstrip("-"), text[found.end() :]
    issued_on = _date_in(rest)
    rest = _LONG_DATE.sub("", _SHORT_DATE.sub("", rest))
    subject = _clean_subject(rest, text[: found.start()])
    return number, subject, issued_on


def _date_in(rest: str) -> date | None:
    found = _SHORT_DATE.match(rest) or _LONG_DATE.match(rest)
    if not found:
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None


def _clean_subject(rest: str, before: str) -> str:
    subject = rest.strip(" -–:,.;()")
    for _ in range(2):
        subject = _ISSUER.sub("", subject).strip(" -–:,.;")
        subject = _LONG_DATE.sub("", _SHORT_DATE.sub("", subject)).strip(" -–:,.;")
    name = re.sub(r"\b(số|Luật số:?)\s*$", "", before).strip(" -–:,.;")
    if len(subject) < 4 and re.match(r"(Bộ luật|Luật|Pháp lệnh) \S", name):
        subject = name
    if _NUMBER.match(subject) or subject.lower() in {"luật", "nghị định", "thông tư", "quyết định", "nghị quyết"}:
        return ""
    if subject.isupper():
        subject = subject.capitalize()
    if len(subject) > MAX_TITLE:
        subject = subject[:MAX_TITLE].rsplit(" ", 1)[0].rstrip(" ,;") + "…"
    return subject


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
