"""Teaching the assistant (/can-bo/day): questions it did badly on, grouped, and what they should have led to."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from channels.staff.desk import Desk, staff_router
from channels.staff.guard import HOME, Clerk, see_other
from channels.staff.pages import MenuItem
from channels.staff.roles import Officer
from channels.store.days import VIETNAM
from channels.store.questions import Why
from channels.teaching.files import Change
from channels.teaching.service import Teaching
from channels.teaching.words import Looked, look_over
from knowledge.catalogue import Catalogue
from knowledge.codes import find_procedure_codes
from knowledge.verdict import Outcome

TEACH = f"{HOME}/day"
OUT_OF_SCOPE = "out_of_scope"
A_PAGE = 20
MOST_QUESTIONS = 200
WHY_WORDS: Mapping[Why, str] = {
    Why.UNANSWERED: "không tìm thấy",
    Why.REFUSED: "báo ngoài phạm vi",
    Why.UNSURE: "phải hỏi lại",
    Why.THUMBED_DOWN: "bị chê",
}
NOW_WORDS: Mapping[Outcome, str] = {
    Outcome.CLEAR: "trả lời",
    Outcome.AMBIGUOUS: "hỏi lại",
    Outcome.NOTHING: "không tìm thấy thủ tục",
}
_DONE = {
    "de-nghi": "Đã gửi đề nghị. Người duyệt sẽ xem ở mục Đề nghị.",
    "an": "Đã ẩn. Muốn xem lại thì mở mục Câu đã ẩn ở cuối trang.",
    "hien": "Đã đưa câu hỏi trở lại danh sách.",
}


@dataclass(frozen=True)
class Again:
    """A card that comes back: what is to be said about its words, and procedures found for it."""

    key: str
    written: str
    looked: Looked
    searched: str = ""
    found: Sequence[Any] = ()


def build_teach_router(desk: Desk, teaching: Teaching, catalogue: Catalogue) -> APIRouter:
    """Return the routes; all of them are for clerks."""
    desk.pages.add_to_menu(MenuItem(3, TEACH, "Dạy trợ lý"))
    router = staff_router()

    async def page(request: Request, officer: Officer, again: Again | None = None) -> Response:
        shown = await teaching.board.look()
        groups = shown.groups if shown else ()
        number = _page_number(request)
        part = list(groups[(number - 1) * A_PAGE : number * A_PAGE])
        if again:  # the card stands first, wherever it was
            mine = [group for group in groups if group.key == again.key]
            part = mine + [group for group in part if group.key != again.key]
        await desk.audit.write(officer, "unanswered_seen", "dạy trợ lý")
        return desk.pages.respond(
            request,
            officer,
            "teach.html",
            422 if again and again.looked.faults else 200,
            groups=part,
            count=len(groups),
            questions=sum(group.times for group in groups),
            is_made=shown is not None,
            number=number,
            pages=-(-len(groups) // A_PAGE),
            days=teaching.settings.days,
            again=again,
            intents=teaching.intents,
            hidden=await asyncio.to_thread(teaching.store.hidden),
            done=_DONE.get(request.query_params.get("xong", "")),
            why_words=WHY_WORDS,
            now_words=NOW_WORDS,
            local=lambda moment: moment.astimezone(VIETNAM),
        )

    @router.get(TEACH)
    async def teach_page(request: Request, officer: Clerk) -> Response:
        return await page(request, officer)

    @router.post(TEACH)
    async def teach(request: Request, officer: Clerk) -> Response:
        form = await request.form()
        keys = [str(key) for key in form.getlist("cau")][:MOST_QUESTIONS]
        key, written, what = (str(form.get(name, "")) for name in ("nhom", "loi", "viec"))
        if what == "an" and keys:
            await desk.audit.write(officer, "question_hidden", f"{len(keys)} câu hỏi")
            await teaching.hide(officer, keys, await _shown_words(key) or written[:300])
            return see_other(f"{TEACH}?xong=an")
        looked = look_over(written)
        if what == "tim":
            sought = str(form.get("tim", "")).strip()[:200]
            now = await _search(sought or written)
            return await page(request, officer, Again(key, written, Looked(looked.words), sought, now))
        change = _change(what, form, looked.words)
        if change is None or not keys:
            wrong = Looked(looked.words, ("Chọn thủ tục hoặc ý của câu hỏi.",))
            return await page(request, officer, Again(key, written, wrong))
        if looked.faults or (looked.warnings and str(form.get("chac", "")) != looked.words):
            return await page(request, officer, Again(key, written, looked))
        await desk.audit.write(officer, "teaching_proposed", change.target)
        await teaching.propose(officer, change, keys)
        return see_other(f"{TEACH}?xong=de-nghi")

    @router.post(f"{TEACH}/hien")
    async def show_again(request: Request, officer: Clerk) -> Response:
        key = str((await request.form()).get("cau", ""))
        await desk.audit.write(officer, "question_shown_again")
        await teaching.show_again(key)
        return see_other(f"{TEACH}?xong=hien")

    def _change(what: str, form: FormData, words: str) -> Change | None:
        kind, _, target = what.partition(":")
        if kind == "ten" and catalogue.get(target):
            return Change(True, target, words)
        intent = OUT_OF_SCOPE if what == "ngoai" else str(form.get("y", "")) if what == "y" else ""
        return Change(False, intent, words) if intent in teaching.intents else None

    async def _search(text: str) -> list[Any]:
        codes = [procedure for code in find_procedure_codes(text) if (procedure := catalogue.get(code))]
        if codes or len(text) < 2:
            return codes
        return list((await asyncio.to_thread(teaching.board.would_say, text)).candidates)

    async def _shown_words(key: str) -> str:
        shown = await teaching.board.look()
        return next((group.words for group in (shown.groups if shown else ()) if group.key == key), "")

    return router


def _page_number(request: Request) -> int:
    given = request.query_params.get("trang", "1")
    return int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 4 else 1
