"""Keeps child processes running: starts them, restarts one that dies, stops them all; leaves no orphan behind."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CANNOT_START = 2
STOP_WITHIN_S = 8.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 15.0
STEADY_AFTER_S = 30.0
_PR_SET_PDEATHSIG = 1


class CannotStart(RuntimeError):
    """A process ended with code 2: its settings or files are wrong, and starting it again would not help."""


@dataclass(frozen=True)
class Program:
    """A program to keep running: a name for people, its command, and what it needs in its environment."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class Keeper:
    """Runs programs until it is told to stop. A program that dies is started again, with growing pauses."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._stopping = asyncio.Event()
        self._running: dict[str, asyncio.subprocess.Process] = {}

    def stop(self) -> None:
        """Ask `keep` to stop all programs."""
        self._stopping.set()

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def process_ids(self) -> dict[str, int]:
        """Return the process ids by program name."""
        return {name: process.pid for name, process in self._running.items()}

    async def keep(self, programs: Sequence[Program]) -> None:
        """Run the programs until `stop` is called.

        Raises:
            CannotStart: one of them says that it can never start; the others have been stopped.
        """
        tasks = [asyncio.create_task(self._keep_one(program)) for program in programs]
        try:
            await asyncio.wait(
                [*tasks, stop := asyncio.create_task(self._stopping.wait())], return_when="FIRST_COMPLETED"
            )
            stop.cancel()
        finally:
            self._stopping.set()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _keep_one(self, program: Program) -> None:
        pause = FIRST_PAUSE_S
        while not self._stopping.is_set():
            started = time.monotonic()
            process = await asyncio.create_subprocess_exec(
                *program.command,
                cwd=self._root,
                env={**os.environ, **program.environment},
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
            self._running[program.name] = process
            code = await self._wait(process)
            if self._stopping.is_set():
                return
            if code == CANNOT_START:
                raise CannotStart(program.name)
            pause = FIRST_PAUSE_S if time.monotonic() - started > STEADY_AFTER_S else min(pause * 2, LONGEST_PAUSE_S)
            print(f"  {program.name} đã dừng (mã {code}), khởi động lại sau {pause:g} giây", flush=True)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _wait(self, process: asyncio.subprocess.Process) -> int:
        """Wait for the process, or stop it when all are to stop."""
        ended = asyncio.create_task(process.wait())
        stop = asyncio.create_task(self._stopping.wait())
        await asyncio.wait([ended, stop], return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not ended.done():
            _signal(process, signal.SIGTERM)
            await asyncio.wait([ended], timeout=STOP_WITHIN_S)
        if not ended.done():
            _signal(process, signal.SIGKILL)
        return await ended


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _die_with_parent() -> None:
    """Let the kernel end the child when the keeper itself is killed (Linux)."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
