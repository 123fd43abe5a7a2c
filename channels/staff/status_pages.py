"""Where an application stands (tra hồ sơ), for clerks with a reason; every look is written down before it is shown.

Least privilege: everybody sees what the citizen would see, the owner's name masked, and never a number. A manager may
have the whole name shown, once, with a reason of its own and a line of its own in the log; nobody else may, admins
neither: looking after accounts needs no names.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone

from fastapi import APIRouter, Request
from starlette.responses import Response

from actions import wording
from actions.one_stop.errors import ApplicationNotFound, OneStopError
from actions.one_stop.port import OneStop
from actions.one_stop.status_view import StatusView, status_view
from channels.staff.desk import Desk, staff_router
from channels.staff.guard import Clerk
from channels.staff.pages import MenuItem
from channels.staff.roles import Officer, Role
from channels.staff.text import one_line
from knowledge.codes import CodeProblem, find_application_codes

STATUS = "/can-bo/ho-so"
REASONS = {
    "tai-quay": "Công dân hỏi tại quầy",
    "dien-thoai": "Công dân gọi điện",
    "hoi-thoai": "Công dân nhờ trong hội thoại",
    "qua-han": "Rà soát hồ sơ quá hạn",
    "khac": "Lý do khác",
}
_LONGEST_REASON = 200
#: Phone and ID numbers have no place in the log.
_LONG_NUMBER = re.compile(r"\d(?:[ .-]?\d){7,}")
_PROBLEM_WORDS = {
    CodeProblem.BAD_DATE: "Phần giữa của mã không phải một ngày (năm, tháng, ngày).",
    CodeProblem.FUTURE_DATE: "Ngày trong mã chưa tới.",
    CodeProblem.TOO_SHORT: "Mã còn thiếu số.",
    CodeProblem.TOO_LONG: "Số thứ tự trong mã dài quá.",
    CodeProblem.MISSING_AGENCY: "Mã thiếu phần đầu, ví dụ H50.05.",
    CodeProblem.UNKNOWN_LAYOUT: "Mã không đúng dạng, ví dụ H50.05-261102-0001.",
}


@dataclass(frozen=True)
class _Asked:
    """What the form said; `fault` is empty when it can be looked up."""

    code: str
    reason: str
    shown_reason: str
    fault: str


def build_status_router(desk: Desk, one_stop: OneStop, now: Callable[[], datetime] | None = None) -> APIRouter:
    """Return the routes over a one-stop system."""
    desk.pages.add_to_menu(MenuItem(5, STATUS, "Hồ sơ"))
    router = staff_router()
    clock = now or (lambda: datetime.now(timezone.utc))

    def page(request: Request, officer: Officer, asked: _Asked, status: int = 200, **values: object) -> Response:
        given: dict[str, object] = {"view": None, "rows": [], "owner": "", "may_name": officer.role is Role.MANAGER}
        return desk.pages.respond(
            request, officer, "status.html", status, asked=asked, reasons=REASONS, **{**given, **values}
        )

    @router.get(STATUS)
    async def status_page(request: Request, officer: Clerk) -> Response:
        return page(request, officer, _Asked("", "", "", ""))

    @router.post(STATUS)
    async def look_up(request: Request, officer: Clerk) -> Response:
        form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
        asked, wants_name = read_form(form), form.get("ho-ten") == "1"
        if not asked.fault and wants_name and officer.role is not Role.MANAGER:
            asked = _Asked(asked.code, asked.reason, asked.shown_reason, "Chỉ quản lý mới xem được họ tên đầy đủ.")
        if asked.fault:
            return page(request, officer, asked, 422)
        moment = clock()
        if await desk.attempts.claim([_limit_key(officer)], moment, desk.settings.per_officer):
            fault = "Anh/chị đã tra nhiều hồ sơ trong 15 phút. Đợi ít phút rồi tra tiếp."
            return page(request, officer, _Asked(asked.code, asked.reason, asked.shown_reason, fault), 429)
        try:
            record = await one_stop.application(asked.code)
        except ApplicationNotFound:
            await desk.audit.write(officer, "status_not_found", asked.shown_reason, application=asked.code)
            fault = "Hệ thống một cửa không có hồ sơ này."
            return page(request, officer, _Asked(asked.code, asked.reason, asked.shown_reason, fault), 404)
        except OneStopError:
            fault = "Lúc này hệ thống một cửa không trả lời. Anh/chị thử lại sau ít phút."
            return page(request, officer, _Asked(asked.code, asked.reason, asked.shown_reason, fault), 503)
        await desk.audit.write(
            officer,
            "owner_name_seen" if wants_name else "status_seen",
            asked.shown_reason,
            application=asked.code,
        )
        view = await asyncio.to_thread(status_view, record, moment)
        owner = record.owner_name if wants_name else view.owner_masked
        return page(request, officer, asked, view=view, rows=status_rows(view), owner=owner, whole_name=wants_name)

    return router


def read_form(form: dict[str, str]) -> _Asked:
    """Return what was asked: one application code and a reason that is not empty."""
    typed, reason = form.get("ma", "").strip()[:100], form.get("ly-do", "")
    more = _LONG_NUMBER.sub("•••", one_line(form.get("ghi-them", ""), _LONGEST_REASON))
    shown = REASONS.get(reason, "") + (f": {more}" if more else "")
    found = find_application_codes(typed)
    fault = ""
    if len(found) != 1:
        fault = "Anh/chị nhập một mã hồ sơ, ví dụ H50.05-261102-0001."
    elif found[0].problem is not None:
        fault = _PROBLEM_WORDS[found[0].problem]
    elif reason not in REASONS:
        fault = "Anh/chị chọn lý do tra hồ sơ."
    elif reason == "khac" and len(more) < 5:
        fault = "Anh/chị ghi lý do vào ô “Ghi thêm”."
    return _Asked(found[0].code or typed if len(found) == 1 else typed, reason, shown, fault)


def status_rows(view: StatusView) -> list[tuple[str, str]]:
    """Return the facts of an application with their names; what is absent is left out."""
    facts: list[tuple[str, str | None]] = [
        ("Trạng thái", view.status.official_name if view.status else view.status_text),
        ("Thủ tục", view.procedure_title),
        ("Nơi xử lý", view.office),
        ("Ngày nhận", _day(view.received_at)),
        ("Ngày hẹn trả", _day(view.due_at)),
        ("Xử lý xong", _day(view.finished_at)),
        ("Đã trả kết quả", _day(view.returned_at)),
        ("Lý do", view.reason),
        ("Giấy tờ phải nộp thêm", "; ".join(view.papers_to_add) or None),
        ("Hạn nộp thêm", _day(view.papers_due_at)),
        ("Phải nộp tiền", _payment(view)),
    ]
    return [(name, value) for name, value in facts if value]


def _payment(view: StatusView) -> str | None:
    if view.payment is None:
        return None
    amount = wording.money(view.payment.amount_vnd) if view.payment.amount_vnd is not None else "hệ thống không nêu"
    return f"{amount} ({view.payment.description})" if view.payment.description else amount


def _day(moment: datetime | None) -> str | None:
    return wording.day(moment.date()) if moment else None


def _limit_key(officer: Officer) -> str:
    return hashlib.sha256(f"staff status|{officer.account_id}".encode()).hexdigest()
