"""Rebuilding (/can-bo/day/dung-lai): what is in service, a new build with its figures, the history, the way back."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from channels.errors import DialogueUnavailable
from channels.rasa_client import RasaClient
from channels.staff.desk import Desk, staff_router
from channels.staff.guard import Clerk, Editor, see_other
from channels.staff.roles import Officer, Role
from channels.staff.teach_pages import TEACH
from channels.store.days import VIETNAM
from channels.store.releases import Build, BuildState
from channels.store.teaching import State
from channels.teaching.errors import RebuildRefused
from channels.teaching.figures import FIGURE_WORDS
from channels.teaching.service import Teaching
from channels.web.headers import SECURITY_HEADERS

REBUILD = f"{TEACH}/dung-lai"
STATE_WORDS = {
    BuildState.BUILDING: "đang dựng",
    BuildState.PASSED: "đạt",
    BuildState.FELL: "không đạt: có số liệu giảm",
    BuildState.FAILED: "không dựng được",
}
_MODEL = re.compile(r"ban-(\d{4})\.tar\.gz")
_NO_STORE = {**SECURITY_HEADERS, "Cache-Control": "no-store"}


def build_rebuild_router(desk: Desk, teaching: Teaching, rasa: RasaClient) -> APIRouter:
    """Return the routes: clerks look, editors build and go back."""
    router = staff_router()
    rebuilder = teaching.rebuilder

    async def page(request: Request, officer: Officer, fault: str = "") -> Response:
        builds, live, underway, former, approved = await asyncio.gather(
            asyncio.to_thread(rebuilder.builds.history),
            asyncio.to_thread(rebuilder.folder.live),
            asyncio.to_thread(rebuilder.underway),
            asyncio.to_thread(rebuilder.former),
            asyncio.to_thread(teaching.store.in_state, State.APPROVED),
        )
        been_live = {one.id for one in builds if one.first_live_at}
        last = next((one for one in builds if one.state is not BuildState.BUILDING and one.ended_at), None)
        return desk.pages.respond(
            request,
            officer,
            "rebuild.html",
            409 if fault else 200,
            builds=builds,
            live=next((one for one in builds if live and one.id == live.number), None),
            here=teaching.watch.number,
            dialogue=await _dialogue(),
            underway=underway,
            former=former,
            fresh=[one for one in approved if one.build not in been_live],
            last=last,
            report=_report(last),
            reports={one.id: _report(one) for one in builds},
            whole={one.id for one in builds if rebuilder.folder.is_whole(one.id)},
            tolerance=teaching.settings.tolerance,
            state_words=STATE_WORDS,
            figure_words=FIGURE_WORDS,
            State=BuildState,
            is_editor=officer.may(Role.EDITOR),
            fault=fault,
            percent=_percent,
            change=_change,
            local=lambda moment: moment.astimezone(VIETNAM),
        )

    async def _dialogue() -> int | None:
        """Return the release that the dialogue server works with; 0 = what set-up built, None = it does not answer."""
        try:
            model = await rasa.model()
        except DialogueUnavailable:
            return None
        found = _MODEL.fullmatch(model.name) if model else None
        return int(found[1]) if found else 0

    @router.get(REBUILD)
    async def rebuild_page(request: Request, officer: Clerk) -> Response:
        return await page(request, officer)

    @router.get(f"{REBUILD}.json")
    async def progress(officer: Clerk) -> Response:
        underway = await asyncio.to_thread(rebuilder.underway)
        live = await asyncio.to_thread(rebuilder.folder.live)
        told: dict[str, Any] = {"running": None, "live": live.number if live else 0}
        told["settled"] = live is None or (teaching.watch.number == live.number and await _dialogue() == live.number)
        if underway is not None:
            told["running"] = {"step": underway.step, "place": underway.place, "steps": underway.steps}
        return JSONResponse(told, headers=_NO_STORE)

    @router.post(REBUILD)
    async def begin(request: Request, officer: Editor) -> Response:
        await desk.audit.write(officer, "rebuild_begun")
        try:
            await rebuilder.begin(officer.name)
        except RebuildRefused as refusal:
            await desk.audit.write(officer, "teaching_refused", "dựng lại")
            return await page(request, officer, str(refusal))
        return see_other(REBUILD)

    @router.post(f"{REBUILD}/{{number:int}}/dung")
    async def put_live(request: Request, officer: Editor, number: int) -> Response:
        await desk.audit.write(officer, "release_chosen", f"bản {number}")
        try:
            await rebuilder.put_live(number, officer.name)
        except RebuildRefused as refusal:
            await desk.audit.write(officer, "teaching_refused", f"bản {number}")
            return await page(request, officer, str(refusal))
        return see_other(REBUILD)

    return router


def _report(build: Build | None) -> dict[str, Any]:
    """Return what a build told, with nothing in place of what it did not get to."""
    told = json.loads(build.report) if build and build.report else {}
    nothing: dict[str, Any] = {name: {} for name in ("before", "after")}
    nothing |= {name: [] for name in ("fell", "worse", "taught")}
    return nothing | {"failed": "", "better": 0, "cases": 0, "intent_cases": 0} | told


def _percent(value: float) -> str:
    return f"{100 * value:.1f}%".replace(".", ",")


def _change(before: float, after: float) -> str:
    """Return a change in points: "+0,4"; "0" when nothing can be seen of it."""
    points = f"{100 * (after - before):+.1f}".replace(".", ",").replace("-", "−")
    return "0" if points[1:] == "0,0" else points
