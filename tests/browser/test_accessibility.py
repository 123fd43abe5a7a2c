"""Everybody can use it: measured by axe-core, by size of targets, by keyboard and at 200 %."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.visitor import Site, Visitor, cannot_run

Visit = Callable[..., Visitor]

BIRTH = "làm giấy khai sinh cho con cần giấy tờ gì"
PHONE = {"width": 360, "height": 740}
# What 360 px of glass hold when everything is shown twice as large.
PHONE_AT_200_PERCENT = {"width": 180, "height": 370}


def fill(visitor: Visitor) -> None:
    """Bring every kind of thing onto the screen: lists, choices, links, a status card, a rating."""
    visitor.open().say(BIRTH, "Tờ khai theo mẫu").say("đăng ký khai sinh", "việc nào dưới đây")
    visitor.say("hồ sơ của tôi", "gửi giúp").say("H50.05-261102-0001", "4 số cuối").say("5678", "Đang xử lý")


def violations(page: Any) -> list[str]:
    """Return what axe-core finds wrong on the page as it is now."""
    try:
        axe: Any = importlib.import_module("axe_playwright_python.sync_playwright")
    except ImportError:
        cannot_run("axe-playwright-python is not installed")
    found = axe.Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(visit: Visit, scheme: str, viewport: dict[str, int]) -> None:
    """The closed page, the filled conversation and the open menu."""
    visitor = visit(color_scheme=scheme, viewport=viewport)
    assert violations(visitor.page) == []
    fill(visitor)
    assert violations(visitor.page) == []
    visitor.page.get_by_role("button", name="Cài đặt và trợ giúp").click()
    assert violations(visitor.page) == []


@pytest.mark.parametrize("setting", ["Tương phản cao", "Chữ lớn"])
def test_axe_finds_nothing_in_the_modes(visit: Visit, setting: str) -> None:
    """High contrast and large text are for the people who need them to be right."""
    visitor = visit(viewport=PHONE)
    fill(visitor)
    visitor.setting(setting)
    assert violations(visitor.page) == []


def test_axe_finds_nothing_while_waiting_and_after_a_fault(visit: Visit, site: Site) -> None:
    """The offline line, "Chờ gửi" and the wheel are on screen when people are most lost."""
    visitor = visit().open().say(BIRTH, "Tờ khai theo mẫu")
    visitor.page.context.set_offline(True)
    visitor.say("đăng ký khai sinh")
    visitor.page.get_by_text("Đang mất mạng").wait_for()
    assert violations(visitor.page) == []
    visitor.page.context.set_offline(False)


@pytest.mark.parametrize("viewport", [PHONE, PHONE_AT_200_PERCENT], ids=["360px", "360px at 200%"])
def test_a_conversation_fits_a_phone_and_its_double_size(visit: Visit, viewport: dict[str, int]) -> None:
    """Nothing is cut off, nothing scrolls sideways, everything is still reachable."""
    visitor = visit(viewport=viewport)
    fill(visitor)
    overflow = visitor.page.evaluate(
        """() => {
          const root = document.querySelector("mot-cua-chat").shadowRoot;
          const wide = [...root.querySelectorAll(".panel, .panel *:not(.sr-only)")]
            .filter((node) => node.getClientRects().length)
            .filter((node) => node.getBoundingClientRect().right > innerWidth + 1
                           || node.getBoundingClientRect().left < -1)
            .map((node) => node.className || node.tagName);
          const page = document.documentElement;
          if (page.scrollWidth > page.clientWidth) wide.push("page");
          return wide;
        }"""
    )
    assert overflow == []
    scroller = visitor.page.locator("mot-cua-chat .scroller")
    assert scroller.bounding_box()["height"] >= viewport["height"] * 0.35
    visitor.page.get_by_role("button", name="Cài đặt và trợ giúp").click()
    visitor.page.get_by_role("switch", name="Chữ lớn").click()
    visitor.page.get_by_role("button", name="Đóng trợ lý").click()
    assert visitor.panel.count() == 0


def test_the_phone_window_fills_the_screen_and_keeps_the_focus(visit: Visit) -> None:
    """What lies under it cannot be seen, so Tab must not wander there."""
    visitor = visit(viewport=PHONE).open()
    box = visitor.panel.bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 740)
    assert visitor.panel.get_attribute("aria-modal") == "true"
    names = set()
    for _ in range(12):
        visitor.page.keyboard.press("Tab")
        assert visitor.page.evaluate("document.activeElement.tagName") == "MOT-CUA-CHAT"
        names.add(visitor.focused())
    assert {"Đóng trợ lý", "Câu hỏi của anh/chị", "Gửi"} <= names
    visitor.panel.get_by_role("button", name="Cài đặt và trợ giúp").focus()
    visitor.page.keyboard.press("Shift+Tab")
    assert visitor.focused() == "Gửi"


def test_every_target_is_large_enough_for_a_thumb(visit: Visit) -> None:
    """44 px; links inside a sentence are the one exception."""
    visitor = visit(viewport=PHONE)
    assert visitor.launcher.bounding_box()["height"] >= 44
    fill(visitor)
    visitor.page.get_by_role("button", name="Cài đặt và trợ giúp").click()
    small = visitor.page.evaluate(
        """() => [...document.querySelector("mot-cua-chat").shadowRoot
            .querySelectorAll("button, textarea, .links a")]
          .filter((node) => node.getClientRects().length)
          .map((node) => [node.textContent || node.ariaLabel, node.getBoundingClientRect()])
          .filter(([, box]) => box.height < 44 || box.width < 44).map(([name]) => name)"""
    )
    assert small == []


def test_a_screen_reader_hears_who_speaks_and_only_what_is_new(visit: Visit) -> None:
    """role=log, polite; the restored history of the last page is not read out again."""
    visitor = visit().open().say(BIRTH, "Tờ khai theo mẫu")
    assert visitor.log.get_attribute("aria-live") == "polite"
    assert visitor.log.get_by_text("Trợ lý:").count() == 2
    assert visitor.log.get_by_text("Anh/chị:").count() == 1
    assert visitor.page.locator("mot-cua-chat").get_attribute("lang") == "vi"


def test_escape_closes_the_menu_first(visit: Visit) -> None:
    """One press, one step back."""
    visitor = visit().open()
    visitor.page.get_by_role("button", name="Cài đặt và trợ giúp").click()
    visitor.page.keyboard.press("Escape")
    assert visitor.panel.is_visible()
    assert visitor.focused() == "Cài đặt và trợ giúp"
    visitor.page.keyboard.press("Escape")
    assert visitor.panel.count() == 0


def test_modes_are_kept_for_the_next_visit(visit: Visit) -> None:
    """Who needs large text needs it every day."""
    visitor = visit().open()
    small = visitor.box.evaluate("box => parseFloat(getComputedStyle(box).fontSize)")
    visitor.setting("Chữ lớn").load()
    large = visitor.box.evaluate("box => parseFloat(getComputedStyle(box).fontSize)")
    assert large >= small * 1.25


def test_the_text_keeps_its_size_on_a_page_with_small_type(visit: Visit) -> None:
    """Many portals set html { font-size: 62.5% }."""
    visitor = visit()
    visitor.page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync("html { font-size: 62.5% }");
          document.adoptedStyleSheets = [sheet];
        }"""
    )
    visitor.open()
    assert visitor.box.evaluate("box => getComputedStyle(box).fontSize") == "16px"


def test_nothing_moves_for_who_asked_for_stillness(visit: Visit, site: Site) -> None:
    """prefers-reduced-motion stops the wheel."""
    site.assistant.delay_s = 1.0
    visitor = visit(reduced_motion="reduce").open().say(BIRTH)
    visitor.page.get_by_text("Trợ lý đang trả lời…").wait_for()
    running = visitor.page.evaluate(
        "document.querySelector('mot-cua-chat').shadowRoot.querySelector('.working')"
        ".getAnimations({subtree: true}).length"
    )
    assert running == 0


def test_a_touch_screen_does_not_get_its_keyboard_at_once(visit: Visit) -> None:
    """The keyboard would cover the welcome; the title takes the focus instead."""
    visitor = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    visitor.launcher.tap()
    assert visitor.focused() == "Trợ lý Một Cửa"


def test_a_printed_page_holds_the_text_only(visit: Visit) -> None:
    """Chat, menu and search form are of no use on paper."""
    visitor = visit()
    visitor.page.emulate_media(media="print")
    assert visitor.launcher.count() == 0
    assert visitor.page.get_by_role("search").count() == 0
    assert visitor.page.get_by_role("heading", name="Việc thường gặp").is_visible()
