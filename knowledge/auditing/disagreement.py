"""One disagreement between a file and its source, and the reasons that people verified for some."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge.errors import KnowledgeError

EXPLANATIONS = Path(__file__).parent.parent / "audit_explanations.yml"
FIELDS = ("source", "level", "channels", "online", "time", "fee", "papers", "copied")


class ExplanationsFault(KnowledgeError):
    """The file of explanations cannot be read, or explains nothing that exists."""


@dataclass(frozen=True)
class Disagreement:
    """Where a file and its source differ.

    field: source (the export lacks the code), level, channels, online, time, fee, papers, copied.
    """

    code: str
    field: str
    detail: str

    def __str__(self) -> str:
        return f"{self.code} {self.field}: {self.detail}"


def load_explanations(path: Path = EXPLANATIONS) -> Mapping[tuple[str, str], str]:
    """Return the verified reasons by (code, field).

    Raises:
        ExplanationsFault: an entry without code, field or reason.
    """
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf8")) or []
        found = {(entry["code"], entry["field"]): str(entry["reason"]).strip() for entry in entries}
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise ExplanationsFault(f"{path.name}: mỗi mục cần code, field, reason ({error})") from error
    for code, field in found:
        if not isinstance(code, str) or field not in FIELDS or not found[code, field]:
            raise ExplanationsFault(f"{path.name}: mục {code} {field}: mã trong ngoặc kép, field là một trong {FIELDS}")
    return found


def split(
    disagreements: Iterable[Disagreement], explanations: Mapping[tuple[str, str], str]
) -> tuple[list[Disagreement], list[Disagreement], list[tuple[str, str]]]:
    """Return (unexplained, explained, explanations that explain nothing any more)."""
    unexplained: list[Disagreement] = []
    explained: list[Disagreement] = []
    for item in disagreements:
        (explained if (item.code, item.field) in explanations else unexplained).append(item)
    used = {(item.code, item.field) for item in explained}
    return unexplained, explained, sorted(set(explanations) - used)
