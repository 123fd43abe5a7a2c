"""The procedure page and the search page in a real browser: for everybody, on a phone, on paper, without scripts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI

from channels.web.demo_api import CannedAssistant, build_demo_api
from channels.web.pages import Pages, build_router
from channels.web.procedure_pages import build_procedure_router
from knowledge.search import Search
from tests.browser.test_accessibility import PHONE, PHONE_AT_200_PERCENT, violations
from tests.browser.visitor import Site, Visitor
from tests.fakes.tiny_search import FixedJudge, make_search
from tests.serving import serving

Visit = Callable[..., Visitor]

DESKTOP = {"width": 1280, "height": 800}
PATHS = [
    "thu-tuc/1.000001",
    "thu-tuc/1.000005",
    "thu-tuc/1.999999",
    "tim-kiem",
    "tim-kiem?q=" + quote("thẻ đọc sách"),
    "tim-kiem?q=" + quote("thời tiết ngày mai"),
    "tim-kiem?q=H50.05-261108-0975",
    "tim-kiem?linh-vuc=duong-thuy&cap=tinh",
    "tim-kiem?su-kien=di_hoc",
]


@pytest.fixture(scope="module")
def search() -> Search:
    """The tiny catalogue's search, built once."""
    return make_search()


@pytest.fixture
def site(pages: Pages, search: Search) -> Iterator[Site]:
    """A portal with the real pages and a canned assistant."""
    assistant = CannedAssistant()
    app = FastAPI()
    app.include_router(build_router(pages))
    app.include_router(build_procedure_router(pages, search, FixedJudge()))
    app.include_router(build_demo_api(assistant))
    with serving(app) as url:
        yield Site(f"{url}/", assistant)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(visit: Visit, scheme: str, viewport: dict[str, int]) -> None:
    """On every kind of page, its folded parts opened."""
    visitor = visit(color_scheme=scheme, viewport=viewport)
    for path in PATHS:
        visitor.load(path)
        visitor.page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        assert violations(visitor.page) == [], path


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE, PHONE_AT_200_PERCENT], ids=["desktop", "360px", "360px at 200%"])
def test_nothing_scrolls_sideways(visit: Visit, viewport: dict[str, int]) -> None:
    """Nor is anything cut off: on a phone, and with everything twice as large."""
    visitor = visit(viewport=viewport)
    for path in PATHS:
        visitor.load(path)
        wide = visitor.page.evaluate(
            """() => {
              document.querySelectorAll("details").forEach((part) => { part.open = true; });
              const root = document.documentElement;
              const out = [...document.querySelectorAll("main *:not(.sr-only):not(option)")]
                .filter((node) => node.getClientRects().length)
                .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
                .map((node) => node.className || node.tagName);
              return root.scrollWidth > root.clientWidth ? ["page", ...out] : out;
            }"""
        )
        assert wide == [], path


def test_on_a_phone_the_frame_leaves_room_for_the_page(visit: Visit) -> None:
    """A fifth of the glass at most for header and launcher's picture; the whole name of the portal on a desk."""
    visitor = visit(viewport=PHONE).load("tim-kiem")
    page = visitor.page
    assert page.locator("header").first.bounding_box()["height"] <= PHONE["height"] / 5
    box = visitor.launcher.bounding_box()
    assert (box["width"], box["height"]) == (56, 56)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    last = page.locator(".site-footer p").last.bounding_box()
    assert last["y"] + last["height"] <= visitor.launcher.bounding_box()["y"], "the last line can be read"
    page.set_viewport_size(DESKTOP)
    assert page.get_by_role("link", name="Cổng Dịch vụ công quốc gia").first.inner_text().startswith("Cổng Dịch")
    assert "Hỏi thủ tục" in visitor.launcher.inner_text()


@pytest.mark.parametrize("path", ["thu-tuc/1.000001", "thu-tuc/1.999999", "tim-kiem?q=" + quote("thẻ đọc sách")])
def test_a_code_stays_on_one_line(visit: Visit, path: str) -> None:
    """People copy it by hand; half of it on the next line gets lost."""
    page = visit(viewport=PHONE).load(path).page
    heights = page.evaluate(
        """() => [...document.querySelectorAll("main .code")].map((code) =>
             code.getBoundingClientRect().height / parseFloat(getComputedStyle(code).lineHeight))"""
    )
    assert heights and max(heights) < 1.5


