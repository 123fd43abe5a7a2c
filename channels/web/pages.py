"""The portal's pages: the demo front page, static files, and the frame that later pages extend."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from starlette.responses import Response

from channels.web.assets import Assets
from channels.web.headers import SECURITY_HEADERS, encode

TEMPLATES_DIR = Path(__file__).parent / "templates"


class PortalSettings(BaseSettings):
    """What the pages say about the place; nothing is shown for what is not set.

    hotline: a phone number as people read it; hotline_source: who answers there.
    origins: other sites whose pages carry the widget, with commas between: "https://tinh.gov.vn".
    """

    model_config = SettingsConfigDict(env_prefix="MOT_CUA_PORTAL_", extra="ignore")

    province: str = "Quảng Trị"
    hotline: str | None = None
    hotline_source: str | None = None
    national_portal_url: str = "https://dichvucong.gov.vn/"
    origins: Annotated[str, Field(pattern=r"^(https?://[^/\s,*]+(, *https?://[^/\s,*]+)*)?$")] = ""


class Pages:
    """Renders templates inside the portal's frame (base.html)."""

    def __init__(self, settings: PortalSettings, assets: Assets) -> None:
        self.settings = settings
        self.assets = assets
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES_DIR),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(portal=settings, asset=assets.url)

    def html(self, template: str, **values: Any) -> str:
        """Return the page as text. A value that the template needs and does not get is an error."""
        return self._templates.get_template(template).render(**values)

    def respond(self, request: Request, template: str, status_code: int = 200, **values: Any) -> Response:
        """Return the page with the security headers, compressed where the browser takes it.

        Pages may hold what a citizen searched for, so no cache on the way keeps them.
        """
        accepted = request.headers.get("Accept-Encoding", "")
        body, headers = encode(self.html(template, **values).encode(), accepted)
        return Response(
            body,
            status_code=status_code,
            headers={**SECURITY_HEADERS, "Cache-Control": "private, no-cache", **headers},
            media_type="text/html; charset=utf-8",
        )


def build_pages() -> Pages:
    """Return the pages with settings from the environment and files from disk."""
    return Pages(PortalSettings(), Assets.load())


def build_router(pages: Pages) -> APIRouter:
    """Return the routes of the front page and the static files.

    Later pages take the same `pages` and answer with ``pages.respond(request, "search.html", …)``.
    """
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=["GET", "HEAD"])
    async def front_page(request: Request) -> Response:
        return pages.respond(request, "home.html", query="")

    @router.api_route("/static/{name:path}", methods=["GET", "HEAD"])
    async def static_file(request: Request, name: str) -> Response:
        return pages.assets.respond(request, name)

    @router.api_route("/favicon.ico", methods=["GET", "HEAD"])
    async def favicon(request: Request) -> Response:
        return pages.assets.respond(request, "logo.svg")

    return router
