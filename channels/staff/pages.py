"""The desk's pages: templates inside one frame, its menu, and its static files under /can-bo/tep/."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from channels.staff.roles import Officer, Role
from channels.web.assets import Assets
from channels.web.headers import SECURITY_HEADERS, encode
from channels.web.pages import TEMPLATES_DIR as PORTAL_TEMPLATES
from channels.web.pages import PortalSettings

HERE = Path(__file__).parent
_SERVED = {".css", ".js", ".svg"}


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu, for officers from a role on; the order is also its shortcut, 1 to 9."""

    order: int
    path: str
    title: str
    role: Role = Role.CLERK


class StaffAssets(Assets):
    """The desk's static files; unlike the portal's they are for no other site."""

    @classmethod
    def load(cls, folder: Path = HERE / "static") -> StaffAssets:
        """Read the folder."""
        return cls({path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in _SERVED})

    def url(self, name: str) -> str:
        """Return the address that changes whenever the content does."""
        return super().url(name).replace("/static/", "/can-bo/tep/", 1)

    def respond(self, request: Request, name: str) -> Response:
        """Answer a request for a static file: 200, 304 or 404."""
        response = super().respond(request, name)
        for header in ("Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy"):
            if header in response.headers:
                del response.headers[header]
        return response


class StaffPages:
    """Renders the desk's templates (channels/staff/templates; the portal's small parts can be imported too)."""

    def __init__(self, portal: PortalSettings, assets: StaffAssets, templates: Path = HERE / "templates") -> None:
        self.assets = assets
        self._menu: list[MenuItem] = []
        self._templates = Environment(
            loader=FileSystemLoader([templates, PORTAL_TEMPLATES]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(portal=portal, asset=assets.url, Role=Role)

    def add_to_menu(self, item: MenuItem) -> None:
        """Show a page in everybody's menu whose role reaches."""
        self._menu = sorted([*self._menu, item], key=lambda one: one.order)

    def menu(self, officer: Officer | None) -> list[MenuItem]:
        """Return the menu of an officer; nobody has none."""
        return [item for item in self._menu if officer and not officer.one_time and officer.may(item.role)]

    def respond(
        self, request: Request, officer: Officer | None, template: str, status_code: int = 200, /, **values: Any
    ) -> Response:
        """Return a page inside the frame; browsers and proxies keep nothing of it.

        The template extends "desk.html" and knows `officer`, `menu` and `path` besides the given values.
        """
        text = self._templates.get_template(template).render(
            officer=officer, menu=self.menu(officer), path=request.url.path, **values
        )
        body, headers = encode(text.encode(), request.headers.get("Accept-Encoding", ""))
        return Response(
            body,
            status_code,
            {**SECURITY_HEADERS, "Cache-Control": "no-store", **headers},
            media_type="text/html; charset=utf-8",
        )
