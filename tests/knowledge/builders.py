"""Builders of invented procedures, source procedures and data folders, so that a test names only what it is about."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.importer.source import SourceProcedure, mark
from knowledge.model import (
    PORTAL_PAGE,
    Act,
    Applicant,
    Channel,
    Duration,
    Facets,
    Fee,
    LegalText,
    Level,
    OnlineService,
    Paper,
    Procedure,
    TimeUnit,
)
from knowledge.procedure_file import write_yaml

TODAY = date(2026, 11, 22)
EVERY_WAY = (Channel.ONLINE, Channel.COUNTER, Channel.POST)


def make_procedure(code: str = "1.000001", **changed: Any) -> Procedure:
    """Return a procedure without fault; no two codes share a name."""
    facts: dict[str, Any] = {
        "code": code,
        "title": f"Đăng ký chuyến diều số {code}",
        "short_title": f"Chuyến diều {code}",
        "field": "Thả diều",
        "levels": (Level.COMMUNE,),
        "authority": "Ủy ban nhân dân cấp xã",
        "audience": ("công dân",),
        "channels": EVERY_WAY,
        "online": OnlineService.FULL,
        "durations": (Duration(EVERY_WAY, 5, TimeUnit.WORKING_DAY),),
        "fees": (Fee(EVERY_WAY, amount_vnd=0),),
        "documents": (Paper("Tờ khai thả diều", originals=1, source=(mark("Tờ khai thả diều"),)),),
        "result": "Thẻ thả diều",
        "conditions": ("Diều có đuôi",),
        "legal_basis": (LegalText("12/2024/NĐ-CP", "Nghị định về diều", date(2024, 2, 1)),),
        "source_url": PORTAL_PAGE.format(code=code),
        "as_of": date(2026, 6, 1),
        "also_called": tuple(f"{way} {code}" for way in ("thả diều", "chơi diều", "diều sáo", "xin bay diều")),
        "facets": Facets(Act.FIRST, (Applicant.PERSON,), special=f"loại {code}"),
    }
    return Procedure(**{**facts, **changed})


def make_source(code: str = "1.000001", **changed: Any) -> SourceProcedure:
    """Return a source procedure that states what `make_procedure` holds."""
    return SourceProcedure.model_validate(make_export_entry(code, **changed))


def make_export_entry(code: str = "1.000001", **changed: Any) -> dict[str, Any]:
    """Return one line of an export, as plain data."""
    entry: dict[str, Any] = {
        "code": code,
        "name": f"Đăng ký chuyến diều số {code}",
        "field": "Thả diều",
        "agency": "Ủy ban nhân dân cấp xã",
        "level": ["commune"],
        "audience": ["Công dân Việt Nam"],
        "submission": ["Trực tuyến", "Trực tiếp", "Dịch vụ bưu chính"],
        "modes": [
            {"mode": way, "time": "05 ngày làm việc", "fee": "Miễn phí"}
            for way in ("Trực tuyến", "Trực tiếp", "Dịch vụ bưu chính")
        ],
        "time_limit": "05 ngày làm việc",
        "time_limit_inferred": False,
        "documents": [{"name": "Tờ khai thả diều", "original": 1, "copy": 0}],
        "legal_basis": ["Nghị định số 12/2024/NĐ-CP ngày 01/02/2024 của Chính phủ quy định về diều"],
        "result": "Thẻ thả diều",
        "conditions": "Diều phải có đuôi.",
        "full_online": True,
        "updated_at": "2026-06-01",
    }
    return {**entry, **changed}


def write_catalogue(folder: Path, procedures: Iterable[Procedure]) -> Path:
    """Write the procedures as files below `folder` and return it."""
    for procedure in procedures:
        path = folder / "tha_dieu" / f"{procedure.code}-dieu.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write_yaml(procedure), encoding="utf8")
    return folder


def write_export(path: Path, entries: Iterable[dict[str, Any]]) -> Path:
    """Write an export, one JSON object a line, and return its path."""
    path.write_text("\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries) + "\n", encoding="utf8")
    return path
