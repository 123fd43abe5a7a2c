"""Teaching in a real browser: two clicks to a proposal, an editor's yes, a build that goes into service, and back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from channels.checklist import Checklists
from channels.live_search import LiveSearch
from channels.staff.desk import Desk
from channels.staff.lookup_pages import build_lookup_router
from channels.staff.roles import Role
from channels.staff.teaching import build_teaching_routers
from channels.store.database import open_database
from channels.teaching.service import Teaching
from channels.web.pages import Pages
from channels.web.twins import Twins
from knowledge.verdict import Judge
from tests.browser.staff_site import OfficerTab, officer_tab, serve_desk
from tests.browser.test_accessibility import PHONE, violations
from tests.browser.whole_system import SHOTS
from tests.fakes.staff import make_desk
from tests.fakes.teaching import ask, make_project, make_teaching

TEACH = "/can-bo/day"
DESKTOP = {"width": 1280, "height": 800}
ASKED = "mượn truyện tranh ở mô rứa"
Open = Callable[..., OfficerTab]


@dataclass(frozen=True)
class Classroom:
    """A running desk with questions to teach."""

    teaching: Teaching
    search: LiveSearch
    root: Path
    open: Open

    def file(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf8")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    one = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    yield one
    one.dispose()


@pytest.fixture
def classroom(browser: Any, pages: Pages, engine: Engine, tmp_path: Path) -> Iterator[Classroom]:
    """The desk in a real server, with the watch of a worker; every tab is looked over at the end."""
    (tmp_path / "project").mkdir()
    root = make_project(tmp_path / "project")
    ask(engine, ASKED, ASKED, "muon truyen tranh", "giá vàng bữa ni răng rồi")
    ask(engine, "nuôi ong ở rẫy", outcome="asked_back")
    teaching, search, dialogue = make_teaching(engine, root, every_s=0.1)
    desk = make_desk(engine)
    tabs: list[OfficerTab] = []
    with serve_desk(desk, pages, routers_of(desk, teaching, search, dialogue)) as url, watching(teaching):

        def open_tab(path: str = TEACH, role: Role = Role.CLERK, **options: Any) -> OfficerTab:
            tabs.append(officer_tab(browser, url, desk, role, **options))
            tabs[-1].page.on("dialog", lambda dialog: dialog.accept())
            tabs[-1].page.context.set_default_timeout(30_000)
            return tabs[-1].open(path)

        yield Classroom(teaching, search, root, open_tab)
        for tab in tabs:
            tab.finish()


def routers_of(desk: Desk, teaching: Teaching, search: LiveSearch, dialogue: Any) -> list[Any]:
    catalogue = search.index.catalogue
    lookup = build_lookup_router(desk, search, Judge.load(), Twins(catalogue), Checklists("https://mot-cua.test"))
    return [lookup, *build_teaching_routers(desk, teaching, catalogue, dialogue)]


class watching:
    """Runs the watch as the app's lifespan does, in a thread: Playwright's loop has the main one."""

    def __init__(self, teaching: Teaching) -> None:
        self._teaching = teaching
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._watch()), daemon=True)

    async def _watch(self) -> None:
        while not self._stop.is_set():
            await self._teaching.watch.look()
            await asyncio.sleep(0.1)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(10)


def look(tab: OfficerTab, name: str) -> None:
    """Take a picture for looking at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    tab.page.screenshot(path=SHOTS / f"teach_{name}.png", full_page=True)


def card(tab: OfficerTab, words: str) -> Any:
    """Return the card of a question, once the list is there."""
    found = tab.page.locator("[data-question]", has_text=words)
    found.first.wait_for()
    return found.first


def test_from_a_missed_question_to_a_release_and_back(classroom: Classroom) -> None:
    """A clerk's two presses, an editor's yes, a build, the new release at work, the former one again."""
    clerk = classroom.open()
    question = card(clerk, ASKED)
    look(clerk, "1_list")
    question.get_by_label("Câu để dạy").fill("mượn truyện tranh")
    question.get_by_placeholder("Tìm thủ tục khác").fill("the doc")
    question.get_by_role("button", name="Là cách gọi của Thẻ đọc sách: làm lần đầu").click()
    clerk.page.get_by_text("Đã gửi đề nghị.").wait_for()
    assert clerk.page.locator("[data-question]", has_text=ASKED).count() == 0
    card(clerk, "giá vàng").get_by_role("button", name="Không phải việc của mình").click()
    clerk.page.get_by_text("Đã gửi đề nghị.").wait_for()
    clerk.page.get_by_role("link", name="Đề nghị").click()
    assert clerk.page.get_by_role("button", name="Duyệt").count() == 0

    editor = classroom.open(f"{TEACH}/de-nghi", Role.EDITOR)
    look(editor, "2_queue")
    for words in ("mượn truyện tranh", "giá vàng bữa ni răng rồi"):
        editor.page.get_by_role("button", name=f"Duyệt “{words}”").click()
        editor.page.get_by_text("Đã ghi vào tệp dữ liệu.").wait_for()
    assert "- mượn truyện tranh\n" in classroom.file("knowledge/catalogue/thu_vien/1.000001-cap-the-doc-sach.yml")
    assert classroom.file("nlu_data/scope.yml").endswith("      - giá vàng bữa ni răng rồi\n")

    editor.page.get_by_role("link", name="Dựng lại").click()
    assert editor.page.get_by_text("2 điều đã duyệt chưa có trong bản nào").is_visible()
    editor.page.get_by_role("button", name="Dựng lại").click()
    editor.page.get_by_text("Đang dựng bản 2").wait_for()
    look(editor, "3_building")
    editor.page.get_by_text("Lần dựng cuối: bản 2 đạt").wait_for()  # by itself, without a reload
    editor.page.get_by_text("Tìm kiếm: đã dùng bản này · Máy chủ hội thoại: đã dùng bản này").wait_for()
    look(editor, "4_built")
    assert "“mượn truyện tranh”: đã hiểu" in editor.page.inner_text("main")
    assert classroom.search.find("mượn truyện tranh").hits[0].passage == "mượn truyện tranh"

    editor.page.get_by_role("button", name="Quay lại bản 1").click()
    editor.page.locator('[data-live="1"]').wait_for()
    editor.page.get_by_text("Tìm kiếm: đã dùng bản này").wait_for()
    assert classroom.search.find("mượn truyện tranh").hits[0].passage != "mượn truyện tranh"
    look(editor, "5_back")


