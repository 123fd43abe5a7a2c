"""What identifies built things: data files, encoder, format. Light to import: set-up asks at every start."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from knowledge.catalogue import CATALOGUE, LIFE_EVENTS

FORMAT = 10
#: Questions that are none of ours, and procedures of other offices; part of every index.
OUTSIDE = Path(__file__).parent / "outside"
ELSEWHERE = Path(__file__).parent / "elsewhere"
META = "meta.json"
#: The map of the encoder's vectors that the fit learned; see projection.py.
PROJECTION = Path(__file__).parent / "projection.npz"


def fingerprint_of(model: str | Path) -> str:
    """Return what identifies an encoder: its name and, for a folder, the content of its files."""
    folder = Path(model)
    digest = hashlib.sha256(folder.name.encode())
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.is_file():
                digest.update(path.name.encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    else:
        digest.update(str(model).encode())
    return digest.hexdigest()[:16]


def content_fingerprint(*folders: Path) -> str:
    """Return what identifies the data files below the folders; changes when any byte of any file does."""
    digest = hashlib.sha256(str(FORMAT).encode())
    for folder in folders:
        for path in sorted(folder.rglob("*.yml")):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def is_current(out: Path, encoder_fingerprint: str, folder: Path = CATALOGUE, life_events: Path = LIFE_EVENTS) -> bool:
    """Tell whether the index in `out` was built from these data files and this encoder."""
    try:
        meta = json.loads((out / META).read_text(encoding="utf8"))
    except (OSError, ValueError):
        return False
    wanted = (
        FORMAT,
        content_fingerprint(folder, life_events, OUTSIDE, ELSEWHERE),
        encoder_fingerprint,
        projection_fingerprint(),
    )
    return tuple(meta.get(name) for name in ("format", "catalogue", "encoder", "projection")) == wanted


def projection_fingerprint() -> str:
    """Return what identifies the learned map; empty when there is none."""
    return hashlib.sha256(PROJECTION.read_bytes()).hexdigest()[:16] if PROJECTION.exists() else ""
