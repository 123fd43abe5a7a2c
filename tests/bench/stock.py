"""A stock bot, as `rasa init` makes it: trained and served by Rasa's own commands."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

TEXTS = ("hello", "i am sad", "yes", "perfect", "bye", "are you a bot?", "i feel great", "no")
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "LOG_LEVEL": "ERROR",
    "PYTHONWARNINGS": "ignore",
}


def free_port() -> int:
    """Return a port of loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def stock_bot(rasa: Path, folder: Path) -> Iterator[tuple[str, int]]:
    """Make, train and serve the stock bot in `folder`; give (webhook address, process id)."""
    environment = {**os.environ, **QUIET}
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob("models/*.tar.gz")):
        subprocess.run(
            [str(rasa), "init", "--no-prompt", "--init-dir", str(folder)],
            check=True,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    port = free_port()
    command = [str(rasa), "run", "--port", str(port), "--interface", "127.0.0.1"]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/", process)
        yield f"http://127.0.0.1:{port}/webhooks/rest/webhook", process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _wait(url: str, process: subprocess.Popen[bytes], seconds: float = 120.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(url, timeout=2.0).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    raise RuntimeError("the stock bot did not start")
