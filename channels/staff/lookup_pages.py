"""The look-up's pages: /can-bo with its hits while one types, and a procedure on one screen."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any
from urllib.parse import urlencode

import segno
from fastapi import APIRouter, Request
from starlette.responses import Response

from channels.checklist import Checklists
from channels.live_search import Renewed
from channels.staff.desk import Desk, staff_router
from channels.staff.guard import HOME, Clerk, see_other
from channels.staff.lookup import Found, Lookup, LookupRow
from channels.staff.pages import MenuItem
from channels.web.headers import SECURITY_HEADERS, encode
from channels.web.labels import Piece
from channels.web.procedure_pages import plain_code
from channels.web.procedure_view import COUNT_NOT_STATED, view_of
from channels.web.search_filters import LEVEL_KEYS, ONLINE_KEYS, Wanted
from channels.web.twins import Twins
from knowledge.elsewhere import Elsewhere
from knowledge.search import Search
from knowledge.verdict import Judge

HITS = "/can-bo/tra-cuu.json"


def build_lookup_router(desk: Desk, search: Search, judge: Judge, twins: Twins, checklists: Checklists) -> APIRouter:
    """Return the look-up's routes over one index."""
    desk.pages.add_to_menu(MenuItem(1, HOME, "Tra cứu"))
    router = staff_router()
    lookups = Renewed(search, lambda now: Lookup(now, judge))
    catalogue = search.index.catalogue

    @router.get(HOME)
    async def lookup_page(request: Request, officer: Clerk) -> Response:
        lookup = lookups.now
        found = await asyncio.to_thread(lookup.find, Wanted.read(request.query_params), True)
        return desk.pages.respond(request, officer, "lookup.html", found=found, view=None, **_frame(lookup, found))

    @router.get(HITS)
    async def hits(request: Request, officer: Clerk) -> Response:
        started = time.perf_counter()
        found = await asyncio.to_thread(lookups.now.find, Wanted.read(request.query_params), True)
        text = json.dumps(_plain(found), ensure_ascii=False)
        body, headers = encode(text.encode(), request.headers.get("Accept-Encoding", ""))
        timing = f"search;dur={1000 * (time.perf_counter() - started):.1f}"
        headers |= {**SECURITY_HEADERS, "Cache-Control": "no-store", "Server-Timing": timing}
        return Response(body, headers=headers, media_type="application/json")

    @router.get("/can-bo/thu-tuc/{typed}")
    async def procedure_page(request: Request, officer: Clerk, typed: str) -> Response:
        procedure = catalogue.get(typed)
        if procedure is None:
            plain = plain_code(typed)
            if plain and plain != typed and catalogue.get(plain):
                return see_other(f"{HOME}/thu-tuc/{plain}")
            words = {"heading": "Không có thủ tục này trong danh mục.", "text": None}
            return desk.pages.respond(request, officer, "message.html", 404, **words)
        wanted, lookup = Wanted.read(request.query_params), lookups.now
        found, why, view = await asyncio.gather(
            asyncio.to_thread(lookup.find, wanted, True),
            asyncio.to_thread(lookup.why, procedure, wanted.query),
            asyncio.to_thread(view_of, procedure, catalogue, twins),
        )
        link = checklists.checklist_url(procedure.code)
        return desk.pages.respond(
            request,
            officer,
            "lookup.html",
            found=found,
            view=view,
            why=why,
            titles=lambda code: one.short_title if (one := catalogue.get(code)) else None,
            count_not_stated=COUNT_NOT_STATED,
            checklist=f"/thu-tuc/{procedure.code}/danh-sach",
            checklist_link=link,
            qr=segno.make_qr(link, error="m").svg_data_uri(border=2, omitsize=True, light="#fff"),
            **_frame(lookup, found),
        )

    return router


def _frame(lookup: Lookup, found: Found) -> dict[str, Any]:
    """Return what the search column needs on both pages."""
    return {
        "fields": lookup.fields,
        "levels": LEVEL_KEYS,
        "online": ONLINE_KEYS,
        "href": lambda code: _address(code, found.wanted),
    }


def _address(code: str, wanted: Wanted) -> str:
    """Return a procedure's page that keeps the text and the filters."""
    given = {"q": wanted.query, "linh-vuc": wanted.field, "cap": wanted.level, "truc-tuyen": wanted.online}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{HOME}/thu-tuc/{code}" + (f"?{query}" if query else "")


def _plain(found: Found) -> dict[str, Any]:
    """Return the hits for the script; texts with marks as [text, marked] pairs."""
    return {
        "total": found.total,
        "application_code": found.application_code,
        "elsewhere": _plain_elsewhere(found.elsewhere) if found.elsewhere else None,
        "rows": [_plain_row(row, found.wanted) for row in found.rows],
    }


def _plain_row(row: LookupRow, wanted: Wanted) -> dict[str, Any]:
    why = row.why
    return {
        "code": row.procedure.code,
        "title": row.procedure.short_title,
        "meta": row.meta,
        "href": _address(row.procedure.code, wanted),
        "by": why.by if why else "",
        "passage": _pairs(why.passage) if why else [],
    }


def _plain_elsewhere(other: Elsewhere) -> dict[str, str]:
    day = f"{other.as_of:%d/%m/%Y}"
    return {"title": other.title, "where": other.where, "code": other.code, "source": other.source, "as_of": day}


def _pairs(pieces: tuple[Piece, ...]) -> list[list[Any]]:
    return [[piece.text, piece.marked] for piece in pieces]
