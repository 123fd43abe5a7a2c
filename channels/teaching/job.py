"""A build's order and its progress, as files in the release's folder: the app writes one and reads the other."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

JOB, PROGRESS, REPORT, LOCK, LOG = "job.json", "progress.json", "report.json", "lock", "build.log"
SOURCES = "sources"
#: The steps of a build with their words, in order.
STEPS: Mapping[str, str] = {
    "copy": "Chép dữ liệu",
    "check": "Kiểm tra dữ liệu",
    "index": "Dựng chỉ mục tìm kiếm",
    "train": "Huấn luyện mô hình hội thoại",
    "search": "Đo tìm kiếm",
    "intents": "Đo hiểu ý",
    "compare": "So với bản đang dùng",
}


@dataclass(frozen=True)
class Taught:
    """One thing that the build should have learned. target: a procedure's code, or an intent."""

    words: str
    is_name: bool
    target: str


@dataclass(frozen=True)
class Job:
    """What to build and what to compare it with. All paths are absolute."""

    number: int
    root: str
    folder: str
    model: str
    encoder: str
    rasa_python: str
    search_cases: str
    intent_cases: str
    tolerance: float
    live_index: str
    live_model: str
    live_sources: str
    taught: tuple[Taught, ...] = field(default=())

    def write(self) -> None:
        """Write the order into the release's folder."""
        put_json(Path(self.folder) / JOB, asdict(self))

    @classmethod
    def read(cls, folder: Path) -> Job:
        """Read the order of a release's folder."""
        plain = json.loads((folder / JOB).read_text(encoding="utf8"))
        plain["taught"] = tuple(Taught(**one) for one in plain["taught"])
        return cls(**plain)


def put_json(path: Path, content: object) -> None:
    """Write a file so that a reader meets it whole."""
    aside = path.with_name(f"{path.name}.new")
    aside.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf8")
    aside.replace(path)


def read_json(path: Path) -> dict[str, Any] | None:
    """Return what a file holds; None when it is not there."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf8"))
    except (OSError, ValueError):
        return None
    return found


@contextmanager
def alive(folder: Path) -> Iterator[bool]:
    """Hold the mark that a build is at work in a folder; gives False when another one is."""
    with (folder / LOCK).open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def is_at_work(folder: Path) -> bool:
    """Tell whether a build is at work in a folder; the mark goes with the process, however that ends."""
    if not (folder / LOCK).exists():
        return False
    with alive(folder) as free:
        return not free
