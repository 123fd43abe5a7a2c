"""Takes pictures of portal and chat for looking at: ``python -m tests.browser.screenshots [name …]``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from channels.web.pages import build_pages
from tests.browser.conftest import CHROMIUM, CHROMIUM_ARGS, serve
from tests.browser.visitor import Site, Visitor

OUTPUT = Path("var/screenshots")
BIRTH = "làm giấy khai sinh cho con cần giấy tờ gì"
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2}
AT_200_PERCENT: dict[str, Any] = {"viewport": {"width": 180, "height": 370}, "device_scale_factor": 4}


def nothing(visitor: Visitor) -> None:
    """The page as it comes."""


def opened(visitor: Visitor) -> None:
    """The chat before the first question."""
    visitor.open()


def answered(visitor: Visitor) -> None:
    """A long answer, read from its start."""
    visitor.open().say(BIRTH, "Tờ khai theo mẫu")


def answer_end(visitor: Visitor) -> None:
    """The end of a long answer: links, choices, rating."""
    answered(visitor)
    visitor.page.get_by_role("button", name="Câu trả lời này giúp được").scroll_into_view_if_needed()


def asked_back(visitor: Visitor) -> None:
    """Choices."""
    visitor.open().say("đăng ký khai sinh", "việc nào dưới đây")


def status(visitor: Visitor) -> None:
    """The status of an application."""
    visitor.open().say("hồ sơ của tôi", "gửi giúp").say("H50.05-261102-0001", "4 số cuối")
    visitor.say("5678", "Đang xử lý")


def offline(visitor: Visitor) -> None:
    """A broken line."""
    answered(visitor)
    visitor.page.context.set_offline(True)
    visitor.say("đăng ký khai sinh")
    visitor.page.get_by_text("Đang mất mạng").wait_for()


def pushed(visitor: Visitor) -> None:
    """A message that nobody asked for just now."""
    visitor.site.assistant.pushes_offered = "events"
    asked_back(visitor)
    conversation = visitor.site.assistant.received[-1].conversation_id
    visitor.site.assistant.push(conversation, "Hồ sơ của anh/chị đã chuyển sang bước trả kết quả.")
    visitor.log.get_by_text("Thông báo mới").wait_for()


def with_setting(name: str) -> Callable[[Visitor], None]:
    """Return the answered conversation in one of the modes."""

    def show(visitor: Visitor) -> None:
        answered(visitor)
        visitor.setting(name)

    return show


SHOTS: dict[str, tuple[Callable[[Visitor], None], dict[str, Any]]] = {
    "home": (nothing, DESKTOP),
    "home_phone": (nothing, PHONE),
    "home_dark": (nothing, DESKTOP | {"color_scheme": "dark"}),
    "opened": (opened, DESKTOP),
    "answered": (answered, DESKTOP),
    "answered_phone": (answered, PHONE),
    "answered_dark": (answered, DESKTOP | {"color_scheme": "dark"}),
    "answered_200_percent": (answered, AT_200_PERCENT),
    "answer_end": (answer_end, DESKTOP),
    "asked_back_phone": (asked_back, PHONE),
    "status": (status, DESKTOP),
    "status_phone_dark": (status, PHONE | {"color_scheme": "dark"}),
    "offline_phone": (offline, PHONE),
    "pushed": (pushed, DESKTOP),
    "contrast": (with_setting("Tương phản cao"), DESKTOP),
    "contrast_phone": (with_setting("Tương phản cao"), PHONE),
    "large": (with_setting("Chữ lớn"), DESKTOP),
    "large_phone": (with_setting("Chữ lớn"), PHONE),
}


def main(names: list[str]) -> None:
    """Take the named pictures, or all."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    pages = build_pages()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGS)
        for name in names or SHOTS:
            act, options = SHOTS[name]
            with serve(pages) as (url, assistant):
                page = chromium.new_context(**options).new_page()
                act(Visitor(page, Site(url, assistant)).load())
                page.wait_for_timeout(150)
                page.screenshot(path=OUTPUT / f"{name}.png")
                page.context.close()
            print(OUTPUT / f"{name}.png", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
