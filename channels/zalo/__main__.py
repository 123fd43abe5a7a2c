"""Signs the Official Account in: `python -m channels.zalo login-token`, the refresh token on standard input.

A token among the arguments would stand in the history of the shell and in the list of processes; so it is asked for.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

from dotenv import load_dotenv

from channels.settings import AppSettings
from channels.store.database import open_database
from channels.store.zalo_tokens import ZaloTokenStore
from channels.zalo.errors import ZaloError
from channels.zalo.oauth import ZaloOAuth
from channels.zalo.settings import ZaloSettings

ROOT = Path(__file__).parents[2]


def sign_in(refresh: str, app: AppSettings, settings: ZaloSettings) -> str:
    """Keep a refresh token, exchange it at once, and return a sentence for the person at the keyboard.

    Raises:
        ZaloError: Zalo gave no pair for it now; the token is kept and tried again when it is needed.
    """
    database = open_database(app.database_url)
    store = ZaloTokenStore(database, app.identity_key_bytes, settings.app_id)
    try:
        store.put_first(refresh)
        kept = store.rotate("", ZaloOAuth(settings).exchange)
    finally:
        database.dispose()
    if kept.pair is None:
        return "Zalo không nhận: refresh token này đã được dùng. Lấy refresh token mới rồi làm lại."
    until = datetime.fromtimestamp(kept.pair.expires_s).astimezone()
    return f"Đã đăng nhập. Access token dùng được đến {until:%H:%M %d/%m/%Y}, sau đó tự đổi."


def main(arguments: Sequence[str] | None = None, typed: TextIO | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m channels.zalo", description="Kênh Zalo Official Account")
    parser.add_argument("command", choices=["login-token"], help="nạp refresh token (hỏi, hoặc đọc từ stdin)")
    parser.parse_args(arguments)
    load_dotenv(ROOT / ".env")
    settings = ZaloSettings()
    if not settings.is_on:
        missing = ", ".join(settings.missing or ["MOT_CUA_ZALO_APP_ID"])
        print(f"Chưa đặt {missing} (xem .env.example).", file=sys.stderr)
        return 2
    source = typed or sys.stdin
    refresh = (getpass.getpass("Refresh token: ") if source.isatty() else source.readline()).strip()
    if not refresh:
        print("Chưa có refresh token.", file=sys.stderr)
        return 2
    try:
        said = sign_in(refresh, AppSettings(), settings)
    except ZaloError as error:
        print(f"Chưa đổi được token ({error}); đã cất và sẽ thử lại khi cần.", file=sys.stderr)
        return 1
    print(said)
    return 0 if said.startswith("Đã") else 1


if __name__ == "__main__":
    raise SystemExit(main())