def test_a_build_that_fell_says_what(classroom: Classroom) -> None:
    """The figure, the questions, and that nothing has changed for citizens."""
    clerk = classroom.open()
    question = card(clerk, ASKED)
    question.get_by_label("Câu để dạy").fill("mượn truyện dở")
    question.get_by_role("button", name="Là cách gọi của Thẻ đọc sách: làm lần đầu").click()
    clerk.page.get_by_text("Đã gửi đề nghị.").wait_for()
    editor = classroom.open(f"{TEACH}/de-nghi", Role.EDITOR)
    editor.page.get_by_role("button", name="Duyệt “mượn truyện dở”").click()
    editor.page.get_by_text("Đã ghi vào tệp dữ liệu.").wait_for()
    editor.open(f"{TEACH}/dung-lai").page.get_by_role("button", name="Dựng lại").click()
    editor.page.get_by_text("Không đưa vào dùng. Giảm: Thủ tục đúng đứng đầu.").wait_for()
    look(editor, "6_fell")

    assert editor.page.get_by_text("câu hai").is_visible() and editor.page.locator('[data-live="1"]').count() == 1
    assert violations(editor.page) == []
    editor.open(f"{TEACH}/de-nghi").page.get_by_role("button", name="Rút lại “mượn truyện dở”").click()
    editor.page.get_by_text("Đã rút khỏi tệp dữ liệu").wait_for()
    assert "dở" not in classroom.file("knowledge/catalogue/thu_vien/1.000001-cap-the-doc-sach.yml")


def test_words_that_may_tell_who_asked_are_looked_at_twice(classroom: Classroom) -> None:
    """The warning stands at the card, the focus is in the words, and the same press again sends them."""
    clerk = classroom.open()
    question = card(clerk, ASKED)
    question.get_by_label("Câu để dạy").fill("tôi là Trần Thị Bưởi mượn truyện mẫu 07")
    question.get_by_role("button", name="Là cách gọi của Thẻ đọc sách: làm lần đầu").click()
    clerk.page.get_by_role("alert").wait_for()
    look(clerk, "7_warned")
    assert "tên người" in clerk.page.get_by_role("alert").inner_text()
    assert clerk.focused().startswith("chu-") and violations(clerk.page) == []
    card(clerk, ASKED).get_by_label("Câu để dạy").fill("mượn truyện mẫu 07")
    card(clerk, ASKED).get_by_role("button", name="Là cách gọi của Thẻ đọc sách: làm lần đầu").click()
    clerk.page.get_by_text("Còn chữ số").wait_for()
    card(clerk, ASKED).get_by_role("button", name="Là cách gọi của Thẻ đọc sách: làm lần đầu").click()
    clerk.page.get_by_text("Đã gửi đề nghị.").wait_for()


def test_by_keyboard_and_without_scripts(classroom: Classroom) -> None:
    """j goes to the next question; a locked-down computer searches by the button."""
    clerk = classroom.open()
    card(clerk, ASKED)
    clerk.page.keyboard.press("j")
    clerk.page.keyboard.press("j")
    assert clerk.page.evaluate("document.activeElement.matches('[data-question]')")
    plain = classroom.open(java_script_enabled=False)
    question = card(plain, ASKED)
    question.get_by_placeholder("Tìm thủ tục khác").fill("nuôi ong")
    question.get_by_placeholder("Tìm thủ tục khác").press("Enter")
    plain.page.wait_for_load_state()
    assert card(plain, ASKED).get_by_role("button", name="Là cách gọi của Đăng ký nuôi ong").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    classroom: Classroom, scheme: str, viewport: dict[str, int]
) -> None:
    """The list, the queue with something in it, and rebuilding before the first release."""
    admin = classroom.open(role=Role.ADMIN, color_scheme=scheme, viewport=viewport)
    card(admin, ASKED)
    admin.page.get_by_text("Lúc ấy trợ lý nói gì").first.click()
    assert violations(admin.page) == []
    look(admin, f"axe_{scheme}_{viewport['width']}")
    card(admin, ASKED).get_by_role("button", name="Ẩn câu này").click()
    admin.page.get_by_text("Câu đã ẩn (1)").click()
    assert violations(admin.page) == []
    card(admin, "nuôi ong").get_by_role("button", name="Đăng ký nuôi ong").click()
    admin.page.get_by_text("Đã gửi đề nghị.").wait_for()
    for path in (TEACH, f"{TEACH}/de-nghi", f"{TEACH}/dung-lai"):
        admin.open(path)
        assert violations(admin.page) == [], path
        assert admin.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
