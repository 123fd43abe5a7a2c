"""Keeping programs running: restart, stop, giving up, and no orphan whatever happens."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from channels.processes import CannotStart, Keeper, Program

ROOT = Path(__file__).parents[2]
LINUX_ONLY = pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends orphans on Linux only")


def program(name: str, code: str, **environment: str) -> Program:
    return Program(name, [sys.executable, "-c", code], environment)


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


async def until(condition: Callable[[], object], within_s: float = 30.0) -> None:
    """Wait for a condition."""
    end = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.02)


def writing(path: Path, then: str = "time.sleep(60)") -> str:
    """Return a program that writes its process id and goes on."""
    return f"import os, sys, time; open({str(path)!r}, 'a').write(str(os.getpid()) + '\\n'); {then}"


async def test_a_program_that_dies_is_started_again(tmp_path: Path) -> None:
    """A citizen's next message works."""
    path = tmp_path / "pids"
    keeper = Keeper(tmp_path)
    keeping = asyncio.create_task(keeper.keep([program("p", writing(path))]))
    await until(lambda: lines(path))
    os.kill(int(lines(path)[0]), signal.SIGKILL)
    await until(lambda: len(lines(path)) == 2)

    assert keeper.process_ids()["p"] == int(lines(path)[1])
    keeper.stop()
    await keeping
    assert not any(is_alive(int(pid)) for pid in lines(path))


async def test_one_that_dies_at_once_is_not_started_in_a_frenzy(tmp_path: Path) -> None:
    """Pauses grow: a broken disk must not fill the log."""
    path = tmp_path / "pids"
    keeper = Keeper(tmp_path)
    keeping = asyncio.create_task(keeper.keep([program("p", writing(path, "sys.exit(1)"))]))
    await asyncio.sleep(2.5)
    keeper.stop()
    await keeping

    assert 2 <= len(lines(path)) <= 4


async def test_stopping_stops_all_and_asks_politely_first(tmp_path: Path) -> None:
    """Rasa closes its store, the app its database."""
    polite = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: (open('bye', 'a').write('x'), sys.exit()));"
        "open('up', 'a').write('x'); time.sleep(60)"
    )
    keeper = Keeper(tmp_path)
    keeping = asyncio.create_task(keeper.keep([program("a", polite), program("b", polite)]))
    await until(lambda: lines(tmp_path / "up") == ["xx"])
    keeper.stop()
    await keeping

    assert lines(tmp_path / "bye") == ["xx"]
    assert keeper.is_stopping


async def test_one_that_does_not_listen_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C must work, whatever hangs."""
    monkeypatch.setattr("channels.processes.STOP_WITHIN_S", 0.3)
    path = tmp_path / "pids"
    deaf = writing(path, "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True)")
    keeper = Keeper(tmp_path)
    keeping = asyncio.create_task(keeper.keep([program("p", deaf + "; time.sleep(60)")]))
    await until(lambda: lines(path))
    await asyncio.sleep(0.2)
    keeper.stop()
    await keeping

    assert not is_alive(int(lines(path)[0]))


async def test_one_that_can_never_start_stops_the_others(tmp_path: Path) -> None:
    """Code 2 says: settings or files are wrong. The other programs must not stay behind."""
    path = tmp_path / "pids"
    keeper = Keeper(tmp_path)
    wanted = [program("good", writing(path)), program("broken", "import sys, time; time.sleep(0.5); sys.exit(2)")]

    with pytest.raises(CannotStart, match="broken"):
        await keeper.keep(wanted)
    assert not any(is_alive(int(pid)) for pid in lines(path))


async def test_a_program_gets_its_environment_and_no_other(tmp_path: Path) -> None:
    """The secret goes to two programs, not to the simulator."""
    code = "import os; open('env-' + os.environ.get('NAME', 'none'), 'w').close(); import time; time.sleep(60)"
    keeper = Keeper(tmp_path)
    keeping = asyncio.create_task(keeper.keep([program("a", code, NAME="a"), program("b", code)]))
    await until(lambda: {p.name for p in tmp_path.glob("env-*")} == {"env-a", "env-none"})
    keeper.stop()
    await keeping


@LINUX_ONLY
async def test_no_orphan_when_the_keeper_itself_is_killed(tmp_path: Path) -> None:
    """kill -9, or the machine ran out of memory: the port must be free for the next start."""
    path = tmp_path / "pids"
    code = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from channels.processes import Keeper, Program\n"
        f"asyncio.run(Keeper(Path('.')).keep([Program('p', [sys.executable, '-c', {writing(path)!r}])]))\n"
    )
    keeper = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    try:
        await until(lambda: lines(path))
        keeper.kill()
        keeper.wait()
        await until(lambda: not is_alive(int(lines(path)[0])))
    finally:
        keeper.kill()
