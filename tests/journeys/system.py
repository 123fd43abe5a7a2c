"""Runs the whole system for tests as `make run` does: dialogue server, app and simulator, on ports of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from actions.one_stop.simulator.server import running_simulator

ROOT = Path(__file__).parents[2]
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
READY_WITHIN_S = 120.0
STOP_WITHIN_S = 25.0
#: A trained model, trained when the sources have changed; printed by the dialogue side itself.
TRAIN = "from bot.train import train; print(train())"


class NotSetUp(Exception):
    """An environment, the index or the encoder is missing; `make setup` makes them."""


@dataclass
class System:
    """A running system and a way to talk to it.

    launcher: the process that keeps the others.  one_stop: controls of the simulator.
    """

    url: str
    http: httpx.Client
    one_stop: httpx.Client
    launcher: subprocess.Popen[bytes] | None = None
    var_dir: Path | None = None
    log: Path | None = None

    def say(self, conversation: str, said: dict[str, str], message_id: str | None = None) -> httpx.Response:
        """Send one message (`{"text": …}` or `{"payload": …}`) and return the answer."""
        body = {"conversation_id": conversation, "message_id": message_id or uuid.uuid4().hex, **said}
        return self.http.post("/api/v1/messages", json=body)

    def set_one_stop(self, **orders: Any) -> None:
        """Tell the simulator how to behave: `set_one_stop(mode="down")`."""
        self.one_stop.post("/simulator/mode", json=orders).raise_for_status()

    def wait_until_ready(self, within_s: float = READY_WITHIN_S) -> dict[str, Any]:
        """Return what /healthz tells once all needed parts are up."""
        until = time.monotonic() + within_s
        told: dict[str, Any] = {}
        while time.monotonic() < until:
            if self.launcher and self.launcher.poll() is not None:
                raise RuntimeError(f"the system ended while starting:\n{self.told()}")
            try:
                told = self.http.get("/healthz", timeout=5.0).json()
                if told["ok"]:
                    return told
            except (httpx.HTTPError, ValueError):
                pass
            time.sleep(0.2)
        raise RuntimeError(f"not ready within {within_s:g} s: {told}\n{self.told()}")

    def told(self) -> str:
        """Return what the processes printed."""
        return self.log.read_text(encoding="utf8", errors="replace") if self.log else ""

    def children(self) -> dict[str, int]:
        """Return the launcher's processes by module name: {"bot.serve": 4711, …}."""
        found: dict[str, int] = {}
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit() or self.launcher is None:
                continue
            try:
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                words = (folder / "cmdline").read_bytes().decode().split("\0")
            except (OSError, ValueError, IndexError):
                continue
            if parent == self.launcher.pid and "-m" in words:
                found[words[words.index("-m") + 1]] = int(folder.name)
        return found


def is_alive(pid: int) -> bool:
    """Tell whether a process still runs; a dead one that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def trained_model() -> Path:
    """Return the model of the sources as they are; trains when there is none (about a minute).

    Raises:
        NotSetUp: the environment is missing, or nothing could be trained.
    """
    if not RASA_PYTHON.exists():
        raise NotSetUp(".venv-rasa is missing: make setup")
    done = subprocess.run([str(RASA_PYTHON), "-c", TRAIN], cwd=ROOT, capture_output=True, text=True, timeout=900)
    lines = done.stdout.strip().splitlines()
    if done.returncode != 0 or not lines:
        raise NotSetUp(f"no model could be trained:\n{done.stderr[-2000:]}")
    return ROOT / lines[-1]


def environment(var_dir: Path, port: int, one_stop_url: str, model: Path) -> dict[str, str]:
    """Return the settings of a system that shares the built parts with `make run` and nothing else."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("MOT_CUA_")}
    return mine | {
        "MOT_CUA_HOST": "127.0.0.1",
        "MOT_CUA_PORT": str(port),
        "MOT_CUA_VAR_DIR": str(var_dir),
        "MOT_CUA_RASA": f"unix:{var_dir / 'run' / 'rasa.sock'}",
        "MOT_CUA_RASA_MODEL": str(model),
        # A person's .env fills in what is not set here: it must not lead to real databases.
        "MOT_CUA_DB_URL": f"sqlite:///{var_dir / 'app.db'}",
        "MOT_CUA_RASA_DB_URL": str(var_dir / "conversations.db"),
        "MOT_CUA_RASA_REDIS_URL": "",
        "MOT_CUA_ONE_STOP_ADAPTER": "lgsp",
        "MOT_CUA_ENCODER": str(ROOT / "var" / "encoder" / "e5-small-vi"),
        "MOT_CUA_ONE_STOP_URL": one_stop_url,
        "MOT_CUA_ONE_STOP_TIMEOUT_S": "2",
        "MOT_CUA_ONE_STOP_BREAKER_PAUSE_S": "0.2",
        "MOT_CUA_ONE_STOP_REFUSAL_STEP_S": "0.1",
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def running_system(more: Mapping[str, str] | None = None, port: int | None = None) -> Iterator[System]:
    """Start everything, wait until it is ready, and stop it as Ctrl-C does; no process and no file is left.

    more: further settings.  port: where the app listens, when somebody has to know before it starts.

    Raises:
        NotSetUp: something that `make setup` makes is missing.
    """
    for built in ("var/index/meta.json", "var/encoder/e5-small-vi"):
        if not (ROOT / built).exists():
            raise NotSetUp(f"{built} is missing: make setup")
    model = trained_model()
    folder = Path(tempfile.mkdtemp(prefix="mot-cua-"))  # a short path: a socket's may have 107 letters
    try:
        shutil.copytree(ROOT / "var" / "index", folder / "index")  # a new index built meanwhile is not ours
        with running_simulator() as one_stop_url:
            port = port or free_port()
            log = folder / "printed.log"
            with log.open("wb") as out:
                launcher = subprocess.Popen(
                    [sys.executable, "-m", "channels.launch"],
                    cwd=ROOT,
                    env=environment(folder, port, one_stop_url, model) | dict(more or {}),
                    stdout=out,
                    stderr=subprocess.STDOUT,
                )
            url = f"http://127.0.0.1:{port}"
            with (
                httpx.Client(base_url=url, timeout=30.0, trust_env=False) as http,
                httpx.Client(base_url=one_stop_url, trust_env=False) as one_stop,
            ):
                system = System(url, http, one_stop, launcher, folder, log)
                try:
                    system.wait_until_ready()
                    yield system
                finally:
                    stop(system)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stop(system: System) -> None:
    """Press Ctrl-C and make sure that nothing of the system is left.

    Raises:
        AssertionError: a process outlived the launcher, or the launcher did not live that long.
    """
    assert system.launcher is not None
    children = system.children()
    assert system.launcher.poll() is None, f"the launcher ended before its time:\n{system.told()}"
    system.launcher.send_signal(signal.SIGINT)
    try:
        system.launcher.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        system.launcher.kill()
        system.launcher.wait()
    left = {name: pid for name, pid in children.items() if is_alive(pid)}
    for pid in left.values():
        os.kill(pid, signal.SIGKILL)
    assert not left, f"processes outlived the launcher: {left}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
