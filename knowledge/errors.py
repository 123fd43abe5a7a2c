"""What can go wrong with what we know.

KnowledgeError
├── CatalogueError      the data files have faults (all of them are listed)
├── ImportFault         an export cannot be read
├── EncoderUnavailable  the encoder's folder is missing or broken
└── IndexFault          no index, or one that does not belong to this catalogue and encoder
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class KnowledgeError(Exception):
    """Base of what knowledge/ raises."""


@dataclass(frozen=True)
class Problem:
    """A fault in a data file, told to the person who edits it: what is wrong and what to write instead."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class CatalogueError(KnowledgeError):
    """The data files have faults; `problems` holds every one of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class ImportFault(KnowledgeError):
    """An export cannot be read; the message names the line."""


class EncoderUnavailable(KnowledgeError):
    """The encoder's folder is missing or broken; `make setup` builds it."""


class IndexFault(KnowledgeError):
    """There is no index, or it does not belong to this catalogue and encoder; `make setup` builds it."""
