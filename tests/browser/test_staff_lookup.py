"""The staff desk in a real browser: looked up by keyboard alone, for everybody, on a phone and at a desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest

from actions.one_stop.identity import DigitProof
from actions.one_stop.port import VIETNAM
from channels.checklist import Checklists
from channels.checklist.pages import build_checklist_router
from channels.staff.account_pages import build_account_router
from channels.staff.audit_pages import build_audit_router
from channels.staff.desk import Desk
from channels.staff.lookup_pages import build_lookup_router
from channels.staff.roles import Role
from channels.staff.status_pages import build_status_router
from channels.store.database import open_database
from channels.web.pages import Pages
from channels.web.twins import Twins
from knowledge.search import Search
from knowledge.verdict import Judge
from tests.browser.staff_site import OfficerTab, officer_tab, serve_desk
from tests.browser.test_accessibility import PHONE, PHONE_AT_200_PERCENT, violations
from tests.fakes.elsewhere import BesideAnotherOffice
from tests.fakes.one_stop import FakeOneStop, make_record
from tests.fakes.staff import PASSWORD, make_desk
from tests.fakes.tiny_search import make_search

Tab = Callable[..., OfficerTab]
DESKTOP = {"width": 1280, "height": 800}
CODE = "H50.05-261102-0001"
PROCEDURE = "/can-bo/thu-tuc/1.000001?q=the+doc"
PATHS = [
    "/can-bo",
    "/can-bo?q=the+doc+s",
    "/can-bo?q=H50.05-261102-0001",
    "/can-bo?linh-vuc=duong-thuy",
    PROCEDURE,
    "/can-bo/thu-tuc/9.999999",
    "/can-bo/ho-so",
    "/can-bo/tai-khoan",
    "/can-bo/nhat-ky",
    "/can-bo/mat-khau",
]


@pytest.fixture(scope="module")
def search() -> Search:
    """The tiny catalogue's search, built once; what fits nothing of it is another office's."""
    return cast(Search, BesideAnotherOffice(make_search()))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with an account of every role."""
    engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    yield make_desk(engine)
    engine.dispose()


@pytest.fixture
def tab(browser: Any, desk: Desk, pages: Pages, search: Search) -> Iterator[Tab]:
    """Open tabs of officers at a running desk; each is looked over when the test ends."""
    checklists = Checklists("https://motcua.test")
    one_stop = FakeOneStop(make_record(DigitProof(b"key"), code=CODE))
    catalogue = search.index.catalogue
    routers = [
        build_lookup_router(desk, search, Judge.load(), Twins(catalogue), checklists),
        build_status_router(desk, one_stop, lambda: datetime(2026, 11, 9, 9, 0, tzinfo=VIETNAM)),
        build_account_router(desk),
        build_audit_router(desk),
    ]
    tabs: list[OfficerTab] = []
    with serve_desk(desk, pages, routers, [build_checklist_router(pages, catalogue, checklists)]) as url:

        def new_tab(role: Role | None = Role.CLERK, **options: Any) -> OfficerTab:
            tabs.append(officer_tab(browser, url, desk, role, **options))
            return tabs[-1]

        yield new_tab
        for one in tabs:
            one.finish()


def test_another_offices_procedure_is_named_while_typing(tab: Tab) -> None:
    """It goes when the words fit one of ours, and stands in the page that came without a script's help too."""
    clerk = tab().open("/can-bo")
    notice = clerk.page.locator("#noi-khac")
    assert notice.is_hidden()
    clerk.page.locator("#q").fill("bằng lái hết hạn")
    notice.wait_for()
    assert "Đổi giấy phép lái xe" in notice.inner_text() and "Công an tỉnh" in notice.inner_text()
    clerk.page.locator("#q").fill("cấp thẻ đọc sách")
    notice.wait_for(state="hidden")
    assert "Công an tỉnh" in clerk.open("/can-bo?q=bằng lái hết hạn").page.locator("#noi-khac").inner_text()