def test_buttons_and_menus_are_large_enough_for_a_thumb(visit: Visit) -> None:
    """44 px; links inside text are the one exception."""
    visitor = visit(viewport=PHONE)
    for path in ("thu-tuc/1.000001", "tim-kiem", "tim-kiem?linh-vuc=duong-thuy"):
        visitor.load(path)
        small = visitor.page.evaluate(
            """() => {
              document.querySelectorAll("details").forEach((part) => { part.open = true; });
              return [...document.querySelectorAll(
                  "main button, main select, main input, main summary, main nav a, .actions a, .tiles a, .filter-go a")]
                .filter((node) => node.getClientRects().length && node.getBoundingClientRect().height < 44)
                .map((node) => node.textContent || node.id);
            }"""
        )
        assert small == [], path


def test_on_paper_it_is_a_list_to_tick_off(visit: Visit) -> None:
    """One column, no menus, a box before each paper, and the whole address of the source."""
    page = visit().load("thu-tuc/1.000001").page
    page.emulate_media(media="print")
    for hidden in (".site-header", ".site-footer", ".contents", ".crumbs", ".actions", ".demo-bar"):
        assert not page.locator(hidden).is_visible(), hidden
    assert page.evaluate("window.dispatchEvent(new Event('beforeprint')), true")
    assert page.evaluate("[...document.querySelectorAll('main details')].every((folded) => folded.open)")
    boxes = page.evaluate(
        """() => [...document.querySelectorAll(".papers > li, .cases dd")].map((paper) => {
          const box = getComputedStyle(paper, "::before");
          return [box.content, box.borderTopStyle, parseFloat(box.width) > 10];
        })"""
    )
    assert boxes == [['""', "solid", True]] * 5
    lefts = page.evaluate(
        "[...document.querySelectorAll('.procedure > section')].filter((one) => one.getClientRects().length)"
        ".map((one) => Math.round(one.getBoundingClientRect().left))"
    )
    assert len(set(lefts)) == 1
    address = page.evaluate("getComputedStyle(document.querySelector('.source a'), '::after').content")
    assert "ma_thu_tuc=" in address or "attr(href)" in address


def test_the_print_button_prints(visit: Visit) -> None:
    """And it is there only when it can."""
    visitor = visit(load=False, init="window.print = () => { window.printed = true; };").load("thu-tuc/1.000001")
    visitor.page.get_by_role("button", name="In trang này").click()
    assert visitor.page.evaluate("window.printed") is True


def test_the_assistant_can_be_asked_about_the_page(visit: Visit, site: Site) -> None:
    """One press, and it knows which procedure."""
    visitor = visit().load("thu-tuc/1.000001")
    visitor.page.get_by_role("link", name="Hỏi trợ lý về thủ tục này").click()
    visitor.panel.wait_for()
    deadline = time.monotonic() + 30
    while not site.assistant.received:
        assert time.monotonic() < deadline, "the assistant was asked nothing"
        visitor.page.wait_for_timeout(20)
    assert "1.000001" in str(site.assistant.received[0].payload)


def test_everything_works_without_scripts(browser: Any, site: Site) -> None:
    """Search, filter, open, follow a twin; what needs scripts is not shown."""
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(site.url + "tim-kiem")
    page.get_by_role("searchbox").fill("cấp thẻ đọc sách")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_text("Lọc theo lĩnh vực").click()
    page.get_by_label("Cấp giải quyết").select_option("xa")
    page.get_by_role("button", name="Lọc").click()
    assert "cap=xa" in page.url
    assert page.get_by_label("Cấp giải quyết").input_value() == "xa"
    page.get_by_role("link", name="Thẻ đọc sách: làm lần đầu").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Thẻ đọc sách: làm lần đầu"
    assert not page.get_by_text("Hỏi trợ lý về thủ tục này").is_visible()
    assert not page.get_by_role("button", name="In trang này").is_visible()
    page.get_by_role("link", name="Thẻ đọc sách: cấp lại").click()
    assert page.url.endswith("/thu-tuc/1.000002")
    context.close()


def test_a_keyboard_reaches_result_and_section(visit: Visit) -> None:
    """Skip link, box, results: nothing in between that traps."""
    page = visit().load("tim-kiem?q=" + quote("cấp thẻ đọc sách")).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    names = []
    for _ in range(5):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    assert names[0] == "q"
    assert "Thẻ đọc sách: làm lần đầu" in names
