"""A file as a crash leaves it: cut, or not there."""

from __future__ import annotations

from pathlib import Path


def cut(path: Path, kept: int | None) -> None:
    """Keep the first bytes of a file (negative: all but the last ones); None takes the file away."""
    if kept is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:kept])
