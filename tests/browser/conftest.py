"""Real Chromium against the demo portal and a strict canned API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.staticfiles import StaticFiles

from channels.web.bundle import WIDGET_DIR
from channels.web.demo import create_demo_app
from channels.web.demo_api import CannedAssistant
from channels.web.pages import Pages, build_pages
from tests.browser.visitor import Site, Visitor, cannot_run, has_scripts
from tests.serving import serving

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WATCH_POLICY = """
window.policyViolations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.policyViolations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


@pytest.fixture(scope="module")
def pages() -> Pages:
    """The portal's pages, read once a module."""
    return build_pages()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One headless Chromium for a module's tests.

    Not for the whole session: Playwright's loop in the main thread must be gone before asyncio tests of other
    folders run.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        cannot_run("playwright is not installed")
    if not CHROMIUM.exists():
        cannot_run(f"{CHROMIUM} is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()


@contextmanager
def serve(pages: Pages) -> Iterator[tuple[str, CannedAssistant]]:
    """Run the demo portal on a free port; its widget sources can be loaded one by one too."""
    assistant = CannedAssistant()
    app = create_demo_app(assistant, pages)
    app.mount("/widget-src", StaticFiles(directory=WIDGET_DIR))
    with serving(app, lifespan="auto") as url:
        yield f"{url}/", assistant


@pytest.fixture
def site(pages: Pages) -> Iterator[Site]:
    """A portal of its own for each test."""
    with serve(pages) as (url, assistant):
        yield Site(url, assistant)


@pytest.fixture
def visit(browser: Any, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Open tabs; afterwards no script error, no policy violation and no broken contract may have occurred."""
    visitors: list[Visitor] = []

    def open_tab(load: bool = True, init: str = "", clock: bool = False, **options: Any) -> Visitor:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(30_000)
        context.add_init_script(WATCH_POLICY + init)
        page = context.new_page()
        if clock:
            page.clock.install()
        visitor = Visitor(page, site)
        page.on("pageerror", lambda error: visitor.errors.append(str(error)))
        visitors.append(visitor)
        return visitor.load() if load else visitor

    yield open_tab
    for visitor in visitors:
        assert visitor.errors == []
        if has_scripts(visitor.page):
            assert visitor.page.evaluate("window.policyViolations") == []
        visitor.page.context.close()
    assert site.assistant.violations == []
