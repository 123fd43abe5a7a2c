"""The data files that approved changes go into: checked as a whole before, one line of one file at a time."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from channels.teaching import writing
from channels.teaching.errors import ChangeRefused
from knowledge.checks.report import Report, check_data
from knowledge.vietnamese import syllables

CATALOGUE, LIFE_EVENTS, EXAMPLES = Path("knowledge/catalogue"), Path("knowledge/life_events"), Path("nlu_data")
#: Signs with a meaning in files of examples.
_MEANING = frozenset("[](){}<>|\\")
_SHOWN = 3
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Change:
    """One line for a data file. target: a procedure's code for a name, an intent for an example."""

    is_name: bool
    target: str
    words: str


class DataFiles:
    """Writes changes below a project folder. Blocking, some seconds: the checks read the whole catalogue."""

    def __init__(self, root: Path, lock: Path) -> None:
        """lock: a file that the app's workers lock, so that one writes at a time."""
        self._root = root
        self._lock = lock

    def add(self, change: Change) -> Path:
        """Write a change; return the file, relative to the project.

        Raises:
            ChangeRefused: the checks of `python -m knowledge check` or `bot.validate` would complain; nothing is
                written.
        """
        return self._write(change, self._with_name if change.is_name else self._with_example)

    def remove(self, change: Change) -> Path:
        """Take a change back; return the file. Nothing is done when somebody has taken it away already."""
        return self._write(change, self._without_name if change.is_name else self._without_example)

    def intents(self) -> frozenset[str]:
        """Return the intents that have examples."""
        return frozenset(intent for path in self._example_files() for intent in writing.examples_of(_text(path)))

    def _write(self, change: Change, changed: Callable[[Path, str, Change], str]) -> Path:
        with self._alone():
            path = self._procedure_file(change.target) if change.is_name else self._example_file(change.target)
            before = _text(path)
            after = changed(path, before, change)
            if after != before:
                _put(path, after)
            return path.relative_to(self._root)

    def _with_name(self, path: Path, text: str, change: Change) -> str:
        changed = writing.add_alias(text, change.words)
        self._check_catalogue(path, changed)
        return changed

    def _without_name(self, path: Path, text: str, change: Change) -> str:
        changed = writing.remove_alias(text, change.words)
        if changed != text:
            self._check_catalogue(path, changed)
        return changed

    def _with_example(self, path: Path, text: str, change: Change) -> str:
        odd = sorted(_MEANING.intersection(change.words))
        if odd:
            raise ChangeRefused(f"Câu mẫu không dùng được các ký tự {' '.join(odd)}: bỏ đi.")
        key = syllables(change.words)
        for one in self._example_files():
            for intent, examples in writing.examples_of(_text(one)).items():
                if any(syllables(example) == key for example in examples):
                    where = "nhóm này" if intent == change.target else f"nhóm “{intent}”"
                    raise ChangeRefused(f"Câu này đã có trong {where} ({one.name}).")
        return writing.add_example(text, change.target, change.words)

    def _without_example(self, path: Path, text: str, change: Change) -> str:
        return writing.remove_example(text, change.target, change.words)

    def _check_catalogue(self, path: Path, changed: str) -> None:
        """Let every check read the catalogue as it would be; only what the change brings in is held against it."""
        with tempfile.TemporaryDirectory(dir=self._lock.parent) as scratch:
            staged = Path(scratch) / "catalogue"
            shutil.copytree(self._root / CATALOGUE, staged, copy_function=_link)
            inside = staged / path.relative_to(self._root / CATALOGUE)
            inside.unlink()
            inside.write_text(changed, encoding="utf8")
            after = _faults(check_data(staged, self._root / LIFE_EVENTS), staged)
        if not after:
            return
        before = _faults(check_data(self._root / CATALOGUE, self._root / LIFE_EVENTS), self._root / CATALOGUE)
        new = sorted(told for fault, told in after.items() if fault not in before)
        if new:
            raise ChangeRefused("; ".join(new[:_SHOWN]))

    def _procedure_file(self, code: str) -> Path:
        found = sorted((self._root / CATALOGUE).rglob(f"{code}*.yml"))
        found = [path for path in found if path.name[len(code) :][:1] in ("-", ".")]
        if not found:
            raise ChangeRefused(f"Không có thủ tục {code} trong danh mục.")
        return found[0]

    def _example_file(self, intent: str) -> Path:
        for path in self._example_files():
            if intent in writing.examples_of(_text(path)):
                return path
        raise ChangeRefused("Nhóm câu mẫu này không có trong nlu_data: chọn nhóm khác.")

    def _example_files(self) -> list[Path]:
        return sorted((self._root / EXAMPLES).glob("*.yml"))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        with self._lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _put(path: Path, text: str) -> None:
    """Write a file so that whoever reads it meets the old one or the new one; raises ChangeRefused."""
    aside = path.with_name(f".{path.name}.new")
    try:
        aside.write_bytes(text.encode())
        shutil.copymode(path, aside)
        os.replace(aside, path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise ChangeRefused("Máy chủ không cho ghi tệp dữ liệu: nhờ người quản trị máy.") from error


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk
        shutil.copyfile(source, target)


def _faults(report: Report, folder: Path) -> dict[str, str]:
    """Return the faults as they are told, by what makes them the same: counts and lines move with any change."""
    found = {}
    for problem in report.errors:
        path = problem.path.relative_to(folder) if problem.path.is_relative_to(folder) else problem.path
        told = f"{path}: {problem.message}"
        found[_NUMBER.sub("#", told)] = told
    return found
