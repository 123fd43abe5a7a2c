"""The small lists beside the catalogue: questions that are none of ours, procedures that are one matter."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import yaml

from knowledge.cases import CasesFault, load_cases
from knowledge.elsewhere import load_elsewhere
from knowledge.errors import CatalogueError, Problem
from knowledge.fingerprints import ELSEWHERE, OUTSIDE
from knowledge.same_matter import LIST
from knowledge.vietnamese import fold

SHAPE = 'mỗi mục cần general, covers và why, ví dụ {general: "1.001613", covers: ["1.014173"], why: cùng việc}'


def check_same_matter(codes: Collection[str], path: Path = LIST) -> Iterator[Problem]:
    """Find entries that are no pair of known procedures."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf8")) or []
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        yield Problem(path, 1, f"không đọc được: {error}")
        return
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or not {"general", "covers", "why"} <= set(entry):
            yield Problem(path, 1, f"mục thứ {number}: {SHAPE}")
            continue
        named = [entry["general"], *entry["covers"]]
        for code in named:
            if code not in codes:
                yield Problem(path, 1, f'mục thứ {number}: mã "{code}" không có trong danh mục, hoặc thiếu dấu nháy')
        if len(set(map(str, named))) < len(named):
            yield Problem(path, 1, f"mục thứ {number}: một mã ghi hai lần")


def check_elsewhere(codes: Collection[str], folder: Path = ELSEWHERE) -> Iterator[Problem]:
    """Find entries of other offices that are ours after all, doubled ones, and what cannot be read."""
    try:
        entries = load_elsewhere(folder)
    except CatalogueError as error:
        yield from error.problems
        return
    seen: dict[str, str] = {}
    for entry in entries:
        if entry.code in codes:
            yield Problem(folder, 1, f'"{entry.code}" có trong danh mục của tỉnh: bỏ khỏi {folder.name}/')
        for words in (entry.code, *map(fold, entry.asked)):
            if words in seen:
                yield Problem(folder, 1, f'"{words}" ghi ở {seen[words]} và {entry.code}: mỗi câu hỏi một thủ tục')
            seen[words] = entry.code


def check_outside(folder: Path = OUTSIDE) -> Iterator[Problem]:
    """Find questions that have a procedure after all, and files that cannot be read."""
    for path in sorted(folder.glob("*.yml")):
        try:
            cases = load_cases(path)
        except CasesFault as error:
            yield Problem(path, 1, str(error))
            continue
        for case in cases:
            if case.in_scope:
                say = f'"{case.question[:60]}" có mã thủ tục: đây là nơi ghi câu ngoài danh mục, để codes: []'
                yield Problem(path, 1, say)
