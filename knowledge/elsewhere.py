"""Procedures that people ask for and other offices handle: known by name, office and link, never answered in full.

Much of what citizens ask beside the province's list is somebody's procedure all the same ("đổi bằng lái"). Honest help
is to name it and say where: `knowledge/elsewhere/*.yml`, facts of the national portal.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel

from knowledge.catalogue import read_checked
from knowledge.errors import CatalogueError, IndexFault, Problem
from knowledge.fingerprints import ELSEWHERE

MAX_TITLE = 240


class Elsewhere(BaseModel):
    """One procedure of another office.

    title: the official one; what stands in brackets at its end may be ours ("(thủy nội địa)").
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

    @property
    def is_abroad(self) -> bool:
        """Tell whether Vietnamese missions handle it, for those who are in another country."""
        return "ở nước ngoài" in self.where or "ở nước ngoài" in self.title


class _File(RootModel[tuple[Elsewhere, ...]]):
    """What one file holds."""


def read_stored(path: Path) -> tuple[Elsewhere, ...]:
    """Return what `store` wrote into an index; raises IndexFault when the file is missing or cut."""
    try:
        return tuple(Elsewhere.model_validate(one) for one in json.loads(path.read_text(encoding="utf8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexFault(f"{path.name} cannot be read: {error}") from error


def store(entries: Sequence[Elsewhere], path: Path) -> None:
    """Write the entries of an index."""
    stored = [one.model_dump(mode="json") for one in entries]
    path.write_text(json.dumps(stored, ensure_ascii=False), encoding="utf8")


def load_elsewhere(folder: Path = ELSEWHERE) -> tuple[Elsewhere, ...]:
    """Return the procedures of every file of the folder, none where there is no folder.

    Raises:
        CatalogueError: entries with faults; all of them are listed.
    """
    found: list[Elsewhere] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yml")):
        entries = read_checked(path, _File, problems)
        found += entries.root if entries is not None else ()
    if problems:
        raise CatalogueError(problems)
    return tuple(found)
