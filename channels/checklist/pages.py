"""The checklist's addresses: /thu-tuc/<mã>/danh-sach (a page to print) and /thu-tuc/<mã>/danh-sach.pdf."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from urllib.parse import urlencode

import segno
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from channels.checklist import Checklists
from channels.checklist.content import Checklist, cases_of, checklist_of
from channels.checklist.words import Words
from channels.web.headers import SECURITY_HEADERS, matches_etag
from channels.web.labels import field_key
from channels.web.pages import Pages
from channels.web.procedure_pages import plain_code
from knowledge.catalogue import Catalogue
from knowledge.model import PORTAL_PAGE, Procedure

#: The query's name for a case picked, as its number in the procedure's list; it may stand several times.
CASE = "truong-hop"
_AT_ONCE = 2


def build_checklist_router(pages: Pages, catalogue: Catalogue, checklists: Checklists) -> APIRouter:
    """Return the routes of the page and of the PDF over one catalogue."""
    router = APIRouter(include_in_schema=False)
    words = Words.load()
    drawing = asyncio.Semaphore(_AT_ONCE)  # a PDF is CPU work: many at once must not slow the conversations

    def missing(request: Request, typed: str) -> Response:
        """Lead an older spelling of a known code to its page; say of others that they are not known."""
        plain = plain_code(typed)
        if plain and plain != typed and catalogue.get(plain):
            return RedirectResponse(_address(plain), status_code=301, headers=dict(SECURITY_HEADERS))
        portal_page = PORTAL_PAGE.format(code=plain) if plain else None
        return pages.respond(
            request, "procedure_missing.html", status_code=404, code=plain, portal_page=portal_page, query=""
        )

    @router.api_route("/thu-tuc/{typed}/danh-sach", methods=["GET", "HEAD"])
    async def checklist_page(request: Request, typed: str) -> Response:
        procedure = catalogue.get(typed)
        if procedure is None:
            return missing(request, typed)
        checklist = _wanted(procedure, request)
        code = procedure.code
        return pages.respond(
            request,
            "checklist.html",
            list=checklist,
            say=words.say,
            case_name=CASE,
            field_key=field_key(procedure.field),
            pdf_address=_address(code, ".pdf", _numbers(checklist)),
            qr=segno.make_qr(checklists.chat_url(code), error="m").svg_data_uri(border=0, omitsize=True),
        )

    @router.api_route("/thu-tuc/{typed}/danh-sach.pdf", methods=["GET", "HEAD"])
    async def checklist_pdf(request: Request, typed: str) -> Response:
        procedure = catalogue.get(typed)
        if procedure is None:
            return missing(request, typed)
        checklist = _wanted(procedure, request)
        etag = f'"{_version(checklist)}"'
        headers = {**SECURITY_HEADERS, "Cache-Control": "private, max-age=300", "ETag": etag}
        if matches_etag(request.headers.get("If-None-Match", ""), etag):
            return Response(status_code=304, headers=headers)
        async with drawing:
            body = await asyncio.to_thread(checklists.render, checklist)
        headers["Content-Disposition"] = f'inline; filename="danh-sach-{procedure.code}.pdf"'
        return Response(body, headers=headers, media_type="application/pdf")

    return router


def _wanted(procedure: Procedure, request: Request) -> Checklist:
    """Return the list for the cases that the query names; numbers that mean nothing are passed over."""
    numbers = set(request.query_params.getlist(CASE))
    return checklist_of(procedure, [case for n, case in enumerate(cases_of(procedure), 1) if str(n) in numbers])


def _numbers(checklist: Checklist) -> list[int]:
    return [number for number, case in enumerate(checklist.cases, 1) if case in checklist.chosen]


def _address(code: str, end: str = "", numbers: Sequence[int] = ()) -> str:
    query = urlencode([(CASE, number) for number in numbers])
    return f"/thu-tuc/{code}/danh-sach{end}" + (f"?{query}" if query else "")


def _version(checklist: Checklist) -> str:
    return hashlib.sha256(repr(checklist).encode()).hexdigest()[:16]
