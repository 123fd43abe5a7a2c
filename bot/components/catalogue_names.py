"""Reads how citizens call the procedures of the catalogue: what the intent classifier knows of the matters."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

_BLOCK = re.compile(r"^(?:title|also_called|asked_as):.*\n(?:[ -].*\n)*", re.MULTILINE)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def names_blocks(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield every procedure's file with the part of it that holds its title, names and questions, sorted by path.

    The rest of a file (fees, papers …) changes nothing here, so it is not even parsed.
    """
    for path in sorted(folder.glob("*/*.yml")):
        yield path, "".join(_BLOCK.findall(path.read_text(encoding="utf-8")))


def read_catalogue_names(folder: Path, per_procedure: int, questions: int = 0) -> list[str]:
    """Return up to `per_procedure` names and `questions` questions of every procedure, always the same random ones.

    Each procedure draws for itself, so that a name added to one leaves the others' as they are.
    """
    names: list[str] = []
    for path, block in names_blocks(folder):
        stored = yaml.load(block, Loader=_Loader) or {}
        called = [str(stored["title"]), *map(str, stored.get("also_called") or ())] if "title" in stored else []
        if not called:
            raise ValueError(f"{path}: no title")
        asked = [str(question) for question in stored.get("asked_as") or ()]
        dice = random.Random(path.stem)
        names += dice.sample(called, min(per_procedure, len(called))) + dice.sample(asked, min(questions, len(asked)))
    return names
