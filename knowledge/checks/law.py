"""Legal basis: nothing repealed, nothing without its year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from knowledge.checks.records import Context, Finding, Record, error, warning
from knowledge.model import LegalText
from knowledge.vietnamese import fold

REPEALED = Path(__file__).parent.parent / "repealed.yml"
_YEAR = re.compile(r"/(?:19|20)\d\d(?:/|$)")
_BARE = {"Luật", "Bộ luật", "Nghị định", "Thông tư", "Quyết định", "Nghị quyết", "Pháp lệnh", "Thông tư liên tịch"}


def load_repealed(path: Path = REPEALED) -> dict[str, str]:
    """Return the numbers of repealed texts and what is said of each."""
    entries = yaml.safe_load(path.read_text(encoding="utf8")) or []
    return {entry["number"]: entry["replaced_by"] for entry in entries}


def check_legal_basis(records: Sequence[Record], context: Context) -> Iterator[Finding]:
    """Find repealed, undated and doubled legal texts."""
    for record in records:
        seen: set[str] = set()
        for place, law in enumerate(record.procedure.legal_basis):
            where = ("legal_basis", place)
            if law.number in context.repealed:
                new = context.repealed[law.number]
                yield error(record, f"{law.number} đã hết hiệu lực: bỏ dòng này, căn cứ đúng là {new}", *where)
            if law.issued_on is None and not _YEAR.search(law.number):
                yield error(record, f'{law.number} không có năm: thêm "issued_on: năm-tháng-ngày"', *where)
            if law.issued_on is not None and law.issued_on > context.today:
                yield error(record, f"{law.number} ghi ngày ban hành {law.issued_on} ở tương lai: sửa lại ngày", *where)
            if law.number in seen:
                yield error(record, f"{law.number} ghi hai lần: bỏ bớt một dòng", *where)
            seen.add(law.number)


def check_newer_laws(records: Sequence[Record], context: Context) -> Iterator[Finding]:
    """Find laws (luật, pháp lệnh) of which the catalogue knows a later one by the very same name."""
    numbers: dict[str, set[str]] = {}
    for record in records:
        for law in record.procedure.legal_basis:
            if name := _law_name(law):
                numbers.setdefault(name, set()).add(law.number)
    for record in records:
        for place, law in enumerate(record.procedure.legal_basis):
            name = _law_name(law)
            newest = max(numbers[name], key=_year_of) if name else law.number
            if _year_of(newest) > _year_of(law.number):
                say = f"{law.number} có văn bản cùng tên mới hơn là {newest}: kiểm tra còn hiệu lực không"
                yield warning(record, say, "legal_basis", place)


def _law_name(law: LegalText) -> str | None:
    """Return the folded name of a law of the National Assembly; None for other texts and for amendments."""
    if "QH" not in law.number or "sửa đổi" in law.title or law.title.endswith("…") or law.title in _BARE:
        return None
    return fold(re.sub(r"^(?:Bộ luật|Luật|Pháp lệnh)\s+|\s*(?:năm )?(?:19|20)\d\d$", "", law.title))


def _year_of(number: str) -> int:
    found = re.search(r"/((?:19|20)\d\d)/", number)
    return int(found[1]) if found else 0
