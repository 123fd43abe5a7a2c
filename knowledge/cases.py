"""Search cases: questions with the procedures they mean, as YAML files (for people) or JSON lines (for exchange)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import KnowledgeError
from knowledge.vietnamese import has_diacritics


class CasesFault(KnowledgeError):
    """A file of cases cannot be read; the message names file and case."""


@dataclass(frozen=True)
class Case:
    """A question and every code that is a right answer; no code = out of scope.

    ambiguous: the question itself does not say which of the codes; asking back is right.
    marks: how it is written (no_diacritics, dialect, typo …).
    """

    question: str
    codes: frozenset[str]
    ambiguous: bool = False
    marks: frozenset[str] = frozenset()

    @property
    def in_scope(self) -> bool:
        return bool(self.codes)

    @property
    def has_diacritics(self) -> bool:
        return has_diacritics(self.question)


def load_cases(path: Path) -> list[Case]:
    """Return the cases of a .jsonl file, a .yml file, or every .yml file below a folder.

    Raises:
        CasesFault: a case without question or codes, or a file that cannot be parsed.
    """
    if path.is_dir():
        return [case for file in sorted(path.rglob("*.yml")) for case in load_cases(file)]
    try:
        text = path.read_text(encoding="utf8")
        entries = yaml.safe_load(text) or [] if path.suffix in (".yml", ".yaml") else list(_json_lines(text))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, json.JSONDecodeError) as error:
        raise CasesFault(f"{path}: {error}") from error
    return [_case(entry, f"{path}: câu thứ {number}") for number, entry in enumerate(entries, 1)]


def _json_lines(text: str) -> Iterable[Any]:
    return (json.loads(line) for line in text.splitlines() if line.strip())


def _case(entry: Any, where: str) -> Case:
    codes = entry.get("codes", entry.get("gold_codes")) if isinstance(entry, dict) else None
    if codes is None or not str(entry.get("question") or "").strip():
        raise CasesFault(f'{where}: cần "question" và "codes" (hoặc "gold_codes")')
    return Case(
        str(entry["question"]).strip(),
        frozenset(map(str, codes)),
        bool(entry.get("ambiguous", False)),
        frozenset(entry.get("marks", ())),
    )
