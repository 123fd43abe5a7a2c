"""Trains the model when its sources have changed: `python -m bot.train`."""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bot.components.catalogue_names import names_blocks
from bot.settings import MODELS_FOLDER

DATA = "nlu_data"
SOURCES = (
    "config.yml",
    "bot/domain",
    "bot/dialogue",
    "bot/components",
    "bot/slots.py",
    DATA,
    "knowledge/vietnamese.py",
    "knowledge/codes.py",
    "knowledge/phrases.py",
)


#: Of the procedures only their names are learned from: a mended fee needs no training.
CATALOGUE = "knowledge/catalogue"


class TrainingFailed(Exception):
    """The model could not be trained; what is wrong was printed above."""


def source_files(root: Path) -> list[Path]:
    """Return every file that the model depends on, sorted."""
    found: set[Path] = set()
    for source in SOURCES:
        path = root / source
        found |= {path} if path.is_file() else {one for one in path.rglob("*") if one.suffix in {".yml", ".py"}}
    return sorted(found)


def content_hash(root: Path = Path()) -> str:
    """Return sixteen letters that change whenever a source of the model changes."""
    digest = hashlib.sha256()
    for path in source_files(root):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for path, block in names_blocks(root / CATALOGUE):
        digest.update(f"{path.stem}\0{block}".encode())
    return digest.hexdigest()[:16]


def code_hash(root: Path = Path()) -> str:
    """Return sixteen letters that change with every source of the model that is no data: a model needs its code."""
    digest = hashlib.sha256()
    for path in source_files(root):
        if not path.is_relative_to(root / DATA):
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def model_path(root: Path = Path()) -> Path:
    """Return where the model of the sources as they are belongs."""
    return root / MODELS_FOLDER / f"{content_hash(root)}.tar.gz"


def make_model(path: Path) -> int:
    """Let Rasa train from the sources as they are and write the model; return its exit code."""
    import rasa.model_training  # slow to import, and not needed when the model is there
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(40)
    result = rasa.model_training.train(
        domain="bot/domain",
        config="config.yml",
        training_files=["nlu_data", "bot/dialogue"],
        output=str(path.parent),
        fixed_model_name=path.name.removesuffix(".tar.gz"),
        force_training=True,
    )
    return int(result.code)


def train(force: bool = False, make: Callable[[Path], int] = make_model) -> Path:
    """Train unless the model of these sources is there already; return its path.

    make: writes the model to a path and returns an exit code.

    Raises:
        TrainingFailed: Rasa gave no model.
    """
    wanted = model_path()
    if wanted.exists() and not force:
        print(f"Mô hình đã có, không cần huấn luyện lại (model is up to date): {wanted}")
        return wanted
    print(f"Đang huấn luyện mô hình (training) {wanted.name} …", flush=True)
    started = time.perf_counter()
    wanted.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=wanted.parent, prefix="making-") as folder:
        made = Path(folder) / wanted.name
        code = make(made)
        if code != 0 or not made.exists():
            raise TrainingFailed(f"no model came out (code {code})")
        made.replace(wanted)  # at once: nobody ever finds half a model under its name
    print(f"Xong sau {time.perf_counter() - started:.0f} giây (done): {wanted}, {wanted.stat().st_size >> 10} kB")
    return wanted


def main(arguments: list[str] | None = None) -> int:
    """Train from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.train", description=__doc__)
    parser.add_argument("--force", action="store_true", help="train even when nothing has changed")
    options = parser.parse_args(arguments)
    try:
        train(options.force)
    except TrainingFailed as error:
        print(f"Không huấn luyện được mô hình (training failed): {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
