"""What may be asked of the search page: a query, filters by field, level and online service, a page number."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from channels.web.labels import field_key
from knowledge.catalogue import Catalogue
from knowledge.model import Level, OnlineService
from knowledge.vietnamese import nfc

MAX_QUERY = 200
SHOWN_FIELDS = 12
#: The much-asked procedures are those with at least so many everyday names.
_MUCH_ASKED = 8

LEVEL_KEYS: Mapping[str, tuple[Level, str]] = {
    "xa": (Level.COMMUNE, "Cấp xã"),
    "tinh": (Level.PROVINCE, "Cấp tỉnh"),
    "trung-uong": (Level.MINISTRY, "Trung ương"),
}
ONLINE_KEYS: Mapping[str, tuple[OnlineService | None, str]] = {
    "toan-trinh": (OnlineService.FULL, "Toàn trình"),
    "mot-phan": (OnlineService.PARTIAL, "Một phần"),
    "khong": (None, "Không nộp qua mạng"),
}


@dataclass(frozen=True)
class Field:
    """A legal field (lĩnh vực) and how many procedures it holds; spellings that fold alike are one field."""

    key: str
    name: str
    count: int


@dataclass(frozen=True)
class Wanted:
    """What was asked for. Unknown filter values count as not given.

    cut: the query was longer than `MAX_QUERY` and only its beginning was read.
    """

    query: str = ""
    cut: bool = False
    field: str = ""
    level: str = ""
    online: str = ""
    life_event: str = ""
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Wanted:
        """Read the query parameters (q, linh-vuc, cap, truc-tuyen, su-kien, trang); never fails."""
        text = " ".join(_printable(nfc(given.get("q", "")[: 4 * MAX_QUERY])).split())
        level, online = given.get("cap", ""), given.get("truc-tuyen", "")
        page = given.get("trang", "1")
        return cls(
            query=text[:MAX_QUERY].strip(),
            cut=len(text) > MAX_QUERY,
            field=given.get("linh-vuc", "")[:MAX_QUERY],
            level=level if level in LEVEL_KEYS else "",
            online=online if online in ONLINE_KEYS else "",
            life_event=given.get("su-kien", "")[:MAX_QUERY],
            page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 5 else 1,
        )

    @property
    def filtered(self) -> bool:
        return bool(self.field or self.level or self.online)

    def address(self, **changes: str) -> str:
        """Return the address of this search with some parameters changed; from the first page on."""
        given = {"q": self.query, "linh-vuc": self.field, "cap": self.level, "truc-tuyen": self.online}
        given |= changes
        query = urlencode({name: value for name, value in given.items() if value})
        return f"/tim-kiem?{query}" if query else "/tim-kiem"

    def page_address(self, page: int) -> str:
        return self.address(trang=str(page))


def fields_of(catalogue: Catalogue) -> tuple[Field, ...]:
    """Return the fields by name, each under its most frequent spelling."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for procedure in catalogue:
        spellings[field_key(procedure.field)][procedure.field] += 1
    fields = (Field(key, names.most_common(1)[0][0], names.total()) for key, names in spellings.items())
    return tuple(sorted(fields, key=lambda field: field.key))


def most_asked_fields(catalogue: Catalogue, fields: Iterable[Field]) -> tuple[Field, ...]:
    """Return the fields with the essential services first, then those with most of the much-asked procedures."""
    essential: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for procedure in catalogue:
        key = field_key(procedure.field)
        essential[key] += procedure.essential
        asked[key] += len(procedure.also_called) >= _MUCH_ASKED
    ranked = sorted(fields, key=lambda field: (-essential[field.key], -asked[field.key], field.key))
    return tuple(ranked[:SHOWN_FIELDS])


def _printable(text: str) -> str:
    return "".join(" " if unicodedata.category(letter).startswith("C") else letter for letter in text)
