"""The checklist to print in a real browser: for everybody, on a phone, on paper, without scripts."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pypdf
import pytest
from fastapi import FastAPI

from channels.checklist import Checklists
from channels.checklist.pages import build_checklist_router
from channels.web.demo_api import CannedAssistant, build_demo_api
from channels.web.pages import Pages, build_router
from knowledge.catalogue import Catalogue, load_catalogue
from tests.browser.test_accessibility import PHONE, PHONE_AT_200_PERCENT, violations
from tests.browser.visitor import Site, Visitor
from tests.serving import serving

Visit = Callable[..., Visitor]
DESKTOP = {"width": 1280, "height": 800}
#: A birth (5 cases), a marriage (ordinary), a work permit (20 cases).
BIRTH, MARRIAGE, WORK_PERMIT = (f"thu-tuc/{code}/danh-sach" for code in ("1.001193", "1.000894", "1.014199"))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def site(pages: Pages, catalogue: Catalogue) -> Iterator[Site]:
    """A portal with the real catalogue's checklists and a canned assistant."""
    assistant = CannedAssistant()
    app = FastAPI()
    app.include_router(build_router(pages))
    app.include_router(build_checklist_router(pages, catalogue, Checklists("https://motcua.test")))
    app.include_router(build_demo_api(assistant))
    with serving(app) as url:
        yield Site(f"{url}/", assistant)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(visit: Visit, scheme: str, viewport: dict[str, int]) -> None:
    """With all cases, and with one picked."""
    visitor = visit(color_scheme=scheme, viewport=viewport)
    for path in (BIRTH, f"{BIRTH}?truong-hop=2", WORK_PERMIT):
        assert violations(visitor.load(path).page) == [], path


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE, PHONE_AT_200_PERCENT], ids=["desktop", "360px", "360px at 200%"])
def test_nothing_scrolls_sideways(visit: Visit, viewport: dict[str, int]) -> None:
    """A table is the first thing to break on a phone."""
    visitor = visit(viewport=viewport)
    for path in (BIRTH, WORK_PERMIT):
        wide = visitor.load(path).page.evaluate(
            """() => [...document.querySelectorAll("main *:not(.sr-only)")]
              .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
              .map((node) => node.className || node.tagName)"""
        )
        assert wide == [], path


def test_without_scripts_a_case_is_picked_and_papers_are_ticked(visit: Visit) -> None:
    """An old phone, or a browser that runs nothing."""
    visitor = visit(load=False, java_script_enabled=False)
    page = visitor.page
    page.goto(visitor.site.url + BIRTH)
    page.get_by_label("Khi ủy quyền người khác đi làm").check()
    page.get_by_role("button", name="Lập danh sách").click()
    page.get_by_text("Trường hợp: khi ủy quyền người khác đi làm").wait_for()
    assert page.get_by_role("checkbox", name="Văn bản ủy quyền").is_visible()
    assert page.get_by_role("checkbox", name="Biên bản về việc trẻ bị bỏ rơi").count() == 0
    page.get_by_role("checkbox", name="Tờ khai đăng ký khai sinh").check()
    assert page.get_by_role("button", name="In trang này").count() == 0


def printed(page: Any) -> pypdf.PdfReader:
    """Return what the browser would print."""
    return pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))


def test_on_paper_an_ordinary_list_is_one_page_without_the_frame(visit: Visit) -> None:
    """Buttons and menus are of no use at the counter."""
    visitor = visit()
    for path in (BIRTH, MARRIAGE):
        sheet = printed(visitor.load(path).page)
        text = " ".join(sheet.pages[0].extract_text().split())
        assert len(sheet.pages) == 1, path
        assert "Tờ khai" in text and "Nguồn" in text
        assert "Trang chủ" not in text and "In trang này" not in text and "Lập danh sách" not in text


def test_the_code_on_the_paper_opens_the_chat_at_the_procedure(visit: Visit) -> None:
    """What the QR code holds, opened in a browser."""
    visitor = visit().load("#hoi=1.001193")
    visitor.panel.wait_for()
    visitor.log.get_by_text("Trợ lý:").first.wait_for(state="attached")
    assert visitor.site.assistant.received[0].payload == '/choose_procedure{"procedure_code":"1.001193"}'
