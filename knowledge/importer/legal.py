"""Legal texts: from the many ways an export cites them to one number, title and date each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from knowledge.model import LegalText
from knowledge.vietnamese import nfc

_SUFFIX = r"(?:QH\d{1,2}|[A-ZĐ](?:TTg|[A-ZĐ0-9-])+)"
_NUMBER = re.compile(rf"(?<![\d/])\d{{1,4}}(?:\.?[a-z])?(?:\.\d{{1,3}})?/(?:(?P<year>(?:19|20)\d\d)/)?{_SUFFIX}")
#: Slips of the source inside a number: "250/QĐ - TTg", "43 /2024/QH15".
_SPACED = re.compile(r"(?<=\d) (?=/\d)|(?<=QĐ) ?- ?(?=TTg)|(?<=NĐ) ?- ?(?=CP)")
#: A district in the name of a text (the level was abolished on 1 July 2025): the name ends, or skips it, there.
_DISTRICT = re.compile(r"cấp huyện, (?=tỉnh)")
_FROM_DISTRICT = re.compile(
    r"(?:,|\s+và|\s+hoặc)?\s*(?:(?:Ủy|Uỷ) ban nhân dân |Phòng [^,]{0,40}thuộc )?(?:các )?(?:cấp )?huyện\b.*",
    re.IGNORECASE,
)
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
    r"Bộ (?!Luật)[A-ZĐ][^,;:]*?|Thống đốc [^,;:]*?)"
    r"(?=\s+(?:quy định|ban hành|sửa đổi|hướng dẫn|về|ngày|bãi bỏ|phân)|[:,;]|$)",
)
#: The text's own number said twice: "09/2017/QH14 09/2017/QH14 - Du lịch", "250/QĐ-TTg - Quyết định số 250/QĐ-TTg …".
_OWN_NUMBER = re.compile(rf"^(?:(?:Luật|Nghị định|Thông tư|Quyết định|Nghị quyết)\s+)?(?:số:?\s*)?{_NUMBER.pattern}")
#: What follows a number inside another text's name, when it goes on to say what the text is about.
_MENTIONED = re.compile(
    r"^(?: ngày [\d/]+(?: tháng \d+ năm \d+)?)? của (?:Chính phủ|Thủ tướng Chính phủ|Quốc hội|Bộ trưởng Bộ [^,]{4,40}?|"
    r"Bộ [^,]{4,40}?) ((?:quy định|về|hướng dẫn|ban hành|sửa đổi) [^;]{15,300})$"
)
_YEAR = re.compile(r"/(?:19|20)\d\d/")
MAX_TITLE = 160


def kind_of(number: str) -> str:
    """Return what a legal text is by its number: "123/2015/NĐ-CP" → "Nghị định"."""
    suffix = number.split("/")[-1]
    return next((kind for mark, kind in _KINDS if mark in suffix), "Văn bản")


class LegalRegistry:
    """Collects every citation of an export and gives each number its best-attested title and date.

    A text that is only ever cited by its number takes its title from a mention inside another text's name.
    """

    def __init__(self, citations: Iterable[str] = ()) -> None:
        self._subjects: dict[str, Counter[str]] = defaultdict(Counter)
        self._mentions: dict[str, Counter[str]] = defaultdict(Counter)
        self._dates: dict[str, Counter[date]] = defaultdict(Counter)
        for citation in citations:
            self.add(citation)

    def add(self, citation: str) -> None:
        """Note what a citation says of its text, and the dates it mentions of others."""
        number, subject, _ = parse_citation(citation)
        if number and subject:
            self._subjects[number][subject] += 1
        text = _tidy(citation)
        for found in _NUMBER.finditer(text):
            rest = text[found.end() :]
            mentioned = _MENTIONED.match(rest)
            if mentioned and not _NUMBER.search(rest):
                self._mentions[_plain(found[0])][_clean_subject(mentioned[1], "")] += 1
            issued_on = _date_in(rest)
            if issued_on and found["year"] in (None, str(issued_on.year)):
                self._dates[_plain(found[0])][issued_on] += 1

    def resolve(self, citation: str) -> LegalText | None:
        """Return the text a citation names; None when it names no number."""
        number, _, _ = parse_citation(citation)
        if not number:
            return None
        subjects = self._subjects[number].most_common() or self._mentions[number].most_common()
        subject = max(subjects, key=lambda pair: (pair[1], len(pair[0])))[0] if subjects else ""
        dates = self._dates[number].most_common(2)
        if len(dates) > 1 and not _YEAR.search(number):  # a number without its year names several texts
            dates = []
        return LegalText(number, _titled(kind_of(number), subject), dates[0][0] if dates else None)


def parse_citation(citation: str) -> tuple[str, str, date | None]:
    """Return (number, subject, date) of one citation; empty or None where it does not say.

    >>> parse_citation("26/2023/QH15 - Luật Căn cước")
    ('26/2023/QH15', 'Luật Căn cước', None)
    """
    text = _tidy(citation)
    found = _best_number(text)
    if not found:
        return "", "", None
    number, rest = _plain(found[0]), text[found.end() :]
    issued_on = _date_in(rest)
    rest = _LONG_DATE.sub("", _SHORT_DATE.sub("", rest))
    subject = _clean_subject(rest, text[: found.start()])
    return number, subject, issued_on


def _tidy(citation: str) -> str:
    text = re.sub(r"\s+", " ", nfc(citation)).strip(" .;-")
    return _SPACED.sub(lambda found: "-" if "-" in found[0] else "", text)


def _plain(number: str) -> str:
    number = re.sub(r"-[A-ZĐ]?$", "", number)
    return re.sub(r"/N[DĐ](?:-CP)?$", "/NĐ-CP", number)


def _best_number(text: str) -> re.Match[str] | None:
    """Return the first number; when it lacks its year, the same number written out in full further on."""
    first = _NUMBER.search(text)
    if first is None or first["year"]:
        return first
    same = re.match(r"\d+", first[0])
    fuller = (
        found
        for found in _NUMBER.finditer(text)
        if found["year"] and same and re.match(rf"{same[0]}\D", found[0]) and found[0][-3:] == first[0][-3:]
    )
    return next(fuller, first)


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
        subject = _OWN_NUMBER.sub("", subject).strip(" -–:,.;()")
        subject = _ISSUER.sub("", subject).strip(" -–:,.;")
        subject = _LONG_DATE.sub("", _SHORT_DATE.sub("", subject)).strip(" -–:,.;")
    name = _NUMBER.sub("", re.sub(r"\b(?:Luật )?số\s*:?\s*$", "", before)).strip(" -–:,.;")
    if len(subject) < 4 and re.match(r"(Bộ luật|Luật|Pháp lệnh) \S", name):
        subject = name
    if subject.lower().startswith("được sửa đổi"):
        return ""  # says who amended it, not what it is
    if _NUMBER.match(subject) or subject.lower() in {
        "luật",
        "bộ luật",
        "nghị định",
        "thông tư",
        "quyết định",
        "nghị quyết",
    }:
        return ""
    if subject.isupper():
        subject = subject.capitalize()
    subject = _FROM_DISTRICT.sub("", _DISTRICT.sub("cấp ", subject))
    if len(subject) > MAX_TITLE:
        subject = subject[:MAX_TITLE].rsplit(" ", 1)[0].rstrip(" ,;") + "…"
    return subject


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _titled(kind: str, subject: str) -> str:
    """Return kind and subject as one title; laws keep their capital ("Luật Du lịch")."""
    if subject.lower().startswith((kind.lower(), "bộ luật")):
        return subject
    if kind == "Luật" and not subject.lower().startswith("sửa đổi"):
        return f"{kind} {subject}".strip()
    return f"{kind} {_lower_first(subject)}".strip()
