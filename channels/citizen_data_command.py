"""`python -m channels citizen-data …`: shows a person what is kept of their conversation, once they have proved it.

The number of a person on Telegram or Zalo is no secret, so knowing it proves nothing. Only whoever holds the
conversation can write in it: they send words that the officer reads to them, and then the data is given out.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from channels.citizen_data import export, is_proved, proof_words
from channels.privacy import hashed_id
from channels.settings import AppSettings
from channels.staff.audit import SYSTEM, Audit
from channels.store.audit import AuditStore
from channels.store.database import open_database
from channels.store.errors import StoreError
from channels.store.moments import utc_now


def citizen_data_command(arguments: Sequence[str]) -> int:
    """Run one command and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m channels citizen-data")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, words in (("prove", "câu mà người dân phải nhắn để chứng minh"), ("export", "ghi dữ liệu ra tệp JSON")):
        one = commands.add_parser(name, help=words)
        one.add_argument("channel", choices=("web", "telegram", "zalo"))
        one.add_argument("person", help="mã người dùng của kênh; trên web: mã cuộc trò chuyện trong trình duyệt")
        if name == "export":
            one.add_argument("file", type=Path)
    given = parser.parse_args(arguments)
    settings = AppSettings()
    key = settings.identity_key_bytes
    conversation, now = hashed_id(key, given.channel, given.person), utc_now()
    if given.command == "prove":
        print(f"Nhờ người dân nhắn đúng câu này trong cuộc trò chuyện: {proof_words(key, conversation, now)}")
        return 0
    try:
        engine = open_database(settings.database_url)
    except StoreError as error:
        print(error, file=sys.stderr)
        return 2
    if not is_proved(engine, key, conversation, now):
        print("Chưa thấy câu xác nhận trong cuộc trò chuyện này (chạy prove trước).", file=sys.stderr)
        return 1
    Audit(AuditStore(engine), key).write_as(SYSTEM, "", "citizen_data_exported", conversation=conversation)
    _write(given.file, json.dumps(export(engine, conversation), ensure_ascii=False, indent=2, default=str))
    print(f"Đã ghi {given.file}; giao cho người dân rồi xóa tệp.")
    return 0


def _write(path: Path, text: str) -> None:
    """Write a new file that only its owner reads."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf8") as file:
        file.write(text)
