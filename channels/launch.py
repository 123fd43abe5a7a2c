"""Starts everything with one command: the dialogue server, the app, and the simulator when no real system is set.

`python -m channels.launch` waits until all are ready, prints the address, and stops all of them on Ctrl-C.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
from dotenv import load_dotenv

from actions.one_stop.settings import OneStopSettings
from channels.processes import CannotStart, Keeper, Program
from channels.settings import AppSettings
from channels.teaching.releases import RELEASES

ROOT = Path(__file__).parents[1]
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
READY_WITHIN_S = 120.0
#: A turn is too small to be shared between processors: threads of OpenMP and OpenBLAS would wait by spinning.
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


def programs(
    settings: AppSettings,
    one_stop: OneStopSettings,
    rasa_python: Path,
    rasa_environment: Mapping[str, str] | None = None,
) -> list[Program]:
    """Return what has to run: rasa and the app share a secret made here; it is nowhere on disk."""
    secret = secrets.token_urlsafe(32)
    app = {
        **ONE_THREAD,
        "MOT_CUA_ACTION_SECRET": secret,
        "MOT_CUA_RASA": settings.rasa,
        "MOT_CUA_PORT": str(settings.port),
        "MOT_CUA_DB_URL": settings.database_url,
    }
    rasa = {
        **ONE_THREAD,
        "MOT_CUA_RASA_HOST": settings.rasa,
        "MOT_CUA_RASA_DB_URL": os.environ.get("MOT_CUA_RASA_DB_URL", str(settings.var_dir / "conversations.db")),
        "MOT_CUA_RASA_RELEASES": os.environ.get("MOT_CUA_RASA_RELEASES", str(settings.var_dir / RELEASES)),
        "MOT_CUA_RASA_ACTION_URL": f"http://127.0.0.1:{settings.port}/actions/webhook",
        "MOT_CUA_RASA_ACTION_SECRET": secret,
        "MOT_CUA_RASA_RETENTION_DAYS": str(settings.retention_days),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "LOG_LEVEL": "WARNING",
        "PYTHONWARNINGS": "ignore",
        **(rasa_environment or {}),
    }
    wanted = []
    if one_stop.is_simulated:
        port = _free_port()
        app["MOT_CUA_ONE_STOP_URL"] = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "actions.one_stop.simulator", "--port", str(port)]
        wanted.append(Program("hệ thống một cửa mô phỏng", command))
    wanted.append(Program("máy chủ hội thoại", [str(rasa_python), "-m", "bot.serve"], rasa))
    wanted.append(Program("ứng dụng", [sys.executable, "-m", "channels.serve"], app))
    return wanted


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def wait_until_ready(base_url: str, keeper: Keeper, within_s: float = READY_WITHIN_S) -> bool:
    """Tell whether /healthz says that all needed parts are up, before the time is over or the keeper stops."""
    until = time.monotonic() + within_s
    async with httpx.AsyncClient(base_url=base_url, timeout=5.0, trust_env=False) as http:
        while time.monotonic() < until and not keeper.is_stopping:
            with contextlib.suppress(httpx.HTTPError, ValueError):
                if (await http.get("/healthz")).json()["ok"]:
                    return True
            await asyncio.sleep(0.3)
    return False


async def run(settings: AppSettings, one_stop: OneStopSettings, rasa_python: Path = RASA_PYTHON) -> int:
    """Keep everything running until Ctrl-C or SIGTERM; return the exit code."""
    keeper = Keeper(ROOT)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, keeper.stop)
    started = time.monotonic()
    keeping = asyncio.create_task(keeper.keep(programs(settings, one_stop, rasa_python)))
    ready = asyncio.create_task(wait_until_ready(f"http://127.0.0.1:{settings.port}", keeper))
    await asyncio.wait([keeping, ready], return_when=asyncio.FIRST_COMPLETED)
    if ready.done() and ready.result():
        seconds = time.monotonic() - started
        print(f"Sẵn sàng sau {seconds:.0f} giây: http://localhost:{settings.port}  (Ctrl-C để dừng)", flush=True)
        if one_stop.is_simulated:
            print("Tra hồ sơ: dùng hệ thống một cửa MÔ PHỎNG, hồ sơ là bịa (actions/one_stop/simulator/README.md)")
    elif not keeping.done() and not keeper.is_stopping:
        print("Chưa sẵn sàng sau hai phút; xem GET /healthz để biết phần nào chưa lên.", file=sys.stderr)
    try:
        await keeping
    except CannotStart as failed:
        print(f"Không khởi động được {failed}: xem dòng báo lỗi ở trên.", file=sys.stderr)
        return 2
    finally:
        ready.cancel()
    print("Đã dừng.", flush=True)
    return 0


def main() -> int:
    """Run from the command line."""
    if not RASA_PYTHON.exists():
        print("Chưa cài đặt xong: chạy `make run` (hoặc `make setup`).", file=sys.stderr)
        return 2
    load_dotenv(ROOT / ".env")  # one file for all processes
    return asyncio.run(run(AppSettings(), OneStopSettings()))


if __name__ == "__main__":
    raise SystemExit(main())
