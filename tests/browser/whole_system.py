"""One citizen's browser at the running system: says, presses, waits as long as a loaded machine needs, and looks."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.journeys.system import READY_WITHIN_S, ROOT, System

SHOTS = ROOT / "var" / "screenshots"
#: More than the widget itself waits for an answer (30 s).
ANSWER_WITHIN_MS = 60_000
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
RASA_IS_UP = "dialogue server ready"


@dataclass
class Citizen:
    """A tab at the portal; `device` names the pictures.

    errors: what scripts on the page threw.
    """

    page: Any
    url: str
    device: str
    errors: list[str] = field(default_factory=list)

    def open_chat(self) -> Citizen:
        """Go to the front page and open the chat as people do."""
        self.page.goto(self.url)
        launcher = self.page.get_by_role("button", name="Mở trợ lý thủ tục hành chính")
        self._touch(launcher)
        self.page.get_by_role("dialog", name="Trợ lý Một Cửa").wait_for()
        return self

    def say(self, text: str) -> str:
        """Send a message and return all that is answered to it."""
        before = self._answers.count()
        self.send(text)
        return self.answer_after(before)

    def send(self, text: str) -> None:
        """Send a message without waiting for the answer."""
        box = self.page.get_by_role("textbox", name="Câu hỏi của anh/chị")
        box.fill(text)
        box.press("Enter")

    def press(self, title: str) -> str:
        """Press the newest button of that name and return what is answered."""
        before = self._answers.count()
        self._touch(self.page.get_by_role("button", name=title, exact=True).last)
        return self.answer_after(before)

    def press_again(self) -> str:
        """Send the failed message again and return what is answered in place of the fault."""
        before = self._answers.count()
        self._touch(self.page.get_by_role("button", name="Gửi lại", exact=True))
        return self.answer_after(before - 1)

    def answer_after(self, count: int) -> str:
        """Wait for the answer that follows the first `count` bubbles; its bubbles appear together."""
        self._answers.nth(count).wait_for(timeout=ANSWER_WITHIN_MS)
        return "\n".join(self._answers.all_inner_texts()[count:])

    def count_answers(self) -> int:
        """Return how many bubbles of the assistant there are."""
        return int(self._answers.count())

    def wait_until_working(self) -> None:
        """Wait until the citizen sees that an answer is being prepared."""
        self.page.get_by_text("Trợ lý đang trả lời…").wait_for()

    def source_links(self) -> list[str]:
        """Return the addresses under the newest answer."""
        links = self._answers.last.locator(".links a")
        return [str(link.get_attribute("href")) for link in links.all()]

    def kept_in_the_tab(self) -> str:
        """Return what a later user of the same computer could find in the tab: text on screen and storage."""
        storage = self.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
        return f"{self.page.get_by_role('log').inner_text()}\n{storage}"

    def look(self, name: str, end: bool = False) -> None:
        """Take a picture for looking at; `end`: of the end of the conversation."""
        if end:
            self.page.locator("mot-cua-chat .scroller").evaluate("node => { node.scrollTop = node.scrollHeight; }")
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(200)
        self.page.screenshot(path=SHOTS / f"whole_{self.device}_{name}.png")

    @property
    def _answers(self) -> Any:
        return self.page.locator("mot-cua-chat .message.assistant")

    def _touch(self, target: Any) -> None:
        if self.device == "phone":
            target.tap()
        else:
            target.click()


def wait_for_another_start(system: System, starts: int) -> None:
    """Wait until the dialogue server has become ready more than `starts` times, and the system with it."""
    until = time.monotonic() + READY_WITHIN_S
    while system.told().count(RASA_IS_UP) <= starts:
        assert time.monotonic() < until, f"the dialogue server did not come back:\n{system.told()}"
        time.sleep(0.2)
    system.wait_until_ready()


def files_with(number: str, folder: Path) -> list[str]:
    """Return the names of files in the folder (not the index) that hold this number by itself.

    By itself: the four digits inside a time stamp or an id are no leak.
    """
    alone = re.compile(rb"(?<![\w.-])" + number.encode() + rb"(?![\w-])")
    files = [path for path in folder.glob("*") if path.is_file()]
    return sorted(path.name for path in files if alone.search(path.read_bytes()))
