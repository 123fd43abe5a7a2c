"""Conversations that clerks take over (/can-bo/tro-chuyen): the queue, a talk, and what a clerk does in it."""

from __future__ import annotations

import asyncio
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from channels.desk import TakeOver
from channels.desk.errors import DeskError, NotYours, TakenAlready
from channels.staff.desk import Desk, staff_router
from channels.staff.guard import CSRF_HEADER, HOME, Clerk, see_other
from channels.staff.pages import MenuItem
from channels.staff.roles import Officer
from channels.staff.takeover_view import DELIVERIES, lines_of, row_of, rows_of, waited_words
from channels.store.tickets import Ended, Holder, State, Ticket
from channels.web.headers import SECURITY_HEADERS

TALKS = f"{HOME}/tro-chuyen"
MOST_WRITTEN = 1500
_NO_STORE = {**SECURITY_HEADERS, "Cache-Control": "no-store"}
#: A page that stays open looks again and again; that is one look for so long.
_ONE_LOOK = timedelta(minutes=15)
GONE = "Cuộc trò chuyện này không còn: người dân đã xóa, hoặc đã hết hạn lưu."
_REFUSALS: dict[type[DeskError], str] = {
    TakenAlready: "Cán bộ khác đã nhận cuộc trò chuyện này, hoặc nó vừa kết thúc.",
    NotYours: "Anh/chị không (còn) giữ cuộc trò chuyện này nên chưa gửi được gì. Bấm Nhận trước.",
}
_FAULTS = {
    "trong": "Anh/chị viết lời nhắn trước khi gửi.",
    "khong-duoc": "Việc vừa rồi không làm được; xem lại bên dưới.",
}


class _Looks:
    """Who looked at which conversation lately: each look goes into the audit log, a page that stays open once."""

    def __init__(self, desk: Desk, take_over: TakeOver) -> None:
        self._desk = desk
        self._now = take_over.now
        self._last: OrderedDict[tuple[int, int], Any] = OrderedDict()

    async def note(self, officer: Officer, ticket: Ticket, *, anew: bool) -> None:
        """Write a look down, before the words are shown. anew: the page is opened."""
        key, now = (officer.account_id, ticket.id), self._now()
        last = self._last.get(key)
        if not anew and last is not None and now - last < _ONE_LOOK:
            return
        note = f"trao đổi {ticket.id}"
        await self._desk.audit.write(officer, "conversation_seen", note, conversation=ticket.conversation)
        self._last[key] = now
        self._last.move_to_end(key)
        if len(self._last) > 5000:
            self._last.popitem(last=False)


