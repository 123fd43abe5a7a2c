"""Releases on disk: an index and a model in a folder of their own, and the one file that says which is in service.

`var/releases/live.json` is put in place by one rename; the app's workers and the dialogue server watch it. Whatever
is interrupted before that rename leaves the former release in service.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

RELEASES = "releases"
LIVE = "live.json"
INDEX = "index"


@dataclass(frozen=True)
class Live:
    """What is in service. index, model: paths; number: of the release, 0 = what set-up built.

    sources: identifies what the model was trained from.  code: the part of it that is no data; with another program
    the release is of no use.
    """

    number: int
    index: str
    model: str
    sources: str
    code: str


class ReleaseFolder:
    """The folder of all releases."""

    def __init__(self, var_dir: Path) -> None:
        self.path = (var_dir / RELEASES).absolute()

    def of(self, number: int) -> Path:
        """Return the folder of a release."""
        return self.path / f"{number:04}"

    def model_of(self, number: int) -> Path:
        """Return the model of a release; its name tells which one the dialogue server uses."""
        return self.of(number) / f"ban-{number:04}.tar.gz"

    def is_whole(self, number: int) -> bool:
        """Tell whether the release's files are still there."""
        return (self.of(number) / INDEX / "meta.json").is_file() and self.model_of(number).is_file()

    def live(self) -> Live | None:
        """Return what is in service; None = what set-up built, or the release's files are gone."""
        try:
            live = Live(**json.loads((self.path / LIVE).read_text(encoding="utf8")))
        except (OSError, ValueError, TypeError):
            return None
        return live if Path(live.index).is_dir() and Path(live.model).is_file() else None

    def stamp(self) -> tuple[int, int] | None:
        """Return what changes whenever another release goes into service."""
        try:
            seen = (self.path / LIVE).stat()
        except OSError:
            return None
        return seen.st_ino, seen.st_mtime_ns

    def put_live(self, live: Live) -> None:
        """Put a release into service, for all processes, at once."""
        self.path.mkdir(parents=True, exist_ok=True)
        aside = self.path / f"{LIVE}.{os.getpid()}"
        with aside.open("w", encoding="utf8") as file:
            json.dump(asdict(live), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self.path / LIVE)

    def adopt(self, number: int, index: Path, model: Path, code: str) -> Live:
        """Keep what set-up built as a release, so that later set-ups do not change it, and put it into service."""
        folder = self.of(number)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        shutil.copytree(index, folder / INDEX)
        shutil.copyfile(model, self.model_of(number))
        live = self.described(number, model.name.removesuffix(".tar.gz"), code)
        self.put_live(live)
        return live

    def described(self, number: int, sources: str, code: str) -> Live:
        """Return a release as `put_live` takes it."""
        return Live(number, str(self.of(number) / INDEX), str(self.model_of(number)), sources, code)

    def keep_only(self, numbers: set[int]) -> None:
        """Delete the files of all other releases."""
        if not self.path.is_dir():
            return
        for folder in self.path.iterdir():
            if folder.is_dir() and folder.name.isdigit() and int(folder.name) not in numbers:
                shutil.rmtree(folder, ignore_errors=True)
