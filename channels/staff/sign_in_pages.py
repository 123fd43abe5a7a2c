"""The door's pages: sign in, sign out, change one's password; and the desk's static files."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from channels.staff.errors import AccountFault, ForeignRequest, SignInLocked, SignInRefused
from channels.staff.guard import COOKIE, HOME, PASSWORD, SIGN_IN, check_origin, own_path, require, see_other
from channels.staff.roles import Officer, Role

if TYPE_CHECKING:
    from channels.staff.desk import Desk

#: Ties a sign-in to the page it was sent from, before there is a session.
DOOR_COOKIE = "mot_cua_cua"
OUT = "/can-bo/dang-xuat"
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
EvenOneTime = Annotated[Officer, Depends(require(Role.CLERK, one_time_too=True))]


def build_sign_in_router(desk: Desk) -> APIRouter:
    """Return the routes that need no session, or accept a one-time one."""
    router = APIRouter(include_in_schema=False)

    async def door(request: Request, wanted: str, fault: str = "", name: str = "", status: int = 200) -> Response:
        ticket = request.cookies.get(DOOR_COOKIE) or secrets.token_urlsafe(24)
        nobody_yet = await asyncio.to_thread(desk.accounts.store.count) == 0
        response = desk.pages.respond(
            request,
            None,
            "sign_in.html",
            status,
            wanted=wanted,
            fault=fault,
            name=name,
            ticket=ticket,
            nobody_yet=nobody_yet,
            sign_on=desk.settings.oidc_name if desk.settings.oidc_discovery_url else None,
        )
        desk.set_cookie(request, response, DOOR_COOKIE, ticket, max_age=3600)
        return response

    @router.get(SIGN_IN)
    async def sign_in_page(request: Request, tiep: str = HOME) -> Response:
        if await desk.accounts.officer(request.cookies.get(COOKIE, "")) is not None:
            return see_other(own_path(tiep))
        return await door(request, own_path(tiep))

    @router.post(SIGN_IN)
    async def sign_in(request: Request) -> Response:
        check_origin(request)
        form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
        ticket = request.cookies.get(DOOR_COOKIE, "")
        if not ticket or not hmac.compare_digest(form.get("ticket", "").encode(), ticket.encode()):
            raise ForeignRequest
        wanted, name = own_path(form.get("tiep", HOME)), form.get("ten", "")
        address = request.client.host if request.client else ""
        try:
            signed_in = await desk.accounts.sign_in(name, form.get("mat-khau", ""), address)
        except SignInRefused:
            return await door(request, wanted, "Tên đăng nhập hoặc mật khẩu không đúng.", name, 401)
        except SignInLocked as locked:
            until = locked.until.astimezone(_VIETNAM).strftime("%H:%M")
            return await door(request, wanted, f"Sai nhiều lần nên tạm khóa. Anh/chị thử lại sau {until}.", name, 429)
        response = see_other(PASSWORD if signed_in.officer.one_time else wanted)
        desk.set_session(request, response, signed_in)
        response.delete_cookie(DOOR_COOKIE, path=HOME)
        return response

    @router.post(OUT)
    async def sign_out(request: Request, officer: EvenOneTime) -> Response:
        await desk.accounts.sign_out(request.cookies[COOKIE])
        await desk.audit.write(officer, "sign_out")
        response = see_other(SIGN_IN)
        response.delete_cookie(COOKIE, path=HOME)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    @router.get(PASSWORD)
    async def password_page(request: Request, officer: EvenOneTime, xong: str = "") -> Response:
        return desk.pages.respond(request, officer, "password.html", fault="", done=bool(xong))

    @router.post(PASSWORD)
    async def change_password(request: Request, officer: EvenOneTime) -> Response:
        form = await request.form()
        old, new, again = (str(form.get(field, "")) for field in ("hien-tai", "moi", "nhac-lai"))
        fault = "" if new == again else "Hai lần gõ mật khẩu mới không giống nhau."
        if not fault:
            try:
                await desk.accounts.change_password(officer, request.cookies[COOKIE], old, new)
            except AccountFault as error:
                fault = str(error)
            except SignInLocked:
                fault = "Sai nhiều lần nên tạm khóa. Anh/chị thử lại sau ít phút."
        if fault:
            return desk.pages.respond(request, officer, "password.html", 422, fault=fault, done=False)
        return see_other(HOME) if officer.one_time else see_other(f"{PASSWORD}?xong=1")

    @router.get("/can-bo/tep/{name}")
    async def static_file(request: Request, name: str) -> Response:
        return desk.pages.assets.respond(request, name)

    return router
