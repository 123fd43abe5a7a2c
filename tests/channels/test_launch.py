"""What `make run` starts: which programs, with which secrets, and what it says when it cannot."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from actions.one_stop.settings import OneStopSettings
from channels.launch import ROOT, programs
from channels.processes import Program
from channels.settings import AppSettings

RASA_PYTHON = Path("/venv/bin/python")


def planned(**one_stop: str) -> dict[str, Program]:
    """Return the programs by module name."""
    found = programs(AppSettings(port=8123), OneStopSettings(**one_stop), RASA_PYTHON)  # type: ignore[arg-type]
    return {program.command[program.command.index("-m") + 1]: program for program in found}


def test_without_a_real_system_the_simulator_stands_in() -> None:
    """And the app is told where it is."""
    wanted = planned()
    port = wanted["actions.one_stop.simulator"].command[-1]

    assert set(wanted) == {"actions.one_stop.simulator", "bot.serve", "channels.serve"}
    assert wanted["channels.serve"].environment["MOT_CUA_ONE_STOP_URL"] == f"http://127.0.0.1:{port}"


def test_with_a_real_system_no_simulator_runs() -> None:
    """Invented applications beside real ones would be a scandal."""
    assert set(planned(url="https://lgsp.example.gov.vn")) == {"bot.serve", "channels.serve"}


def test_no_processor_waits_for_another_one_s_numbers() -> None:
    """A second thread of OpenMP or OpenBLAS spins until it is needed; it took a whole processor."""
    wanted = planned()
    for name in ("bot.serve", "channels.serve"):
        for library in ("OMP", "OPENBLAS"):
            assert wanted[name].environment[f"{library}_NUM_THREADS"] == "1"


def test_rasa_and_the_app_share_a_secret_made_anew() -> None:
    """It is on no disk and not in the simulator's environment."""
    first, second = planned(), planned()
    secret = first["channels.serve"].environment["MOT_CUA_ACTION_SECRET"]

    assert len(secret) >= 32
    assert first["bot.serve"].environment["MOT_CUA_RASA_ACTION_SECRET"] == secret
    assert second["channels.serve"].environment["MOT_CUA_ACTION_SECRET"] != secret
    assert secret not in repr(first["actions.one_stop.simulator"])
    assert not any(secret in word for program in first.values() for word in program.command)


def test_rasa_runs_in_its_own_environment_and_calls_back_on_loopback() -> None:
    """Two Pythons, one machine, quiet."""
    rasa = planned()["bot.serve"]

    assert rasa.command[0] == str(RASA_PYTHON)
    assert rasa.environment["MOT_CUA_RASA_ACTION_URL"] == "http://127.0.0.1:8123/actions/webhook"
    assert rasa.environment["RASA_TELEMETRY_ENABLED"] == "false"


def test_both_keep_conversations_equally_long() -> None:
    """Retention is one promise."""
    found = programs(AppSettings(retention_days=30), OneStopSettings(), RASA_PYTHON)
    (rasa,) = [program for program in found if "bot.serve" in program.command]

    assert rasa.environment["MOT_CUA_RASA_RETENTION_DAYS"] == "30"


def test_a_taken_port_is_told_in_plain_words(tmp_path: Path) -> None:
    """The most common fault of a first start: no stack trace, and what to change."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MOT_CUA_")},
            "MOT_CUA_PORT": str(taken.getsockname()[1]),
            "MOT_CUA_HOST": "127.0.0.1",
            "MOT_CUA_VAR_DIR": str(tmp_path),
        }
        done = subprocess.run(
            [sys.executable, "-m", "channels.serve"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert done.returncode == 2
    assert "MOT_CUA_PORT" in done.stderr and "Traceback" not in done.stderr


def test_a_missing_index_is_told_in_plain_words(tmp_path: Path) -> None:
    """And code 2 keeps the launcher from trying for ever."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MOT_CUA_")},
        "MOT_CUA_PORT": "0",
        "MOT_CUA_VAR_DIR": str(tmp_path),
        "MOT_CUA_ENCODER": str(tmp_path / "none"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "channels.serve"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 2
    assert "make setup" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_before_it_is_ready_stops_everything(tmp_path: Path, number: signal.Signals) -> None:
    """Impatience is no reason for orphans."""
    stub = tmp_path / "python"
    stub.write_text('#!/bin/sh\necho $$ >> "$PIDS"\nexec sleep 60\n')
    stub.chmod(0o755)
    code = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom channels import launch\n"
        "from channels.settings import AppSettings\nfrom actions.one_stop.settings import OneStopSettings\n"
        f"launch.sys.executable = {str(stub)!r}\n"
        f"sys.exit(asyncio.run(launch.run(AppSettings(port=9), OneStopSettings(), Path({str(stub)!r}))))\n"
    )
    environment = {**os.environ, "PIDS": str(tmp_path / "pids")}
    launcher = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    try:
        pids = tmp_path / "pids"
        for _ in range(300):
            if pids.exists() and len(pids.read_text().split()) == 3:
                break
            time.sleep(0.05)
        launcher.send_signal(number)
        out, _ = launcher.communicate(timeout=60)
    finally:
        launcher.kill()

    assert launcher.returncode == 0
    assert "Đã dừng" in out.decode()
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids.read_text().split())
