"""Sets everything up on a machine that has python3 and a package registry, and only what its inputs ask for.

    python3 scripts/bootstrap.py [--dev]

Finds or fetches Python 3.10 and 3.11, makes the two environments, the encoder, the index and the Rasa model.
Runs on any Python from 3.8, with nothing installed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Dict, List, Optional, Sequence

ROOT = Path(__file__).resolve().parents[1]
LOGS = ROOT / "var" / "log"
TOOLS = ROOT / "var" / "tools"
STILL_WORKING_S = 15
_say_lock = threading.Lock()


class SetupFailed(Exception):
    """A step failed; the message says in plain words what is missing and what to do."""


def say(text: str) -> None:
    with _say_lock:
        print(text, flush=True)


def run(title: str, command: Sequence[str], advice: str, environment: Optional[Dict[str, str]] = None) -> None:
    """Run a command with its output in a log file; say every few seconds that it still runs.

    Raises:
        SetupFailed: with the end of the log and the advice.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / ("%s.log" % hashlib.sha256(title.encode()).hexdigest()[:8])
    started = told = time.monotonic()
    say("→ %s" % title)
    with open(str(log), "w") as out:
        process = subprocess.Popen(
            list(command),
            cwd=str(ROOT),
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
        while process.poll() is None:
            time.sleep(0.2)
            if time.monotonic() - told >= STILL_WORKING_S:
                told = time.monotonic()
                say("  … %s: %d giây" % (title, told - started))
    if process.returncode != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise SetupFailed("%s không xong.\n%s\n\n%s\n(toàn bộ: %s)" % (title, tail, advice, log.relative_to(ROOT)))
    say("✓ %s (%d giây)" % (title, time.monotonic() - started))


def find_python(version: str) -> str:
    """Return an interpreter of that version, fetched with uv when the machine has none.

    Raises:
        SetupFailed: none found and none to be had.
    """
    for candidate in _candidates(version):
        if _is_version(candidate, version):
            return candidate
    say("→ máy chưa có Python %s, tải về bằng uv" % version)
    fetched = _fetch_with_uv(version)
    if fetched and _is_version(fetched, version):
        return fetched
    raise SetupFailed(
        "Máy chưa có Python %s và không tải được. Cài Python %s (ví dụ: apt install python%s python%s-venv, "
        "pyenv install %s, hoặc uv python install %s) rồi chạy lại." % ((version,) * 6)
    )


def _candidates(version: str) -> List[str]:
    found = [sys.executable, shutil.which("python" + version) or ""]
    pyenv = Path(os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv"))) / "versions"
    for folder in (pyenv, Path.home() / ".local" / "share" / "uv" / "python", TOOLS / "python"):
        if folder.is_dir():
            found += [str(p) for p in sorted(folder.glob("*%s*/bin/python%s" % (version, version)), reverse=True)]
    found += ["/usr/bin/python" + version, "/usr/local/bin/python" + version, "/opt/homebrew/bin/python" + version]
    return [candidate for candidate in found if candidate and Path(candidate).exists()]


def _is_version(python: str, version: str) -> bool:
    code = "import sys, ensurepip, venv; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=30, cwd="/")
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0 and done.stdout.strip() == version


def _fetch_with_uv(version: str) -> Optional[str]:
    uv = shutil.which("uv") or str(TOOLS / "uv" / "bin" / "uv")
    environment = {**os.environ, "UV_PYTHON_INSTALL_DIR": str(TOOLS / "python")}
    try:
        if not Path(uv).exists():
            subprocess.run([sys.executable, "-m", "venv", str(TOOLS / "uv")], check=True, capture_output=True)
            pip = [str(TOOLS / "uv" / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv==0.13.9"]
            subprocess.run(pip, check=True, capture_output=True)
        subprocess.run([uv, "python", "install", version], check=True, capture_output=True, env=environment)
        found = subprocess.run(
            [uv, "python", "find", version], check=True, capture_output=True, text=True, env=environment
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return found.stdout.strip()


def make_environment(name: str, version: str, requirements: str) -> None:
    """Make the virtual environment `name` with the pinned requirements, unless it holds just these already."""
    folder = ROOT / name
    wanted = hashlib.sha256((ROOT / "requirements" / requirements).read_bytes() + version.encode()).hexdigest()
    stamp = folder / ".requirements" / requirements
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not (folder / "bin" / "python").exists():
        python = find_python(version)
        run(
            "tạo môi trường %s (Python %s)" % (name, version),
            [python, "-m", "venv", str(folder)],
            "Máy thiếu mô-đun venv của Python (Debian/Ubuntu: gói python%s-venv)." % version,
        )
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(
        "cài thư viện vào %s" % name,
        [*pip, "-r", str(ROOT / "requirements" / requirements)],
        "Kiểm tra mạng tới kho gói Python (pip) và chỗ trống trên đĩa (cần chừng 6 GB), rồi chạy lại.",
    )
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(wanted)


def together(*steps) -> None:  # type: ignore[no-untyped-def]
    """Run steps side by side; raise the first failure after all have ended."""
    with ThreadPoolExecutor(len(steps)) as pool:
        for done in [pool.submit(step) for step in steps]:
            done.result()


def set_up(dev: bool) -> None:
    """Bring everything up to date."""
    together(
        lambda: make_environment(".venv-app", "3.11", "dev.txt" if dev else "app.txt"),
        lambda: make_environment(".venv-rasa", "3.10", "rasa.txt"),
    )
    together(build_index, train_model)


def build_index() -> None:
    python = str(ROOT / ".venv-app" / "bin" / "python")
    if subprocess.run([python, "-m", "knowledge", "build", "--check"], cwd=str(ROOT), capture_output=True).returncode:
        run(
            "mã hoá danh mục thủ tục (encoder, index)",
            [python, "-m", "knowledge", "build"],
            "Sửa các dòng báo lỗi ở trên; `make data` kiểm tra toàn bộ dữ liệu.",
        )


def train_model() -> None:
    python = str(ROOT / ".venv-rasa" / "bin" / "python")
    trained = "import sys; from bot.train import model_path; sys.exit(not model_path().exists())"
    if subprocess.run([python, "-c", trained], cwd=str(ROOT), capture_output=True).returncode:
        run(
            "huấn luyện mô hình hội thoại (Rasa)",
            [python, "-m", "bot.train"],
            "Sửa bot/, nlu_data/ hoặc config.yml theo dòng báo lỗi ở trên.",
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what the checks and tests need")
    options = parser.parse_args()
    started = time.monotonic()
    try:
        set_up(options.dev)
    except SetupFailed as failed:
        print("\nCHƯA CÀI ĐẶT XONG: %s" % failed, file=sys.stderr)
        return 1
    if time.monotonic() - started > 10:
        say("Cài đặt xong sau %d giây." % (time.monotonic() - started))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
