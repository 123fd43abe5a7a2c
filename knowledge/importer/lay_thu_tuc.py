"""Reads the one-stop system's `LayThuTuc` answer (chi tiết thủ tục) as a source procedure.

What the answer does not carry is named in `SourceProcedure.unstated`, so that an import leaves those facts alone.
Key names are compared in capitals: systems write MaTTHC, MATTHC and maTTHC.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from knowledge.errors import ImportFault
from knowledge.importer.source import SourceProcedure, is_legacy_font
from knowledge.vietnamese import fold

_WAYS = {"1": "Trực tiếp", "2": "Trực tuyến", "3": "Dịch vụ bưu chính"}
_WAYS_BY_WORD = {"truc tiep": "Trực tiếp", "truc tuyen": "Trực tuyến", "buu chinh": "Dịch vụ bưu chính"}
#: Marks whose source texts a LayThuTuc answer never carries.
_NEVER_STATED = frozenset({"levels", "audience", "vertical", "online"})
_MONEY_UNITS = {"": "đồng", "vnd": "đồng", "vnđ": "đồng", "đ": "đồng", "đồng": "đồng"}


def read_lay_thu_tuc(path: Path, read_on: date) -> Iterator[SourceProcedure]:
    """Yield the procedures of a file of answers: one JSON answer, or one a line.

    Raises:
        ImportFault: naming the place; nothing has been written by then.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ImportFault(f"{path.name}: không phải UTF-8, hãy xuất lại bằng Unicode UTF-8") from error
    seen: dict[str, str] = {}
    for where, answer in _answers(text, path.name):
        for record in _records(answer):
            procedure = parse_record(record, where, read_on)
            if procedure.code in seen:
                raise ImportFault(f"{where}: mã {procedure.code} đã có ở {seen[procedure.code]}")
            seen[procedure.code] = where
            yield procedure


def parse_record(record: Mapping[str, Any], where: str, read_on: date) -> SourceProcedure:
    """Return one record of an answer as a source procedure, told as the national export tells it."""
    facts = {str(key).upper(): value for key, value in record.items()}
    modes = [_mode(way) for way in _rows(facts.get("CACHTHUCTHUCHIEN"))]
    laws = [_sentence(law) for law in _rows(facts.get("CANCUPHAPLY"))]
    stated = {
        "title": _text(facts.get("TENTTHC")),
        "field": _text(facts.get("TENLINHVUC") or facts.get("LINHVUC")),
        "authority": _text(facts.get("COQUANTHUCHIEN")),
        "channels": modes,
        "time": any(mode["time"] for mode in modes),
        "fee": any(mode["fee"] for mode in modes),
        "papers": _rows(facts.get("THANHPHANHOSO")),
        "result": _text(facts.get("KETQUATHUCHIEN")),
        "conditions": _text(facts.get("YEUCAU")),
        "legal_basis": laws,
    }
    try:
        procedure = SourceProcedure.model_validate(
            {
                "code": _text(facts.get("MATTHC")),
                "name": stated["title"],
                "field": stated["field"] or "Chưa rõ lĩnh vực",
                "agency": stated["authority"] or None,
                "submission": list(dict.fromkeys(mode["mode"] for mode in modes if mode["mode"])),
                "modes": [mode for mode in modes if mode["mode"]],
                "documents": [_paper(paper) for paper in _rows(facts.get("THANHPHANHOSO"))],
                "legal_basis": [law for law in laws if law],
                "result": stated["result"] or None,
                "conditions": stated["conditions"] or None,
                "steps": "\n".join(filter(None, map(_sentence, _rows(facts.get("TRINHTUTHUCHIEN"))))) or None,
                "crawled_at": read_on.isoformat(),
                "unstated": _NEVER_STATED | {name for name, value in stated.items() if not value},
            }
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise ImportFault(f"{where}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    if is_legacy_font(procedure.name):
        raise ImportFault(f"{where}: tên {procedure.name!r} gõ bằng bảng mã cũ (TCVN3/VNI): chuyển sang Unicode")
    return procedure


def _answers(text: str, name: str) -> Iterator[tuple[str, Any]]:
    try:
        yield name, json.loads(text)
        return
    except json.JSONDecodeError as whole:
        lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        if len(lines) < 2:
            raise ImportFault(f"{name}:{whole.lineno}: JSON hỏng ({whole.msg} ở ký tự {whole.colno})") from whole
    for number, line in lines:
        try:
            yield f"{name}:{number}", json.loads(line)
        except json.JSONDecodeError as error:
            raise ImportFault(f"{name}:{number}: dòng JSON hỏng ({error.msg} ở ký tự {error.pos})") from error


def _records(answer: Any) -> list[Mapping[str, Any]]:
    found = answer.get("result", answer) if isinstance(answer, Mapping) else answer
    return [record for record in _rows(found) if isinstance(record, Mapping)]


def _rows(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _sentence(row: Any) -> str:
    """Return a row that is a text, or whose parts are texts, as one sentence."""
    if isinstance(row, Mapping):
        return " - ".join(text for text in map(_text, row.values()) if text)
    return _text(row)


def _mode(row: Any) -> dict[str, str]:
    facts = {str(key).upper(): value for key, value in row.items()} if isinstance(row, Mapping) else {"KENH": row}
    way = _text(facts.get("KENH"))
    words = fold(way)
    mode = _WAYS.get(way) or next((name for word, name in _WAYS_BY_WORD.items() if word in words), "")
    fees = [_fee(fee) for fee in _rows(facts.get("PHILEPHI"))]
    return {"mode": mode, "time": _text(facts.get("THOIGIAN")), "fee": "; ".join(fee for fee in fees if fee)}


def _fee(row: Any) -> str:
    if not isinstance(row, Mapping):
        return _text(row)
    facts = {str(key).upper(): _text(value) for key, value in row.items()}
    amount, note = re.sub(r"[.,\s]", "", facts.get("SOTIEN", "")), facts.get("MOTA", "")
    if not amount.isdigit():
        return note
    if int(amount) == 0:
        return f"Miễn phí ({note})" if note else "Miễn phí"
    unit = _MONEY_UNITS.get(facts.get("DONVI", "").lower(), facts.get("DONVI", ""))
    told = f"Phí: {int(amount):,} {unit}".replace(",", ".")
    return f"{told} ({note})" if note else told


def _paper(row: Any) -> dict[str, Any]:
    facts = {str(key).upper(): value for key, value in row.items()} if isinstance(row, Mapping) else {"GIAYTO": row}
    originals, copies = _text(facts.get("SOBANCHINH")), _text(facts.get("SOBANSAO"))
    return {
        "name": _text(facts.get("GIAYTO")),
        "original": int(originals) if originals.isdigit() else 0,
        "copy": int(copies) if copies.isdigit() else 0,
        "counted": originals.isdigit() or copies.isdigit(),
        "case": _text(facts.get("TRUONGHOP")) or None,
        "form": _text(facts.get("MAUDON")) or None,
    }
