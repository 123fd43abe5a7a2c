"""A staff desk in a real server, and an officer's browser tab that is already signed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, FastAPI

from channels.staff.desk import Desk
from channels.staff.guard import COOKIE
from channels.staff.roles import Role
from channels.web.pages import Pages, build_router
from tests.browser.conftest import WATCH_POLICY
from tests.fakes.staff import session_cookie
from tests.serving import serving


@contextmanager
def serve_desk(
    desk: Desk, pages: Pages, routers: Sequence[APIRouter], others: Sequence[APIRouter] = ()
) -> Iterator[str]:
    """Run the desk on a free port beside the portal's pages; give its address without a slash at the end.

    routers: the desk's; others: of the portal.
    """
    app = FastAPI()
    app.include_router(build_router(pages))
    for router in others:
        app.include_router(router)
    desk.install(app, routers)
    with serving(app, lifespan="auto") as url:
        yield url


@dataclass
class OfficerTab:
    """A tab of an officer; close it with `finish`, which also looks for faults."""

    page: Any
    url: str
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> OfficerTab:
        """Go to a page of the desk."""
        self.page.goto(self.url + path)
        return self

    @property
    def path(self) -> str:
        """Return where the tab is, with the query."""
        return str(self.page.evaluate("location.pathname + location.search"))

    def focused(self) -> str:
        """Return the text or the id of what has the focus."""
        return str(
            self.page.evaluate("document.activeElement.id || document.activeElement.textContent.trim().split('\\n')[0]")
        )

    def finish(self) -> None:
        """Close the tab; no script error and no breach of the policy may have occurred."""
        assert self.errors == []
        # A condition, not a value: a page of the desk may just be renewing itself by a server event.
        self.page.wait_for_function("window.policyViolations?.length === 0")
        self.page.context.close()


def officer_tab(browser: Any, url: str, desk: Desk, role: Role | None = Role.CLERK, **options: Any) -> OfficerTab:
    """Return a new tab, signed in as the account of that role (None: nobody)."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    context.set_default_timeout(30_000)
    context.add_init_script(WATCH_POLICY)
    if role is not None:
        token = session_cookie(desk, role)
        cookie = {"name": COOKIE, "value": token, "url": f"{url}/can-bo", "httpOnly": True, "sameSite": "Strict"}
        context.add_cookies([cookie])
    tab = OfficerTab(context.new_page(), url)
    tab.page.on("pageerror", lambda error: tab.errors.append(str(error)))
    return tab
