"""One citizen's browser tab, and what the widget's tests do with it over and over."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from typing import Any, NoReturn

import pytest

from channels.web.demo_api import CannedAssistant


def cannot_run(reason: str) -> NoReturn:
    """Skip with the reason; in CI a test that cannot run has failed."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass
class Site:
    """The running portal and the assistant behind it."""

    url: str
    assistant: CannedAssistant


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
        """Wait until the script is true: Playwright's own wait needs eval once the clock is a fake."""
        deadline = time.monotonic() + 30
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


def has_scripts(page: Any) -> bool:
    """Say whether the page has scripts at all (a `<noscript>` test has none)."""
    return bool(page.evaluate("Array.isArray(window.policyViolations)"))
