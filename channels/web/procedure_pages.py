"""The page of a procedure (/thu-tuc/<mã>) and the search page (/tim-kiem); both work without JavaScript."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from channels.live_search import Renewed
from channels.web.headers import SECURITY_HEADERS
from channels.web.pages import Pages
from channels.web.procedure_view import COUNT_NOT_STATED, view_of
from channels.web.search_filters import LEVEL_KEYS, ONLINE_KEYS, Wanted
from channels.web.search_page import MAX_HITS, SearchPages
from channels.web.twins import Twins
from knowledge.codes import find_procedure_codes
from knowledge.model import PORTAL_PAGE
from knowledge.search import Search
from knowledge.verdict import Judge

#: A longer path is no code; it is not repeated on the page either.
MAX_CODE = 40


def build_procedure_router(pages: Pages, search: Search, judge: Judge, twins: Twins | None = None) -> APIRouter:
    """Return the routes of the procedure page and the search page over one index.

    twins: of the same catalogue; who builds them can `warm` them before the first page is asked for.
    """
    router = APIRouter(include_in_schema=False)
    catalogue = search.index.catalogue
    twins = twins or Twins(catalogue)
    pages_of_search = Renewed(search, lambda now: SearchPages(now, judge))

    @router.api_route("/thu-tuc/{typed}", methods=["GET", "HEAD"])
    async def procedure_page(request: Request, typed: str) -> Response:
        procedure = catalogue.get(typed)
        if procedure is not None:
            view = await asyncio.to_thread(view_of, procedure, catalogue, twins)
            return pages.respond(request, "procedure.html", view=view, count_not_stated=COUNT_NOT_STATED)
        plain = plain_code(typed)
        if plain is not None and plain != typed and catalogue.get(plain):
            return _redirect(f"/thu-tuc/{plain}", permanent=True)
        portal_page = PORTAL_PAGE.format(code=plain) if plain else None
        return pages.respond(
            request, "procedure_missing.html", status_code=404, code=plain, portal_page=portal_page, query=""
        )

    @router.api_route("/thu-tuc", methods=["GET", "HEAD"])
    async def procedures() -> Response:
        return _redirect("/tim-kiem", permanent=True)

    @router.api_route("/tim-kiem", methods=["GET", "HEAD"])
    async def search_page(request: Request) -> Response:
        wanted, searches = Wanted.read(request.query_params), pages_of_search.now
        code = searches.code_in(wanted.query)
        if code is not None:
            return _redirect(f"/thu-tuc/{code}")
        view = await asyncio.to_thread(searches.show, wanted)
        return pages.respond(
            request,
            "search.html",
            view=view,
            levels=LEVEL_KEYS,
            online=ONLINE_KEYS,
            asked_fields=searches.asked_fields,
            life_events=list(catalogue.life_events.values()),
            most_hits=MAX_HITS,
            national_page=lambda code: PORTAL_PAGE.format(code=code),
        )

    return router


def plain_code(typed: str) -> str | None:
    """Return the procedure code without its old local suffix, or None when it is no procedure code.

    >>> plain_code("1.001193.000.00.00.H56")
    '1.001193'
    """
    codes = find_procedure_codes(typed) if len(typed) <= MAX_CODE else []
    return codes[0] if len(codes) == 1 else None


def _redirect(address: str, permanent: bool = False) -> Response:
    headers = {**SECURITY_HEADERS, "Cache-Control": "private, no-cache"}
    return RedirectResponse(address, status_code=301 if permanent else 303, headers=headers)
