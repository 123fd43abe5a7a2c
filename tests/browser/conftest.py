"""Real Chromium against the demo portal and a strict canned API."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest
import uvicorn
from starlette.staticfiles import StaticFiles

from channels.web.bundle import WIDGET_DIR
from channels.web.demo import create_demo_app
from channels.web.demo_api import CannedAssistant
from channels.web.pages import Pages, build_pages

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


def cannot_run(reason: str) -> NoReturn:
    """Skip with the reason; in CI a test that cannot run has failed."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


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


@dataclass
class Site:
    """The running portal and the assistant behind it."""

    url: str
    assistant: CannedAssistant


@pytest.fixture
def site(pages: Pages) -> Iterator[Site]:
    """A portal of its own for each test."""
    assistant = CannedAssistant()
    app = create_demo_app(assistant, pages)
    app.mount("/widget-src", StaticFiles(directory=WIDGET_DIR))
    config = uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline, "the test server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(f"http://127.0.0.1:{port}/", assistant)
    server.should_exit = True
    thread.join(5)


@dataclass
class Visitor:
    """One citizen's browser tab, with what the widget's tests do over and over."""

    page: Any
    site: Site
    errors: list[str] = field(default_factory=list)

    def load(self, path: str = "") -> Visitor:
        """Go to a page of the portal and wait for the launcher."""
        self.page.goto(self.site.url + path)
        self.page.locator("mot-cua-chat").wait_for(state="attached")
        return self

    @property
    def launcher(self) -> Any:
        """The button that opens the chat."""
        return self.page.get_by_role("button", name="Mở trợ lý thủ tục hành chính")

    @property
    def box(self) -> Any:
        """The text box."""
        return self.page.get_by_role("textbox", name="Câu hỏi của anh/chị")

    @property
    def panel(self) -> Any:
        """The chat window."""
        return self.page.get_by_role("dialog", name="Trợ lý Một Cửa")

    @property
    def log(self) -> Any:
        """The conversation."""
        return self.page.get_by_role("log")

    def open(self) -> Visitor:
        """Open the chat with the mouse."""
        self.launcher.click()
        self.panel.wait_for()
        return self

    def say(self, text: str, expect: str | None = None) -> Visitor:
        """Write, press Enter and wait for a piece of the answer."""
        self.box.fill(text)
        self.box.press("Enter")
        if expect is not None:
            self.log.get_by_text(expect).last.wait_for()
        return self

    def until(self, script: str) -> None:
        """Wait until the script is true; in a page whose policy forbids eval and whose clock may stand still."""
        deadline = time.monotonic() + 8
        while not self.page.evaluate(script):
            assert time.monotonic() < deadline, f"never true: {script}"
            self.page.wait_for_timeout(20)

    def setting(self, name: str) -> Visitor:
        """Press one of the two switches in the menu."""
        self.page.get_by_role("button", name="Cài đặt và trợ giúp").click()
        self.page.get_by_role("switch", name=name).click()
        self.page.get_by_role("button", name="Cài đặt và trợ giúp").click()
        return self

    def focused(self) -> str:
        """Return the accessible name of what has the focus, also inside the widget."""
        script = """() => {
          let node = document.activeElement;
          while (node.shadowRoot && node.shadowRoot.activeElement) node = node.shadowRoot.activeElement;
          return node.getAttribute("aria-label") || node.textContent.trim();
        }"""
        return str(self.page.evaluate(script))


@pytest.fixture
def visit(browser: Any, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Open tabs; afterwards no script error, no policy violation and no broken contract may have occurred."""
    visitors: list[Visitor] = []

    def open_tab(load: bool = True, init: str = "", clock: bool = False, **options: Any) -> Visitor:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(8000)
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


def has_scripts(page: Any) -> bool:
    """Say whether the page has scripts at all (a `<noscript>` test has none)."""
    return bool(page.evaluate("Array.isArray(window.policyViolations)"))
