"""`python -m channels staff …`: the first account, and help for an office that is locked out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def run(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Run the command over an empty folder, the password by a pipe."""

    def command(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "MOT_CUA_VAR_DIR": str(tmp_path), "MOT_CUA_DB_URL": f"sqlite:///{tmp_path}/app.db"}
        return subprocess.run(
            [sys.executable, "-m", "channels", "staff", *arguments],
            input=typed,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=environment,
            check=False,
        )

    return command


def test_the_first_admin_is_made_with_a_password_printed_once(run) -> None:  # type: ignore[no-untyped-def]
    """Nothing typed: one is made up."""
    made = run("add", "lan", "--role", "admin", "--full-name", "Cô Lan", "--one-time")
    assert made.returncode == 0, made.stderr
    password = made.stdout.split()[-1]
    assert len(password) == 19
    listed = run("list")
    assert "lan" in listed.stdout and "admin" in listed.stdout and password not in listed.stdout


def test_a_password_comes_from_the_terminal_never_from_the_command_line(run) -> None:  # type: ignore[no-untyped-def]
    """Arguments are seen by everybody on the machine."""
    assert run("add", "lan", "--password", "x").returncode == 2
    assert run("add", "lan", typed="ngắn\n").returncode == 1
    assert run("add", "lan", typed="ba con mèo đen\n").returncode == 0
    assert "đã có người dùng" in run("add", "lan", typed="ba con mèo đen\n").stderr


def test_roles_locks_and_resets_work_without_the_desk(run) -> None:  # type: ignore[no-untyped-def]
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
