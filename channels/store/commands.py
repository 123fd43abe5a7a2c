"""`python -m channels store …`: brings the database to this version, tells its version, writes a migration."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import create_engine

from channels.settings import AppSettings
from channels.store.database import METADATA, connect
from channels.store.errors import StoreError
from channels.store.upgrade import head, migrate, upgrade, version_of, write_revision


def store_command(arguments: Sequence[str]) -> int:
    """Run one command and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m channels store")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("upgrade", help="đưa cơ sở dữ liệu lên bản của phần mềm này")
    commands.add_parser("check", help="cho biết bản của cơ sở dữ liệu; mã thoát 1 khi cần nâng cấp")
    revision = commands.add_parser("revision", help="(cho người phát triển) ghi một bước nâng cấp mới")
    revision.add_argument("message")
    given = parser.parse_args(arguments)
    if given.command == "revision":
        print(_write(given.message))
        return 0
    engine = connect(AppSettings().database_url)
    try:
        if given.command == "upgrade":
            before, after = upgrade(engine, METADATA)
            print(f"Cơ sở dữ liệu: {before or 'chưa có số bản'} → {after}")
            return 0
        version = version_of(engine)
        print(f"Cơ sở dữ liệu: {version or 'chưa có số bản'}; phần mềm: {head()}")
        return int(version != head())
    except StoreError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        engine.dispose()


def _write(message: str) -> Path:
    """Compare a database made by the migrations so far with METADATA."""
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/empty.db")
        try:
            migrate(engine)
            return write_revision(engine, message)
        finally:
            engine.dispose()
