"""`python -m channels staff …`: the first account, and help for an office that is locked out."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from channels.staff.commands import staff_command

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command over an empty folder, the password by a pipe."""
    for name, value in _settings(tmp_path).items():
        monkeypatch.setenv(name, value)

    def command(*arguments: str, typed: str = "") -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        capsys.readouterr()
        try:
            code = staff_command(arguments)
        except SystemExit as left:  # argparse found a fault
            code = int(left.code or 0)
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return command


def _settings(folder: Path) -> dict[str, str]:
    return {"MOT_CUA_VAR_DIR": str(folder), "MOT_CUA_DB_URL": f"sqlite:///{folder}/app.db"}


def test_it_is_a_command_of_the_app(tmp_path: Path) -> None:
    """As the handbook writes it."""
    command = [sys.executable, "-m", "channels", "staff", "add", "lan", "--role", "admin"]
    environment = {**os.environ, **_settings(tmp_path)}
    done = subprocess.run(
        command, input="ba con mèo đen\n", capture_output=True, text=True, cwd=ROOT, env=environment, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "Đã thêm lan" in done.stdout


def test_the_first_admin_is_made_with_a_password_printed_once(run: Run) -> None:
    """Nothing typed: one is made up."""
    made = run("add", "lan", "--role", "admin", "--full-name", "Cô Lan", "--one-time")
    assert made.returncode == 0, made.stderr
    password = made.stdout.split()[-1]
    assert len(password) == 19
    listed = run("list")
    assert "lan" in listed.stdout and "admin" in listed.stdout and password not in listed.stdout


def test_a_password_comes_from_the_terminal_never_from_the_command_line(run: Run) -> None:
    """Arguments are seen by everybody on the machine."""
    assert run("add", "lan", "--password", "x").returncode == 2
    assert run("add", "lan", typed="ngắn\n").returncode == 1
    assert run("add", "lan", typed="ba con mèo đen\n").returncode == 0
    assert "đã có người dùng" in run("add", "lan", typed="ba con mèo đen\n").stderr


def test_roles_locks_and_resets_work_without_the_desk(run: Run) -> None:
    """Also for the last admin's forgotten password, but never so that no admin is left."""
    run("add", "lan", "--role", "admin", "--one-time")
    assert run("disable", "lan").returncode == 1
    assert run("role", "lan", "clerk").returncode == 1
    assert "chỉ hiện lần này" in run("reset", "lan").stdout
    run("add", "minh", "--role", "admin", "--one-time")
    assert run("role", "lan", "clerk").returncode == 0
    assert run("disable", "lan").returncode == 0
    assert "đã khóa" in run("list").stdout
    assert run("enable", "lan").returncode == 0
    assert run("reset", "nobody").returncode == 1
