"""Procedures that people ask for and other offices handle: known by name, office and link, never answered in full.

Much of what citizens ask beside the province's list is somebody's procedure all the same ("đổi bằng lái"). Honest help
is to name it and say where: `knowledge/elsewhere/*.yml`, facts of the national portal.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel

from knowledge.catalogue import read_checked
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


class _File(RootModel[tuple[Elsewhere, ...]]):
    """What one file holds."""


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
