"""`python -m channels staff add|list|disable|enable|reset|role`: accounts from the command line, also the first one."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence

from channels.settings import AppSettings
from channels.staff.audit import SYSTEM
from channels.staff.desk import Desk, build_desk
from channels.staff.errors import AccountFault
from channels.staff.roles import Role
from channels.store.database import open_database


def staff_command(arguments: Sequence[str]) -> int:
    """Do one thing to the accounts; return the exit code."""
    given = _parser().parse_args(arguments)
    settings = AppSettings()
    engine = open_database(settings.database_url)
    try:
        run: Callable[[Desk, argparse.Namespace], None] = given.run
        run(build_desk(engine, settings.identity_key_bytes), given)
    except AccountFault as fault:
        print(fault, file=sys.stderr)
        return 1
    finally:
        engine.dispose()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m channels staff", description="Tài khoản của bàn cán bộ")
    commands = parser.add_subparsers(required=True, metavar="{add,list,disable,enable,reset,role}")
    add = commands.add_parser("add", help="thêm tài khoản")
    add.add_argument("name", help="tên đăng nhập, ví dụ lan.nguyen")
    add.add_argument("--role", choices=[role.key for role in Role], default=Role.CLERK.key)
    add.add_argument("--full-name", default="", help="họ tên đồng nghiệp nhìn thấy")
    add.add_argument("--one-time", action="store_true", help="tự tạo mật khẩu dùng một lần, in ra một lần")
    add.set_defaults(run=_add)
    commands.add_parser("list", help="các tài khoản").set_defaults(run=_list)
    for name, run, words in (
        ("disable", _disable, "khóa tài khoản"),
        ("enable", _enable, "mở lại tài khoản"),
        ("reset", _reset, "cấp mật khẩu dùng một lần"),
    ):
        command = commands.add_parser(name, help=words)
        command.add_argument("name")
        command.set_defaults(run=run)
    role = commands.add_parser("role", help="đổi vai trò")
    role.add_argument("name")
    role.add_argument("role", choices=[one.key for one in Role])
    role.set_defaults(run=_role)
    return parser


def _add(desk: Desk, given: argparse.Namespace) -> None:
    password = None if given.one_time else _asked_password()
    made = desk.accounts.add(given.name, given.full_name, Role.of(given.role), password)
    _note(desk, "account_added", f"{given.name}, {given.role}")
    print(f"Đã thêm {given.name} ({Role.of(given.role).words}).")
    _tell_once(made)


def _list(desk: Desk, given: argparse.Namespace) -> None:
    for one in desk.accounts.store.accounts():
        last = one.last_sign_in_at.astimezone().strftime("%d/%m/%Y %H:%M") if one.last_sign_in_at else "chưa đăng nhập"
        print(f"{one.name:24} {one.role.key:8} {'đã khóa' if one.disabled_at else 'đang dùng':10} {last}")


def _disable(desk: Desk, given: argparse.Namespace) -> None:
    desk.accounts.disable(given.name)
    _note(desk, "account_disabled", given.name)
    print(f"Đã khóa {given.name}; các nơi đang đăng nhập đã bị đăng xuất.")


def _enable(desk: Desk, given: argparse.Namespace) -> None:
    desk.accounts.enable(given.name)
    _note(desk, "account_enabled", given.name)
    print(f"Đã mở lại {given.name}.")


def _reset(desk: Desk, given: argparse.Namespace) -> None:
    made = desk.accounts.reset(given.name)
    _note(desk, "account_reset", given.name)
    _tell_once(made)


def _role(desk: Desk, given: argparse.Namespace) -> None:
    desk.accounts.set_role(given.name, Role.of(given.role))
    _note(desk, "account_role", f"{given.name}, {given.role}")
    print(f"{given.name} bây giờ là {Role.of(given.role).words}.")


def _asked_password() -> str | None:
    """Ask twice at the terminal, or read one line from a pipe; an empty answer means: make one up."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n") or None
    first = getpass.getpass("Mật khẩu (để trống: tự tạo mật khẩu dùng một lần): ")
    if first and getpass.getpass("Gõ lại: ") != first:
        raise AccountFault("Hai lần gõ không giống nhau.")
    return first or None


def _tell_once(made: str | None) -> None:
    if made is not None:
        print(f"Mật khẩu dùng một lần, chỉ hiện lần này, dùng trong 3 ngày: {made}")


def _note(desk: Desk, did: str, note: str) -> None:
    user = os.environ.get("SUDO_USER") or os.environ.get("USER") or "?"
    desk.audit.write_as(SYSTEM, "", did, f"{note} (lệnh của {user})")