def test_a_clerk_looks_up_by_keyboard_alone(tab: Tab) -> None:
    """From signing in to the printed list and back, without touching a mouse."""
    clerk = tab(role=None).open("/can-bo")
    page, keys = clerk.page, clerk.page.keyboard
    assert clerk.focused() == "ten"
    keys.type("clerk")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url("**/can-bo")
    assert clerk.focused() == "q"
    keys.type("the doc s", delay=20)
    first = page.locator("#ket-qua li").first
    first.get_by_role("link", name="Thẻ đọc sách: làm lần đầu").wait_for()
    assert "active" in (first.get_attribute("class") or ""), "what Enter opens is shown"
    assert page.locator("#so-ket-qua").inner_text().endswith("thủ tục")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    assert clerk.focused() != "q"
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    assert clerk.focused() == "q"
    keys.press("Enter")
    page.wait_for_url("**/can-bo/thu-tuc/1.000001?q=the+doc+s")
    assert clerk.focused() == "ten-thu-tuc", "a screen reader reads on from the name"
    assert page.get_by_text("12.000 đồng").is_visible()
    keys.press("v")
    assert page.get_by_text("Tên này có đủ các từ đã gõ.").is_visible()
    with page.context.expect_page() as printed:
        keys.press("i")
    assert "/thu-tuc/1.000001/danh-sach" in printed.value.url
    printed.value.close()
    keys.press("Escape")
    page.wait_for_url("**/can-bo?q=the+doc+s")
    assert clerk.focused() == "q"
    keys.press("Escape")
    page.wait_for_url("**/can-bo")
    assert page.locator("#q").input_value() == ""


def test_enter_waits_for_what_was_typed_last(tab: Tab) -> None:
    """Fast typists must not open the answer to half a word."""
    clerk = tab().open("/can-bo")
    clerk.page.keyboard.type("the doc sach")
    clerk.page.locator("#ket-qua li").first.wait_for()
    clerk.page.keyboard.press("Control+A")
    clerk.page.keyboard.type("nuoi ong")
    clerk.page.keyboard.press("Enter")
    clerk.page.wait_for_url("**/thu-tuc/1.000005?q=nuoi+ong")


def test_shortcuts_lead_everywhere_and_can_be_switched_off(tab: Tab) -> None:
    """One-key shortcuts get in the way of speech input, so there is a switch (WCAG 2.1.4)."""
    clerk = tab().open(PROCEDURE)
    page, keys = clerk.page, clerk.page.keyboard
    keys.press("/")
    assert clerk.focused() == "q"
    keys.type("2")
    assert page.locator("#q").input_value() == "2", "typing is typing, the old text was selected"
    page.locator("#ten-thu-tuc").focus()
    keys.press("2")
    page.wait_for_url("**/can-bo/ho-so")
    page.locator("main").focus()
    keys.press("?")
    page.get_by_role("dialog", name="Phím tắt").wait_for()
    assert violations(page) == []
    page.get_by_role("checkbox").uncheck()
    keys.press("Escape")
    page.locator("main").focus()
    keys.press("1")
    page.wait_for_timeout(200)
    assert clerk.path == "/can-bo/ho-so"
    assert not page.locator(".hint-key").first.is_visible()


def test_filters_narrow_the_hits_at_once(tab: Tab) -> None:
    """Chosen by keyboard too; the address keeps them, so that it can be bookmarked."""
    clerk = tab().open("/can-bo?q=the+doc")
    clerk.page.locator("#cap").select_option("tinh")
    clerk.page.get_by_role("link", name="Thẻ đọc sách: làm lần đầu").wait_for(state="detached")
    clerk.page.get_by_role("link", name="Thẻ đọc sách người nước ngoài").wait_for()
    assert clerk.path == "/can-bo?q=the+doc&cap=tinh"


def test_when_the_line_breaks_the_clerk_is_told(tab: Tab) -> None:
    """Old hits under new words would be a wrong answer."""
    clerk = tab().open("/can-bo?q=the+doc")
    clerk.page.context.set_offline(True)
    clerk.page.keyboard.type("x")
    clerk.page.get_by_text("Không tìm được lúc này").wait_for()
    clerk.page.context.set_offline(False)


