"""Procedures that people ask for and other offices handle: known by name, office and link, never answered in full.

Half of what citizens ask beside the province's list is somebody's procedure all the same ("đổi bằng lái"). Honest help
is to name it and say where: `knowledge/elsewhere/*.yml`, facts of the national portal.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from knowledge.errors import CatalogueError, Problem
from knowledge.fingerprints import ELSEWHERE

MAX_TITLE = 240


class Elsewhere(BaseModel):
    """One procedure of another office.

    where: who takes or decides it, as the national portal says.  source: its page there.  as_of: when that page was
    last changed.  asked: how people ask for it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    code: Annotated[str, Field(strict=True, pattern=r"^\d\.\d{6}$")]
    title: Annotated[str, Field(min_length=5, max_length=MAX_TITLE)]
    where: Annotated[str, Field(min_length=3)]
    source: Annotated[str, Field(pattern=r"^https://")]
    as_of: date
    asked: Annotated[tuple[str, ...], Field(min_length=1)]


_ENTRIES = TypeAdapter(Elsewhere)


def load_elsewhere(folder: Path = ELSEWHERE) -> tuple[Elsewhere, ...]:
    """Return the procedures of every file of the folder, none where there is no folder.

    Raises:
        CatalogueError: entries with faults; all of them are listed.
    """
    found: list[Elsewhere] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            entries = yaml.safe_load(path.read_text(encoding="utf8")) or []
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            problems.append(Problem(path, 1, f"không đọc được: {error}"))
            continue
        for number, entry in enumerate(entries, 1):
            try:
                found.append(_ENTRIES.validate_python(entry))
            except ValidationError as error:
                problems += [Problem(path, 1, _say(number, fault["loc"], fault["msg"])) for fault in error.errors()]
    if problems:
        raise CatalogueError(problems)
    return tuple(found)


def _say(number: int, place: tuple[int | str, ...], fault: str) -> str:
    return f'mục thứ {number}, "{".".join(map(str, place))}": {fault}'
