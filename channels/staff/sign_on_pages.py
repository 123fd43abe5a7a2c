"""Signing in by the province's identity provider: away to its page, and back with an account of the desk."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import logging
import re
from dataclasses import asdict
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken
from fastapi import APIRouter, Request
from starlette.responses import Response

from channels.staff.errors import AccountFault, SignOnFailed
from channels.staff.guard import HOME, SIGN_IN, own_path, see_other
from channels.staff.sign_on import Journey, Person, SignOn
from channels.store.staff import Account

if TYPE_CHECKING:
    from channels.staff.desk import Desk

AWAY, BACK = f"{SIGN_IN}/tinh", f"{SIGN_IN}/tinh/ve"
JOURNEY_COOKIE = "mot_cua_di_ve"
_JOURNEY_LASTS_S = 600
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")
log = logging.getLogger(__name__)


def build_sign_on_router(desk: Desk, sign_on: SignOn, key: bytes) -> APIRouter:
    """Return the two routes. key: seals the journey in the officer's browser."""
    router = APIRouter(include_in_schema=False)
    seal = Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"staff sign-on" + key).digest()))

    def back_address(request: Request) -> str:
        return (desk.public_url or str(request.base_url).rstrip("/")) + BACK

    def refused(request: Request, text: str, status: int = 403) -> Response:
        response = desk.pages.respond(request, None, "message.html", status, heading="Không đăng nhập được.", text=text)
        response.delete_cookie(JOURNEY_COOKIE, path=AWAY)
        return response

    @router.get(AWAY)
    async def away(request: Request, tiep: str = HOME) -> Response:
        try:
            address, journey = await sign_on.begin(back_address(request))
        except SignOnFailed as error:
            log.warning("sign-on: %s", error.why)
            return refused(request, "Trang đăng nhập của tỉnh không trả lời. Anh/chị thử lại sau ít phút.", 503)
        response = see_other(address)
        sealed = seal.encrypt(json.dumps({**asdict(journey), "to": own_path(tiep)}).encode()).decode()
        # Lax: the provider's page sends the officer back from another site.
        desk.set_cookie(request, response, JOURNEY_COOKIE, sealed, _JOURNEY_LASTS_S, path=AWAY, samesite="lax")
        return response

    @router.get(BACK)
    async def back(request: Request) -> Response:
        try:
            kept = json.loads(seal.decrypt(request.cookies.get(JOURNEY_COOKIE, "").encode(), ttl=_JOURNEY_LASTS_S))
        except InvalidToken:
            return refused(request, "Lượt đăng nhập đã quá lâu. Anh/chị đăng nhập lại từ đầu.", 400)
        to = own_path(str(kept.pop("to")))
        try:
            person = await sign_on.finish(Journey(**kept), request.query_params, back_address(request))
            account = await asyncio.to_thread(account_of, desk, person)
        except SignOnFailed as error:
            log.warning("sign-on: %s", error.why)
            await asyncio.to_thread(desk.audit.write_as, "?", "", "sign_in_failed", f"tài khoản của tỉnh: {error.why}")
            return refused(
                request, "Tài khoản của tỉnh chưa được giao vai trò ở đây, hoặc lượt đăng nhập không hợp lệ."
            )
        signed_in = await desk.accounts.start_session(account, "tài khoản của tỉnh")
        # Not a redirect: the browser would count it as coming from the provider and leave the strict cookie out.
        response = desk.pages.respond(request, None, "signed_on.html", to=to)
        desk.set_session(request, response, signed_in)
        response.delete_cookie(JOURNEY_COOKIE, path=AWAY)
        return response

    return router


def account_of(desk: Desk, person: Person) -> Account:
    """Return the account of somebody the provider vouches for: made at the first time, its role kept up to date.

    An account with a password is never taken over, even where the names are alike. Blocking.

    Raises:
        SignOnFailed: the account is closed here.
    """
    store = desk.accounts.store
    account = store.find_by_subject(person.subject)
    if account is None:
        name = _free_name(desk, person)
        account = store.add(name, person.full_name, person.role, desk.accounts.now(), subject=person.subject)
        desk.audit.write_as(name, person.role.key, "account_added", "tài khoản của tỉnh")
    if account.disabled_at is not None:
        raise SignOnFailed("the account is closed")
    if account.role is not person.role:
        try:
            store.set_role(account.id, person.role)
            note = f"{account.name}, {person.role.key} (tài khoản của tỉnh)"
            desk.audit.write_as(account.name, person.role.key, "account_role", note)
        except AccountFault:
            log.warning("the last admin of the desk lost the role at the provider and keeps it here")
    return desk.accounts.known(account.name)


def _free_name(desk: Desk, person: Person) -> str:
    wanted = person.wanted_name.lower()
    if _NAME.fullmatch(wanted) and desk.accounts.store.find(wanted) is None:
        return wanted
    return "tinh-" + hashlib.sha256(person.subject.encode()).hexdigest()[:12]