def test_after_the_session_ended_the_door_opens_in_place(tab: Tab, desk: Desk) -> None:
    """And leads back to what was typed."""
    clerk = tab().open("/can-bo?q=the+doc")
    desk.accounts.reset("clerk")
    clerk.page.keyboard.type(" s")
    clerk.page.wait_for_url(re.compile("/can-bo/dang-nhap"))
    assert "q%3Dthe" in clerk.page.url


def test_the_status_page_by_keyboard(tab: Tab) -> None:
    """Code, reason, Enter; the name stays masked."""
    clerk = tab().open("/can-bo/ho-so")
    keys = clerk.page.keyboard
    keys.type(CODE)
    keys.press("Tab")
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.press("Enter")
    clerk.page.get_by_text("N*** V** M**").wait_for()
    assert violations(clerk.page) == []
    assert "Nguyễn Văn Mẫu" not in clerk.page.content()


def test_an_admin_adds_an_account_by_the_page(tab: Tab) -> None:
    """And locks it only after being asked."""
    admin = tab(Role.ADMIN).open("/can-bo/tai-khoan")
    page = admin.page
    page.get_by_text("Thêm tài khoản").click()
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Họ tên").fill("Cô Lan")
    page.get_by_role("button", name="Thêm", exact=True).click()
    page.get_by_text("chỉ hiện lần này").wait_for()
    assert violations(page) == []
    page.once("dialog", lambda question: question.dismiss())
    page.get_by_role("button", name="Khóa tài khoản Cô Lan").click()
    assert page.get_by_role("button", name="Khóa tài khoản Cô Lan").is_visible()
    page.once("dialog", lambda question: question.accept())
    page.get_by_role("button", name="Khóa tài khoản Cô Lan").click()
    page.get_by_role("button", name="Mở lại tài khoản Cô Lan").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(tab: Tab, scheme: str, viewport: dict[str, int]) -> None:
    """On every page, its folded parts opened, and at the door."""
    admin = tab(Role.ADMIN, color_scheme=scheme, viewport=viewport)
    for path in PATHS:
        admin.open(path)
        admin.page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        assert violations(admin.page) == [], path
    door = tab(None, color_scheme=scheme, viewport=viewport).open("/can-bo/dang-nhap")
    assert violations(door.page) == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE, PHONE_AT_200_PERCENT], ids=["desktop", "360px", "360px at 200%"])
def test_nothing_scrolls_sideways(tab: Tab, viewport: dict[str, int]) -> None:
    """Tables scroll within themselves; the page does not."""
    admin = tab(Role.ADMIN, viewport=viewport)
    for path in PATHS:
        admin.open(path)
        wide = admin.page.evaluate(
            """() => {
              const root = document.documentElement;
              const out = [...document.querySelectorAll("body *:not(.sr-only):not(option):not(.skip)")]
                .filter((node) => node.getClientRects().length && !node.closest(".scroll-x"))
                .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
                .map((node) => node.id || node.className || node.tagName);
              return root.scrollWidth > root.clientWidth ? ["page", ...out] : out;
            }"""
        )
        assert wide == [], path


def test_targets_are_large_enough_for_a_thumb(tab: Tab) -> None:
    """At least 44 px where something is pressed, but for links within text."""
    clerk = tab(viewport=PHONE).open(PROCEDURE)
    small = clerk.page.evaluate(
        """() => [...document.querySelectorAll("button, .button, input, select, .menu a, summary")]
             .filter((node) => !["checkbox", "hidden"].includes(node.type))
             .filter((node) => node.getClientRects().length && node.getBoundingClientRect().height < 43.5)
             .map((node) => node.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_the_page_works_without_scripts(tab: Tab) -> None:
    """A locked-down counter computer still finds and shows."""
    clerk = tab(java_script_enabled=False).open("/can-bo")
    clerk.page.get_by_label("Việc cần làm").fill("the doc s")
    clerk.page.get_by_role("button", name="Tìm").click()
    clerk.page.get_by_role("link", name="Thẻ đọc sách: làm lần đầu").click()
    clerk.page.get_by_text("12.000 đồng").wait_for(state="visible")
