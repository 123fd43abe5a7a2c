"""The overlay: a province's own copy of the full official text, kept beside the catalogue and out of git.

`knowledge/overlay/<code>.yml` holds whole paragraphs as published; the catalogue holds facts only. Answers may quote
the overlay word for word where it exists, and do without it where it does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.errors import CatalogueError, Problem
from knowledge.importer.facts import as_of
from knowledge.importer.source import SourceProcedure
from knowledge.procedure_file import CODE, Code, Text

OVERLAY = Path(__file__).parent / "overlay"


@dataclass(frozen=True)
class OfficialText:
    """The full official text (nguyên văn) of a procedure: paragraphs by part, as of a day."""

    code: str
    as_of: date
    source_url: str | None
    steps: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    fee: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


class _OverlayFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: Code
    as_of: date
    source_url: Text | None = None
    steps: list[Text] = []
    documents: list[Text] = []
    time: list[Text] = []
    fee: list[Text] = []
    conditions: list[Text] = []

    def to_text(self) -> OfficialText:
        parts = {name: tuple(getattr(self, name)) for name in ("steps", "documents", "time", "fee", "conditions")}
        return OfficialText(self.code, self.as_of, self.source_url, **parts)


def load_official_text(code: str, folder: Path = OVERLAY) -> OfficialText | None:
    """Return the official text kept for a code, or None when this province keeps none.

    Raises:
        CatalogueError: the file is there but cannot be used.
    """
    path = folder / f"{code}.yml"
    if not CODE.match(code) or not path.is_file():
        return None
    try:
        content = yaml.safe_load(path.read_bytes().decode("utf-8"))
        text = _OverlayFile.model_validate(content).to_text()
    except UnicodeDecodeError as error:
        raise CatalogueError([Problem(path, 1, "tệp không phải UTF-8: lưu lại bằng Unicode UTF-8")]) from error
    except (yaml.YAMLError, ValidationError) as error:
        raise CatalogueError([Problem(path, 1, f"không đọc được nguyên văn: {_first_line(error)}")]) from error
    if text.code != code:
        raise CatalogueError([Problem(path, 1, f'mã trong tệp là "{text.code}", tên tệp là "{code}": sửa cho khớp')])
    return text


def load_overlay(folder: Path = OVERLAY) -> Mapping[str, OfficialText]:
    """Return every official text of the folder by code; an absent folder is an empty overlay.

    Raises:
        CatalogueError: with the faults of every file.
    """
    texts: dict[str, OfficialText] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            text = load_official_text(path.stem, folder)
        except CatalogueError as error:
            problems += error.problems
            continue
        if text is None:
            problems.append(Problem(path, 1, 'tên tệp phải là mã thủ tục, ví dụ "1.001193.yml"'))
        else:
            texts[text.code] = text
    if problems:
        raise CatalogueError(problems)
    return texts


def overlay_yaml(source: SourceProcedure) -> str:
    """Return the overlay file of a source procedure: its paragraphs as they stand."""
    parts: dict[str, object] = {
        "code": source.code,
        "as_of": as_of(source),
        "source_url": source.source_url,
        "steps": _paragraphs(source.steps),
        "documents": [row.name for row in source.documents if row.name],
        "time": _paragraphs(*(f"{m.mode}: {m.time}" for m in source.modes if m.time.strip()), source.time_limit),
        "fee": _paragraphs(*(f"{m.mode}: {m.fee}" for m in source.modes if m.fee.strip())),
        "conditions": _paragraphs(source.conditions),
    }
    kept = {key: value for key, value in parts.items() if value}
    return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=118)


def _paragraphs(*texts: str | None) -> list[str]:
    return [line.strip() for text in texts if text for line in text.splitlines() if line.strip()]


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
