"""Lets a request in: the dependencies that give the officer signed in, and what everybody else is answered."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from functools import cache
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, FastAPI, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from channels.staff.errors import DeskRefusal, ForeignRequest, NotAllowed, NotSignedIn, PasswordMustChange
from channels.staff.roles import Officer, Role
from channels.web.headers import SECURITY_HEADERS

if TYPE_CHECKING:
    from channels.staff.desk import Desk

HOME = "/can-bo"
SIGN_IN = "/can-bo/dang-nhap"
PASSWORD = "/can-bo/mat-khau"
COOKIE = "mot_cua_can_bo"
CSRF_FIELD, CSRF_HEADER = "csrf", "X-CSRF-Token"
#: Scripts that ask by themselves send it, so that a page left open does not keep its session alive.
BACKGROUND_HEADER = "X-Background"
_READING = {"GET", "HEAD", "OPTIONS"}


async def _signed_in(request: Request) -> Officer:
    token = request.cookies.get(COOKIE, "")
    in_background = BACKGROUND_HEADER in request.headers
    officer = await desk_of(request).accounts.officer(token, not in_background) if token else None
    if officer is None:
        raise NotSignedIn
    if request.method not in _READING:
        await _check_own(request, officer.csrf)
    return officer


@cache
def require(role: Role, one_time_too: bool = False) -> Callable[..., Awaitable[Officer]]:
    """Return the dependency that gives the officer signed in, if their role reaches.

    Changing requests (POST …) must come from our own page and carry the token of the session, as the form field
    `csrf` or the header `X-CSRF-Token`.
    one_time_too: also for those who must replace their one-time password first.
    """

    async def allowed(officer: Annotated[Officer, Depends(_signed_in)]) -> Officer:
        if officer.one_time and not one_time_too:
            raise PasswordMustChange
        if not officer.may(role):
            raise NotAllowed
        return officer

    return allowed


Clerk = Annotated[Officer, Depends(require(Role.CLERK))]
Editor = Annotated[Officer, Depends(require(Role.EDITOR))]
Manager = Annotated[Officer, Depends(require(Role.MANAGER))]
Admin = Annotated[Officer, Depends(require(Role.ADMIN))]


def desk_of(request: Request) -> Desk:
    """Return the desk of the app."""
    desk: Desk = request.app.state.staff
    return desk


async def _check_own(request: Request, expected: str) -> None:
    """Refuse what another site made the browser send.

    Raises:
        ForeignRequest: another origin, or the token is missing or wrong.
    """
    check_origin(request)
    given = request.headers.get(CSRF_HEADER)
    if given is None and request.headers.get("Content-Type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        value = (await request.form()).get(CSRF_FIELD)
        given = value if isinstance(value, str) else None
    if not hmac.compare_digest((given or "").encode(), expected.encode()):
        raise ForeignRequest


def check_origin(request: Request) -> None:
    """Refuse a request that the browser says another site caused.

    Our own site is the host asked, or the public address: a proxy may have put another host into the request.

    Raises:
        ForeignRequest: so it is.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise ForeignRequest
    origin = request.headers.get("Origin")
    own = {request.headers.get("Host", ""), urlsplit(desk_of(request).public_url).netloc} - {""}
    if origin is not None and urlsplit(origin).netloc not in own:
        raise ForeignRequest


def add_refusals(app: FastAPI) -> None:
    """Answer refused requests: pages lead to the sign-in, programs get a status and a sentence."""

    @app.exception_handler(DeskRefusal)
    async def refuse(request: Request, refusal: DeskRefusal) -> Response:
        status, sentence = _WORDS[type(refusal)]
        if not _wants_page(request):
            return JSONResponse({"detail": sentence}, status, {**SECURITY_HEADERS, "Cache-Control": "no-store"})
        if isinstance(refusal, NotSignedIn):
            return see_other(f"{SIGN_IN}?tiep={quote(_back(request), safe='')}")
        if isinstance(refusal, PasswordMustChange):
            return see_other(PASSWORD)
        return desk_of(request).pages.respond(request, None, "message.html", status, heading=sentence, text=None)


_WORDS: dict[type[DeskRefusal], tuple[int, str]] = {
    NotSignedIn: (401, "Anh/chị cần đăng nhập lại."),
    PasswordMustChange: (403, "Anh/chị cần đổi mật khẩu dùng một lần trước."),
    NotAllowed: (403, "Vai trò của anh/chị không mở được trang này."),
    ForeignRequest: (403, "Yêu cầu không gửi từ trang này. Anh/chị tải lại trang rồi làm lại."),
}


def see_other(address: str) -> RedirectResponse:
    """Send the browser on after a change."""
    return RedirectResponse(address, 303, {**SECURITY_HEADERS, "Cache-Control": "no-store"})


def own_path(wanted: str) -> str:
    """Return where to go after signing in: a path of the desk, never another site.

    >>> own_path("/can-bo/thong-ke"), own_path("https://evil.test/can-bo"), own_path("/can-bo/../x")
    ('/can-bo/thong-ke', '/can-bo', '/can-bo')
    """
    fine = wanted == HOME or wanted.startswith((f"{HOME}/", f"{HOME}?"))
    odd = any(bad in wanted for bad in ("\\", "..", "//")) or not wanted.isprintable()
    return wanted if fine and not odd and len(wanted) < 500 else HOME


def _back(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return own_path(request.url.path + query) if request.method in _READING else HOME


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("Accept", "") and CSRF_HEADER not in request.headers
