"""Adds one line to a data file and takes one away: nothing else in the file changes by a byte.

What comes out is read again and must say just what it said before, and the new line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from channels.teaching.errors import ChangeRefused

_ALIASES = "also_called"
#: Keys that follow the names in a procedure's file; a file without names gets them before the first of these.
_AFTER_ALIASES = ("facets:",)
_INTENT = re.compile(r"^  - intent: *(\S+) *$")
_EXAMPLE = "      - "


def add_alias(text: str, alias: str) -> str:
    """Return a procedure's file with one more way people call it, as the last of the list.

    Raises:
        ChangeRefused: the file is not written as expected.
    """
    lines = text.splitlines(keepends=True)
    place = _end_of_list(lines)
    new = [f"- {_scalar(alias)}\n"]
    if place is None:
        place = next((at for at, line in enumerate(lines) if line.startswith(_AFTER_ALIASES)), len(lines))
        new.insert(0, f"{_ALIASES}:\n")
    changed = "".join(lines[:place] + new + lines[place:])
    before, after = _read(text), _read(changed)
    if after != {**before, _ALIASES: [*before.get(_ALIASES, []), alias]}:
        raise ChangeRefused("Tệp thủ tục viết khác thường, máy không tự thêm được: nhờ người phụ trách dữ liệu.")
    return changed


def remove_alias(text: str, alias: str) -> str:
    """Return a procedure's file without a way people call it; unchanged when it is not there."""
    before = _read(text)
    names = list(before.get(_ALIASES, []))
    if alias not in names:
        return text
    lines = text.splitlines(keepends=True)
    end = _end_of_list(lines) or 0
    first = end - len(names)
    changed = "".join(line for at, line in enumerate(lines) if at != first + names.index(alias))
    names.remove(alias)
    if _read(changed) != {**before, _ALIASES: names}:
        raise ChangeRefused("Tệp thủ tục viết khác thường, máy không tự bỏ được: nhờ người phụ trách dữ liệu.")
    return changed


def add_example(text: str, intent: str, example: str) -> str:
    """Return a file of nlu_data with one more example of an intent, as the last one.

    Raises:
        ChangeRefused: the intent is not in the file, or the example cannot stand there.
    """
    lines = text.splitlines(keepends=True)
    _, end = _examples(lines, intent)
    if lines[end - 1][-1:] != "\n":
        lines[end - 1] += "\n"
    changed = "".join([*lines[:end], f"{_EXAMPLE}{example}\n", *lines[end:]])
    before = examples_of(text)
    if examples_of(changed) != {**before, intent: [*before[intent], example]}:
        raise ChangeRefused("Câu này không ghi được vào tệp câu mẫu: viết lại, bỏ ký tự lạ.")
    return changed


def remove_example(text: str, intent: str, example: str) -> str:
    """Return a file of nlu_data without an example of an intent; unchanged when it is not there."""
    lines = text.splitlines(keepends=True)
    start, end = _examples(lines, intent)
    found = [at for at in range(start, end) if lines[at].strip() == f"- {example}"]
    return "".join(line for at, line in enumerate(lines) if at != found[-1]) if found else text


def examples_of(text: str) -> dict[str, list[str]]:
    """Return the examples of a file of nlu_data by intent; {} when it holds none."""
    content = yaml.safe_load(text)
    entries = content.get("nlu", []) if isinstance(content, dict) else []
    found: dict[str, list[str]] = {}
    for entry in entries:
        if "intent" in entry:
            written = str(entry.get("examples") or "").splitlines()
            found.setdefault(str(entry["intent"]), []).extend(line.strip().removeprefix("- ") for line in written)
    return found


def _end_of_list(lines: list[str]) -> int | None:
    """Return the line after the last name; None when there is no list of names."""
    start = next((at for at, line in enumerate(lines) if line.rstrip() == f"{_ALIASES}:"), None)
    if start is None:
        return None
    end = start + 1
    while end < len(lines) and lines[end].startswith(("- ", "  ")):
        end += 1
    return end


def _examples(lines: list[str], intent: str) -> tuple[int, int]:
    """Return where the examples of an intent begin, and the line after the last one."""
    for at, line in enumerate(lines):
        found = _INTENT.match(line)
        if not found or found[1] != intent:
            continue
        start = at + 1
        while start < len(lines) and lines[start].strip().startswith("metadata:"):
            start += 1
        if start < len(lines) and lines[start].strip() == "examples: |":
            end = start + 1
            while end < len(lines) and lines[end].startswith(_EXAMPLE):
                end += 1
            if end > start + 1:
                return start + 1, end
    raise ChangeRefused("Nhóm câu mẫu này không có trong nlu_data: chọn nhóm khác.")


def _scalar(text: str) -> str:
    """Return a text as it stands in a list, in quotes only where it must be."""
    written = yaml.safe_dump([text], allow_unicode=True, width=10_000, default_flow_style=True).strip()
    inner = written[1:-1]
    if inner[:1] in "'\"":
        return inner
    block = yaml.safe_dump([text], allow_unicode=True, width=10_000, default_flow_style=False).strip()
    return block.removeprefix("- ")


def _read(text: str) -> Mapping[str, Any]:
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ChangeRefused("Máy không đọc được tệp thủ tục: nhờ người phụ trách dữ liệu.") from error
    return content if isinstance(content, dict) else {}
