"""The audit log for admins (/can-bo/nhat-ky): newest first, by person, action, conversation or application."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

from channels.staff.audit import ACTION_WORDS
from channels.staff.desk import Desk, staff_router
from channels.staff.guard import Admin
from channels.staff.pages import MenuItem
from channels.staff.roles import Role
from channels.staff.text import one_line, small_number
from knowledge.codes import find_application_codes

AUDIT = "/can-bo/nhat-ky"
PER_PAGE = 100
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def build_audit_router(desk: Desk) -> APIRouter:
    """Return the one route; it only reads. An application's code is sent by POST, so that it stays out of addresses."""
    desk.pages.add_to_menu(MenuItem(8, AUDIT, "Nhật ký", Role.ADMIN))
    router = staff_router()

    @router.api_route(AUDIT, methods=["GET", "POST"])
    async def audit_page(request: Request, officer: Admin) -> Response:
        form = dict(await request.form()) if request.method == "POST" else {}
        given = {key: one_line(str(value), 100) for key, value in {**request.query_params, **form}.items()}
        who, did = given.get("ai", "").lower(), given.get("viec", "")
        conversation, typed = given.get("hoi-thoai", ""), given.get("ho-so", "")
        codes = [match.code for match in find_application_codes(typed) if match.code]
        before = small_number(given.get("truoc", ""))
        if typed or conversation or who:
            await desk.audit.write(officer, "audit_seen", _looked_for(who, conversation, bool(typed)))
        entries = await asyncio.to_thread(
            desk.audit.store.entries,
            PER_PAGE,
            before,
            who=who,
            did=did,
            conversation=conversation,
            application_digest=desk.audit.digest(codes[0]) if codes else ("-" if typed else ""),
        )
        older = None
        if len(entries) == PER_PAGE and not typed:
            further = {"ai": who, "viec": did, "hoi-thoai": conversation, "truoc": str(entries[-1].id)}
            older = f"{AUDIT}?{urlencode({name: value for name, value in further.items() if value})}"
        return desk.pages.respond(
            request,
            officer,
            "audit.html",
            entries=entries,
            words=ACTION_WORDS,
            role_words={role.key: role.words for role in Role},
            given=given,
            zone=_VIETNAM,
            older=older,
        )

    return router


def _looked_for(who: str, conversation: str, application: bool) -> str:
    parts = [f"người: {who}" if who else "", f"hội thoại: {conversation}" if conversation else ""]
    return ", ".join(part for part in [*parts, "một hồ sơ" if application else ""] if part)
