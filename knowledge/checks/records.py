"""The data files as the checks see them: where each stands, its text, and what was read from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from pydantic import ValidationError

from knowledge.catalogue import line_of
from knowledge.errors import Problem
from knowledge.model import LifeEvent, Procedure
from knowledge.procedure_file import ProcedureFile

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Record:
    """A procedure's file that could be read."""

    path: Path
    text: str
    procedure: Procedure

    def line(self, *location: int | str) -> int:
        """Return the 1-based line of a key or list item."""
        return line_of(self.text, location)


@dataclass(frozen=True)
class Finding:
    """A problem and how much it weighs: an error fails the build, a warning does not."""

    problem: Problem
    warning: bool = False


def error(record: Record, message: str, *location: int | str) -> Finding:
    return Finding(Problem(record.path, record.line(*location), message))


def warning(record: Record, message: str, *location: int | str) -> Finding:
    return Finding(Problem(record.path, record.line(*location), message), warning=True)


@dataclass(frozen=True)
class Context:
    """What a check may look at beside the records.

    codes, event_paths: of every file, readable or not, so that one fault does not look like ten.
    """

    today: date
    codes: frozenset[str]
    life_events: Mapping[str, LifeEvent]
    event_paths: Mapping[str, Path]
    repealed: Mapping[str, str]


Check = Callable[[Sequence[Record], Context], Iterable[Finding]]


def read_records(folder: Path) -> Iterator[Record]:
    """Yield the files that can be read; `load_catalogue` tells what is wrong with the others."""
    for path in sorted(folder.rglob("*.yml")):
        try:
            text = path.read_bytes().decode("utf-8")
            yield Record(path, text, ProcedureFile.model_validate(yaml.load(text, Loader=_Loader)).to_procedure())
        except (UnicodeDecodeError, yaml.YAMLError, ValidationError):
            continue
