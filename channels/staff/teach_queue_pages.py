"""Proposals (/can-bo/day/de-nghi): what clerks want to teach, decided by somebody else, and taken back if need be."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from fastapi import APIRouter, Request
from starlette.responses import Response

from channels.staff.desk import Desk, staff_router
from channels.staff.guard import Clerk, Editor, see_other
from channels.staff.roles import Officer, Role
from channels.staff.teach_pages import TEACH
from channels.store.days import VIETNAM
from channels.store.teaching import Proposal, State
from channels.teaching.errors import TeachingError
from channels.teaching.service import Teaching, may_decide
from knowledge.catalogue import Catalogue

PROPOSALS = f"{TEACH}/de-nghi"
MOST_REASON = 300
_DONE = {
    "duyet": "Đã ghi vào tệp dữ liệu. Trợ lý biết điều này sau lần Dựng lại tới.",
    "tu-choi": "Đã từ chối; câu hỏi trở lại danh sách.",
    "rut": "Đã rút khỏi tệp dữ liệu; câu hỏi trở lại danh sách.",
}


def build_teach_queue_router(desk: Desk, teaching: Teaching, catalogue: Catalogue) -> APIRouter:
    """Return the routes: clerks look, editors decide."""
    router = staff_router()

    def where(proposal: Proposal) -> str:
        """Say what a proposal adds to, in words."""
        if not proposal.is_name:
            return teaching.intents.get(proposal.target, proposal.target)
        procedure = catalogue.get(proposal.target)
        return procedure.short_title if procedure else proposal.target

    async def page(request: Request, officer: Officer, fault: str = "") -> Response:
        store = teaching.store
        waiting, approved, dropped = await asyncio.gather(
            asyncio.to_thread(store.in_state, State.OPEN, State.DECIDING),
            asyncio.to_thread(store.in_state, State.APPROVED, limit=50),
            asyncio.to_thread(store.in_state, State.REJECTED, State.WITHDRAWN, limit=20),
        )
        return desk.pages.respond(
            request,
            officer,
            "teach_queue.html",
            409 if fault else 200,
            waiting=waiting,
            approved=approved,
            dropped=dropped,
            may_decide=lambda proposal: may_decide(officer, proposal),
            is_editor=officer.may(Role.EDITOR),
            where=where,
            fault=fault,
            done=_DONE.get(request.query_params.get("xong", "")),
            State=State,
            most=MOST_REASON,
            local=lambda moment: moment.astimezone(VIETNAM),
        )

    @router.get(PROPOSALS)
    async def queue_page(request: Request, officer: Clerk) -> Response:
        return await page(request, officer)

    @router.post(f"{PROPOSALS}/{{number:int}}/duyet")
    async def approve(request: Request, officer: Editor, number: int) -> Response:
        return await decide(request, officer, number, "teaching_approved", teaching.approve(officer, number), "duyet")

    @router.post(f"{PROPOSALS}/{{number:int}}/tu-choi")
    async def reject(request: Request, officer: Editor, number: int) -> Response:
        reason = " ".join(str((await request.form()).get("ly-do", "")).split())[:MOST_REASON]
        if not reason:
            return await page(request, officer, "Ghi lý do để người đề nghị biết.")
        work = teaching.reject(officer, number, reason)
        return await decide(request, officer, number, "teaching_rejected", work, "tu-choi")

    @router.post(f"{PROPOSALS}/{{number:int}}/rut")
    async def withdraw(request: Request, officer: Editor, number: int) -> Response:
        return await decide(request, officer, number, "teaching_withdrawn", teaching.withdraw(officer, number), "rut")

    async def decide(
        request: Request, officer: Officer, number: int, did: str, work: Awaitable[Proposal], done: str
    ) -> Response:
        note = f"đề nghị {number}"
        await desk.audit.write(officer, did, note)
        try:
            proposal = await work
        except TeachingError as fault:
            await desk.audit.write(officer, "teaching_refused", note)
            return await page(request, officer, str(fault))
        assert proposal.id == number
        return see_other(f"{PROPOSALS}?xong={done}")

    return router
