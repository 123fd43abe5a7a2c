"""What an unknown address answers: a page with the search box for people, a short sentence for programs."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.web.pages import Pages

NO_SUCH_ADDRESS = "Không có địa chỉ này."
#: What FastAPI says when no route fits; anything else was said by a route of ours and stays.
_NO_ROUTE = "Not Found"
_FOR_PROGRAMS = ("/api/", "/actions/")


def add_missing_page(app: FastAPI, pages: Pages) -> None:
    """Make the app answer addresses that no route knows."""

    @app.exception_handler(404)
    async def missing(request: Request, error: HTTPException) -> Response:
        if error.detail != _NO_ROUTE:
            return await http_exception_handler(request, error)
        if request.url.path.startswith(_FOR_PROGRAMS) or not _is_for_people(request):
            return JSONResponse({"detail": NO_SUCH_ADDRESS}, status_code=404)
        return pages.respond(request, "missing.html", status_code=404, query="")


def _is_for_people(request: Request) -> bool:
    """Tell whether a page may be sent; most link checkers and older tools accept anything."""
    accepted = request.headers.get("Accept", "*/*")
    return "text/html" in accepted or "*/*" in accepted