def build_takeover_router(desk: Desk, take_over: TakeOver, fields: Sequence[str]) -> APIRouter:
    """Return the routes. fields: of the catalogue, to forward to."""
    desk.pages.add_to_menu(MenuItem(2, TALKS, "Trò chuyện"))
    router = staff_router()
    looks = _Looks(desk, take_over)
    tickets, talks = take_over.tickets, take_over.talks

    @router.get(TALKS)
    async def queue_page(request: Request, officer: Clerk) -> Response:
        return await _page(request, officer, None)

    @router.get(f"{TALKS}.json")
    async def queue(request: Request, officer: Clerk) -> Response:
        rows = [row.plain() for row in await _rows(officer)]
        return JSONResponse({"rows": rows}, headers=_NO_STORE)

    @router.get(f"{TALKS}/{{ticket_id:int}}")
    async def talk_page(request: Request, officer: Clerk, ticket_id: int) -> Response:
        ticket = await asyncio.to_thread(tickets.get, ticket_id)
        if ticket is None:
            return desk.pages.respond(request, officer, "message.html", 404, heading=GONE, text=None)
        return await _page(request, officer, ticket)

    @router.get(f"{TALKS}/{{ticket_id:int}}/dong.json")
    async def lines(request: Request, officer: Clerk, ticket_id: int, sau: int = 0) -> Response:
        ticket = await asyncio.to_thread(tickets.get, ticket_id)
        if ticket is None:
            return JSONResponse({"detail": GONE}, 404, _NO_STORE)
        await looks.note(officer, ticket, anew=False)
        found = await asyncio.to_thread(take_over.transcripts.after, ticket.conversation, sau)
        row = row_of(ticket, officer, take_over, take_over.now()).plain()
        delivery = DELIVERIES[await asyncio.to_thread(tickets.delivery, ticket)]
        told = {"lines": lines_of(ticket, found), "row": row, "delivery": delivery}
        return JSONResponse(told, headers=_NO_STORE)

    @router.post(f"{TALKS}/{{ticket_id:int}}/nhan")
    async def take(request: Request, officer: Clerk, ticket_id: int) -> Response:
        wanted = str((await request.form()).get("thay", ""))
        ticket = await asyncio.to_thread(tickets.get, ticket_id)
        held_by = row_of(ticket, officer, take_over, take_over.now()).held_by if ticket and wanted else None
        if wanted and str(held_by) != wanted:  # answered, or with somebody else meanwhile
            return _refused(request, ticket_id, 409, _REFUSALS[TakenAlready], "khong-duoc")
        done = talks.take(ticket, _holder(officer), held_by) if ticket else None
        return await _after(request, officer, ticket_id, ticket, done, "conversation_taken")

    @router.post(f"{TALKS}/{{ticket_id:int}}/nhan-tin")
    async def write(request: Request, officer: Clerk, ticket_id: int) -> Response:
        form = await request.form()
        text = str(form.get("loi", "")).strip()[:MOST_WRITTEN]
        key = str(form.get("ma", "")).strip()[:64] or uuid.uuid4().hex
        if not text:
            return _refused(request, ticket_id, 400, _FAULTS["trong"], "trong")
        ticket = await asyncio.to_thread(tickets.get, ticket_id)
        done = talks.write(ticket, _holder(officer), text, key) if ticket else None
        return await _after(request, officer, ticket_id, ticket, done, "conversation_written")

    @router.post(f"{TALKS}/{{ticket_id:int}}/chuyen")
    async def forward(request: Request, officer: Clerk, ticket_id: int) -> Response:
        form = await request.form()
        field = str(form.get("linh-vuc", ""))
        colleagues = {one.name: one for one in await _colleagues(officer)}
        wanted = colleagues.get(str(form.get("cho", "")))
        ticket = await asyncio.to_thread(tickets.get, ticket_id)
        kept = field if field in fields else None
        done = talks.forward(ticket, _holder(officer), kept, wanted) if ticket else None
        return await _after(request, officer, ticket_id, ticket, done, "conversation_forwarded")

    @router.post(f"{TALKS}/{{ticket_id:int}}/tra-may")
    async def give_back(request: Request, officer: Clerk, ticket_id: int) -> Response:
        ticket = await asyncio.to_thread(tickets.get, ticket_id)
        done = talks.end(ticket, _holder(officer), Ended.MACHINE) if ticket else None
        return await _after(request, officer, ticket_id, ticket, done, "conversation_ended")

    @router.post(f"{TALKS}/{{ticket_id:int}}/ket-thuc")
    async def close(request: Request, officer: Clerk, ticket_id: int) -> Response:
        ticket = await asyncio.to_thread(tickets.get, ticket_id)
        done = talks.end(ticket, _holder(officer), Ended.SETTLED) if ticket else None
        return await _after(request, officer, ticket_id, ticket, done, "conversation_ended")

    @router.post(f"{TALKS}/{{ticket_id:int}}/da-doc")
    async def seen(request: Request, officer: Clerk, ticket_id: int) -> Response:
        ticket = await asyncio.to_thread(tickets.get, ticket_id)
        if ticket is not None:
            await talks.seen(ticket, _holder(officer))
        return Response(status_code=204, headers=_NO_STORE)

    async def _rows(officer: Officer) -> list[Any]:
        found = await asyncio.to_thread(tickets.all_open)
        return await asyncio.to_thread(rows_of, found, officer, take_over, take_over.now())

    async def _colleagues(officer: Officer) -> list[Holder]:
        accounts = await asyncio.to_thread(desk.accounts.store.accounts)
        others = (one for one in accounts if one.disabled_at is None and one.id != officer.account_id)
        return [Holder(one.id, one.name, one.full_name) for one in others]

    async def _page(request: Request, officer: Officer, ticket: Ticket | None) -> Response:
        now = take_over.now()
        lines: list[dict[str, Any]] = []
        if ticket is not None:
            await looks.note(officer, ticket, anew=True)
            await talks.seen(ticket, _holder(officer))
            kept = await asyncio.to_thread(take_over.transcripts.latest, ticket.conversation)
            ticket = await asyncio.to_thread(tickets.get, ticket.id) or ticket
            lines = lines_of(ticket, kept)
        is_open = take_over.hours.is_open(now)
        return desk.pages.respond(
            request,
            officer,
            "takeover.html",
            rows=await _rows(officer),
            talk=row_of(ticket, officer, take_over, now) if ticket else None,
            words=ticket.words if ticket else "",
            is_closed=ticket is not None and ticket.state is State.CLOSED,
            lines=lines,
            delivery=DELIVERIES[await asyncio.to_thread(tickets.delivery, ticket)] if ticket else "",
            colleagues=await _colleagues(officer) if ticket else [],
            fields=fields,
            message_id=uuid.uuid4().hex,
            most=MOST_WRITTEN,
            waited=lambda since_ms: waited_words(since_ms, now),
            hours=take_over.hours.told(),
            is_open=is_open,
            opens=None if is_open else take_over.hours.next_opening(now),
            is_sample=take_over.settings.is_sample,
            fault=_FAULTS.get(request.query_params.get("loi", "")),
        )

    async def _after(
        request: Request,
        officer: Officer,
        ticket_id: int,
        ticket: Ticket | None,
        done: Awaitable[None] | None,
        did: str,
    ) -> Response:
        if ticket is None or done is None:
            return _refused(request, ticket_id, 404, GONE, "khong-duoc")
        await desk.audit.write(officer, did, f"trao đổi {ticket_id}", conversation=ticket.conversation)
        try:
            await done
        except DeskError as refusal:
            note = f"trao đổi {ticket_id}"
            await desk.audit.write(officer, "conversation_refused", note, conversation=ticket.conversation)
            return _refused(request, ticket_id, 409, _REFUSALS[type(refusal)], "khong-duoc")
        if CSRF_HEADER in request.headers:
            return JSONResponse({"done": True}, headers=_NO_STORE)
        return see_other(f"{TALKS}/{ticket_id}")

    return router


def _refused(request: Request, ticket_id: int, status: int, detail: str, why: str) -> Response:
    if CSRF_HEADER in request.headers:
        return JSONResponse({"detail": detail}, status, _NO_STORE)
    return see_other(f"{TALKS}/{ticket_id}?loi={why}")


def _holder(officer: Officer) -> Holder:
    return Holder(officer.account_id, officer.name, officer.full_name)
