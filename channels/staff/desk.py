"""Builds the desk: its parts in one object that every page of it is given, and its place in the app."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import httpx
from fastapi import APIRouter, Depends, FastAPI, Request
from sqlalchemy import Engine
from starlette.responses import Response

from channels.staff.accounts import Accounts, SignedIn
from channels.staff.audit import Audit
from channels.staff.guard import COOKIE, HOME, add_refusals, require
from channels.staff.pages import StaffAssets, StaffPages
from channels.staff.passwords import Passwords
from channels.staff.roles import Role
from channels.staff.settings import StaffSettings
from channels.staff.sign_in_pages import build_sign_in_router
from channels.staff.sign_on import SignOn
from channels.staff.sign_on_pages import build_sign_on_router
from channels.store.attempts import SqlAttempts
from channels.store.audit import AuditStore
from channels.store.staff import StaffStore
from channels.web.pages import PortalSettings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """What the desk's pages share.

    public_url: where citizens and clerks reach the app, without a slash at the end; empty = as the request says.
    sign_on: the province's identity provider, if there is one.  key: seals what a browser keeps for us.
    """

    settings: StaffSettings
    accounts: Accounts
    audit: Audit
    pages: StaffPages
    attempts: SqlAttempts
    key: bytes = field(repr=False)
    public_url: str = ""
    sign_on: SignOn | None = None

    def install(self, app: FastAPI, routers: Sequence[APIRouter]) -> None:
        """Open the desk in an app: its doors and these routers."""
        app.state.staff = self
        add_refusals(app)
        doors = [build_sign_in_router(self)]
        if self.sign_on is not None:
            doors.append(build_sign_on_router(self, self.sign_on, self.key))
        for router in (*doors, *routers):
            app.include_router(router)

    async def start(self) -> None:
        """Say how to add the first account while there is none."""
        if await asyncio.to_thread(self.accounts.store.count) == 0:
            log.warning("bàn cán bộ (/can-bo) chưa có tài khoản: python -m channels staff add TÊN --role admin")

    def set_session(self, request: Request, response: Response, signed_in: SignedIn) -> None:
        """Give the browser its session; it forgets it when closed, the server earlier."""
        self.set_cookie(request, response, COOKIE, signed_in.token)

    def set_cookie(
        self,
        request: Request,
        response: Response,
        name: str,
        value: str,
        max_age: int | None = None,
        path: str = HOME,
        samesite: Literal["strict", "lax"] = "strict",
    ) -> None:
        """Set a cookie that scripts cannot read and other sites cannot send."""
        secure = self.public_url.startswith("https://") or request.url.scheme == "https"
        response.set_cookie(name, value, max_age=max_age, path=path, secure=secure, httponly=True, samesite=samesite)


def staff_router() -> APIRouter:
    """Return a router whose every route is for officers signed in; routes ask for more by `Editor`, `Manager` …."""
    return APIRouter(include_in_schema=False, dependencies=[Depends(require(Role.CLERK))])


def build_desk(
    engine: Engine,
    key: bytes,
    settings: StaffSettings | None = None,
    public_url: str = "",
    portal: PortalSettings | None = None,
    passwords: Passwords | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Desk:
    """Return the desk over a database.

    key: any secret that stays the same; it keys the audit log's digests.  transport: how the province's sign-on is
    reached.
    """
    settings = settings or StaffSettings()
    attempts = SqlAttempts(engine)
    audit = Audit(AuditStore(engine), key)
    accounts = Accounts(StaffStore(engine), attempts, audit, settings, passwords)
    pages = StaffPages(portal or PortalSettings(), StaffAssets.load())
    sign_on = SignOn(settings, transport) if settings.oidc_discovery_url else None
    return Desk(settings, accounts, audit, pages, attempts, key, public_url.rstrip("/"), sign_on)
