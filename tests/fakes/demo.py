"""Everything at once for a stranger without tokens: the assistant, a stand-in Telegram and Zalo (`make demo-channels`).

What is said stays in a folder of its own that goes at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import sys
import tempfile

from actions.one_stop.settings import OneStopSettings
from channels import launch
from channels.processes import Keeper, Program
from channels.settings import AppSettings
from tests.fakes import telegram_page, zalo


def environment(app_url: str, telegram_url: str, zalo_url: str, refresh: str, folder: str) -> dict[str, str]:
    """Return what the app has to be told."""
    return {
        "MOT_CUA_PUBLIC_URL": app_url,
        "MOT_CUA_DB_URL": f"sqlite:///{folder}/app.db",
        "MOT_CUA_RASA_DB_URL": f"{folder}/conversations.db",
        **telegram_page.environment(telegram_url),
        **zalo.environment(zalo.FakeZalo(first_refresh=refresh), zalo_url),
    }


def stand_ins(app_url: str, telegram_port: int, zalo_port: int, refresh: str) -> list[Program]:
    """Return the two platforms as programs."""
    telegram = [sys.executable, "-m", "tests.fakes.telegram", "--quiet", "--port", str(telegram_port)]
    zalo_command = [sys.executable, "-m", "tests.fakes.zalo", "--port", str(zalo_port), "--app", app_url]
    return [
        Program("Telegram giả lập", telegram),
        Program("Zalo giả lập", [*zalo_command, "--refresh-token", refresh]),
    ]


async def run(telegram_port: int, zalo_port: int, folder: str) -> int:
    """Keep all of it running until Ctrl-C."""
    app_url = f"http://127.0.0.1:{AppSettings().port}"
    telegram_url, zalo_url = (f"http://127.0.0.1:{port}" for port in (telegram_port, zalo_port))
    refresh = f"refresh-{secrets.token_hex(8)}"
    os.environ.update(environment(app_url, telegram_url, zalo_url, refresh, folder))
    keeper = Keeper(launch.ROOT)
    keeping = asyncio.create_task(keeper.keep(stand_ins(app_url, telegram_port, zalo_port, refresh)))
    print(f"Telegram giả lập: {telegram_url}   Zalo giả lập: {zalo_url}   (mọi thứ ở đó là bịa)", flush=True)
    try:
        return await launch.run(AppSettings(), OneStopSettings())
    finally:
        keeper.stop()
        await keeping


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.demo", description="Thử Telegram và Zalo giả lập")
    parser.add_argument("--telegram-port", type=int, default=8081)
    parser.add_argument("--zalo-port", type=int, default=8091)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="mot-cua-thu-") as folder:
        return asyncio.run(run(given.telegram_port, given.zalo_port, folder))


if __name__ == "__main__":
    raise SystemExit(main())
