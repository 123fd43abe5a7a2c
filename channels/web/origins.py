"""Lets the widget on other portals' pages call the web API: only named sites, without cookies."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

#: The widget waits as long as a refusal says.
READABLE = ("Retry-After",)
_WEB_API = "/api/v1/"
_PREFLIGHT_S = 86_400


def allow_portals(app: FastAPI, origins: str) -> None:
    """Answer pages of these sites (with commas between); without any nothing is added."""
    names = [name.strip().lower() for name in origins.split(",") if name.strip()]
    if names:
        app.add_middleware(_WebApiOnly, origins=names)


class _WebApiOnly:
    """CORS for the web API and nothing else: pages, the desk and webhooks stay closed to other sites."""

    def __init__(self, app: ASGIApp, origins: list[str]) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type", "Last-Event-ID"],
            expose_headers=READABLE,
            max_age=_PREFLIGHT_S,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_api = scope["type"] == "http" and scope["path"].startswith(_WEB_API)
        await (self._open if is_api else self._app)(scope, receive, send)
