"""Accounts for admins (/can-bo/tai-khoan): who there is, new ones, roles, one-time passwords, closing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import Response

from channels.staff.desk import Desk, staff_router
from channels.staff.errors import AccountFault
from channels.staff.guard import Admin, see_other
from channels.staff.pages import MenuItem
from channels.staff.roles import Officer, Role

ACCOUNTS = "/can-bo/tai-khoan"


def build_account_router(desk: Desk) -> APIRouter:
    """Return the routes; all of them are for admins."""
    desk.pages.add_to_menu(MenuItem(7, ACCOUNTS, "Tài khoản", Role.ADMIN))
    router = staff_router()
    accounts = desk.accounts

    async def page(
        request: Request, officer: Officer, fault: str = "", made: tuple[str, str] | None = None
    ) -> Response:
        rows = await asyncio.to_thread(accounts.store.accounts)
        status = 422 if fault else 200
        values = {"rows": rows, "fault": fault, "made": made, "roles": list(Role)}
        return desk.pages.respond(request, officer, "accounts.html", status, **values)

    @router.get(ACCOUNTS)
    async def account_page(request: Request, officer: Admin) -> Response:
        return await page(request, officer)

    @router.post(ACCOUNTS)
    async def add(request: Request, officer: Admin) -> Response:
        form = await request.form()
        name, full_name = str(form.get("ten", "")), str(form.get("ho-ten", ""))
        role = _role(str(form.get("vai-tro", "")))
        if role is None:
            return await page(request, officer, "Anh/chị chọn vai trò.")
        try:
            made = await asyncio.to_thread(accounts.add, name, full_name, role)
        except AccountFault as fault:
            return await page(request, officer, str(fault))
        await desk.audit.write(officer, "account_added", f"{name}, {role.key}")
        return await page(request, officer, made=(name, made or ""))

    @router.post(f"{ACCOUNTS}/{{name}}/vai-tro")
    async def change_role(request: Request, officer: Admin, name: str) -> Response:
        role = _role(str((await request.form()).get("vai-tro", "")))
        if role is None:
            return await page(request, officer, "Anh/chị chọn vai trò.")
        return await changed(request, officer, name, "account_role", lambda: accounts.set_role(name, role), role.key)

    @router.post(f"{ACCOUNTS}/{{name}}/khoa")
    async def disable(request: Request, officer: Admin, name: str) -> Response:
        return await changed(request, officer, name, "account_disabled", lambda: accounts.disable(name))

    @router.post(f"{ACCOUNTS}/{{name}}/mo")
    async def enable(request: Request, officer: Admin, name: str) -> Response:
        return await changed(request, officer, name, "account_enabled", lambda: accounts.enable(name))

    @router.post(f"{ACCOUNTS}/{{name}}/cap-lai")
    async def reset(request: Request, officer: Admin, name: str) -> Response:
        if name == officer.name:
            return await page(request, officer, "Mật khẩu của chính mình thì đổi ở trang Đổi mật khẩu.")
        try:
            made = await asyncio.to_thread(accounts.reset, name)
        except AccountFault as fault:
            return await page(request, officer, str(fault))
        await desk.audit.write(officer, "account_reset", name)
        return await page(request, officer, made=(name, made))

    async def changed(
        request: Request, officer: Officer, name: str, did: str, change: Callable[[], None], more: str = ""
    ) -> Response:
        """Do one change, write it down, show the list again."""
        try:
            await asyncio.to_thread(change)
        except AccountFault as fault:
            return await page(request, officer, str(fault))
        await desk.audit.write(officer, did, f"{name}, {more}" if more else name)
        return see_other(ACCOUNTS)

    return router


def _role(key: str) -> Role | None:
    return next((role for role in Role if role.key == key), None)
