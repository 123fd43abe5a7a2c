"""A citizen in the widget and a clerk at the desk, two real browsers: how fast words go over, and what each sees."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from channels.staff.desk import Desk
from channels.staff.roles import Role
from channels.store.database import open_database
from tests.browser.conftest import WATCH_POLICY
from tests.browser.staff_site import OfficerTab, officer_tab
from tests.browser.test_accessibility import PHONE, violations
from tests.browser.whole_system import DESKTOP, SHOTS, Citizen
from tests.conftest import CannotRun
from tests.fakes.staff import make_desk
from tests.journeys.system import NotSetUp, System, running_system

Arrive = Callable[[], Citizen]
Open = Callable[..., OfficerTab]
TALKS = "/can-bo/tro-chuyen"
ALWAYS_OPEN = {
    f"MOT_CUA_DESK_{day}": "00:00-24:00"
    for day in ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
}
#: Notes when a text appears on the citizen's page: in the widget, whose root is shadowed.
WATCH_ARRIVALS = """() => {
  window.arrivals = {};
  const root = document.querySelector("mot-cua-chat").shadowRoot;
  new MutationObserver(() => {
    for (const found of root.textContent.matchAll(/lời nhắn \\d+/g)) window.arrivals[found[0]] ??= Date.now();
  }).observe(root, { childList: true, subtree: true, characterData: true });
}"""
WATCH_SENDING = """() => {
  document.addEventListener("keydown", (event) => { if (event.ctrlKey) window.sentAt = Date.now(); }, true);
}"""


@pytest.fixture(scope="module")
def holidays(tmp_path_factory: pytest.TempPathFactory) -> str:
    """No day off, whatever day it is."""
    path = tmp_path_factory.mktemp("desk") / "none.yml"
    path.write_text("days: []\n", encoding="utf8")
    return str(path)


@pytest.fixture(scope="module")
def system(browser: Any, cannot_run: CannotRun, holidays: str) -> Iterator[System]:
    """The whole system with a desk that is always open."""
    try:
        with running_system(ALWAYS_OPEN | {"MOT_CUA_DESK_HOLIDAYS": holidays}) as running:
            yield running
    except NotSetUp as missing:
        cannot_run(str(missing))


@pytest.fixture(scope="module")
def desk(system: System) -> Iterator[Desk]:
    """The accounts of the running system: one of every role."""
    engine: Engine = open_database(f"sqlite:///{system.var_dir}/app.db")
    yield make_desk(engine)
    engine.dispose()


@pytest.fixture
def arrive(browser: Any, system: System) -> Iterator[Arrive]:
    """Open citizens' tabs; afterwards no script may have failed and nothing may have been blocked."""
    citizens: list[Citizen] = []

    def come() -> Citizen:
        context = browser.new_context(locale="vi-VN", **DESKTOP)
        context.set_default_timeout(30_000)
        context.add_init_script(WATCH_POLICY)
        citizen = Citizen(context.new_page(), system.url, "desktop")
        citizen.page.on("pageerror", lambda error: citizen.errors.append(str(error)))
        citizens.append(citizen)
        return citizen.open_chat()

    yield come
    for citizen in citizens:
        assert citizen.errors == []
        assert citizen.page.evaluate("window.policyViolations") == []
        citizen.page.context.close()


@pytest.fixture
def officer(browser: Any, system: System, desk: Desk) -> Iterator[Open]:
    """Open officers' tabs."""
    tabs: list[OfficerTab] = []

    def come(path: str = TALKS, role: Role = Role.CLERK, **options: Any) -> OfficerTab:
        tab = officer_tab(browser, system.url, desk, role, **options)
        tab.page.context.set_default_timeout(20_000)
        tabs.append(tab)
        return tab.open(path)

    yield come
    for tab in tabs:
        tab.finish()


def look(tab: OfficerTab, name: str) -> None:
    """Take a picture for looking at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    tab.page.screenshot(path=SHOTS / f"takeover_{name}.png", full_page=True)


def wait_for_a_person(citizen: Citizen) -> None:
    answer = citizen.say("cho tôi gặp cán bộ")
    assert "Tôi đã báo cán bộ" in answer


def take(tab: OfficerTab) -> None:
    """Open who waits and take the talk, by keyboard."""
    tab.page.locator(".talk-row", has_text="đang chờ").first.wait_for()
    tab.page.keyboard.press("j")
    tab.page.keyboard.press("Enter")
    tab.page.get_by_role("button", name="Nhận").wait_for()
    tab.page.keyboard.press("n")
    tab.page.get_by_role("textbox", name="Trả lời người dân").wait_for()


def write(tab: OfficerTab, text: str) -> None:
    box = tab.page.get_by_role("textbox", name="Trả lời người dân")
    box.fill(text)
    box.press("Control+Enter")


def end(tab: OfficerTab) -> None:
    tab.page.get_by_role("button", name="Trả về máy").click()
    tab.page.get_by_text("Đã trả về máy.", exact=True).wait_for()


def test_a_talk_from_the_first_wish_to_the_machine_again(arrive: Arrive, officer: Open) -> None:
    """The citizen tells it once; the clerk reads it masked; each sees the other's words as they come."""
    clerk = officer()
    clerk.page.get_by_text("Không có ai chờ.").wait_for()
    citizen = arrive()
    citizen.say("lam khai sinh cho con can giay to gi")
    wait_for_a_person(citizen)
    clerk.page.locator(".talk-row").first.wait_for()  # without a reload
    look(clerk, "1_queue")
    assert clerk.page.title().startswith("(1)")

    citizen.say("con tôi sinh ở nhà, căn cước của tôi 044088001234")
    take(clerk)
    look(clerk, "2_taken")
    log = clerk.page.get_by_role("log")
    assert "lam khai sinh cho con can giay to gi" in log.inner_text()
    assert "044088001234" not in clerk.page.content() and "căn cước của tôi •••" in log.inner_text()
    assert "máy che trước khi lưu" in clerk.page.inner_text("main")
    citizen.page.get_by_text("Cán bộ đã vào và sẽ trả lời").wait_for()

    write(clerk, "Chào anh, sinh ở nhà thì nộp thêm văn bản của người làm chứng.")
    said = citizen.page.locator("mot-cua-chat .message.assistant", has_text="Chào anh, sinh ở nhà")
    said.wait_for()
    assert said.inner_text().startswith("Cán bộ")
    citizen.send("thế người làm chứng có phải đi cùng không")
    log.get_by_text("có phải đi cùng không").wait_for()
    look(clerk, "3_talk")
    citizen.look("takeover_citizen", end=True)
    before = citizen.count_answers()

    end(clerk)
    citizen.page.get_by_text("Từ đây tôi (máy trả lời tự động) tiếp tục").wait_for()
    assert citizen.count_answers() == before + 1  # the machine said nothing while the clerk was there
    assert "khai sinh" in citizen.say("lệ phí khai sinh").lower()
    look(clerk, "4_over")


def test_a_clerk_s_words_come_to_the_citizen_s_screen_by_themselves(arrive: Arrive, officer: Open) -> None:
    """Ten of them, in their order; the time from the key to the page is printed, both clocks the machine's."""
    clerk, citizen = officer(), arrive()
    wait_for_a_person(citizen)
    take(clerk)
    citizen.page.get_by_text("Cán bộ đã vào").wait_for()
    citizen.page.evaluate(WATCH_ARRIVALS)
    clerk.page.evaluate(WATCH_SENDING)
    took: list[float] = []
    for number in range(1, 11):
        write(clerk, f"lời nhắn {number}")
        citizen.page.get_by_text(f"lời nhắn {number}", exact=True).wait_for()
        clerk.page.get_by_role("log").get_by_text(f"lời nhắn {number}", exact=True).wait_for()
        arrived = citizen.page.evaluate("text => window.arrivals[text]", f"lời nhắn {number}")
        took.append(arrived - clerk.page.evaluate("window.sentAt"))
    print(f"to the citizen's screen: median {statistics.median(took):.0f} ms, most {max(took):.0f} ms")
    end(clerk)

    assert citizen.page.evaluate("Object.keys(window.arrivals)") == [f"lời nhắn {number}" for number in range(1, 11)]


def test_two_clerks_press_at_the_same_time_and_one_gets_the_talk(arrive: Arrive, officer: Open) -> None:
    """The other one reads who has it, and cannot write."""
    citizen = arrive()
    wait_for_a_person(citizen)
    first, second = officer(), officer(role=Role.MANAGER)
    path = str(first.page.locator(".talk-row", has_text="đang chờ").first.get_attribute("href"))
    for tab in (first, second):
        tab.open(path)
    token = second.page.evaluate("document.querySelector('meta[name=csrf]').content")
    first.page.get_by_role("button", name="Nhận").click()
    first.page.get_by_role("textbox", name="Trả lời người dân").wait_for()
    answer = second.page.context.request.post(
        first.url + path + "/nhan", headers={"X-CSRF-Token": token, "Origin": first.url, "Accept": "application/json"}
    )
    assert answer.status == 409
    second.page.get_by_text("Cô Cán bộ tiếp nhận đang giữ cuộc trò chuyện này.").wait_for()
    assert second.page.get_by_role("textbox", name="Trả lời người dân").count() == 0
    end(first)


def test_after_two_questions_without_an_answer_a_yes_leads_to_a_person(system: System, desk: Desk) -> None:
    """Through the whole system: the offer, a bare yes, the machine that goes on answering, and the way out."""
    talk = "takeover-misses"

    def say(text: str) -> tuple[str, str]:
        answer = system.say(talk, {"text": text}).json()
        return answer["outcome"], "\n".join(reply["text"] for reply in answer["replies"])

    assert say("gia vang hom nay bao nhieu")[0] in ("out_of_scope", "nothing_found")
    assert "muốn hỏi cán bộ không" in say("thời tiết hôm nay thế nào")[1]
    outcome, told = say("dạ có")
    assert outcome == "handed_over" and "Tôi đã báo cán bộ" in told
    outcome, told = say("lệ phí đăng ký khai sinh")
    assert outcome == "answered" and "vẫn giữ" in told
    outcome, told = say("thôi, không cần gặp nữa")
    assert outcome == "small_talk" and "không chờ cán bộ nữa" in told


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP["viewport"], PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(arrive: Arrive, officer: Open, scheme: str, viewport: dict[str, int]) -> None:
    """The empty queue, who waits, a talk of one's own, and one that is over."""
    clerk = officer(color_scheme=scheme, viewport=viewport)
    assert violations(clerk.page) == []
    citizen = arrive()
    wait_for_a_person(citizen)
    clerk.page.locator(".talk-row", has_text="đang chờ").first.click()
    clerk.page.get_by_role("button", name="Nhận").wait_for()
    assert violations(clerk.page) == []
    clerk.page.get_by_role("button", name="Nhận").click()
    clerk.page.get_by_role("textbox", name="Trả lời người dân").wait_for()
    clerk.page.get_by_text("Chuyển cho người khác").click()
    assert violations(clerk.page) == []
    look(clerk, f"axe_{scheme}_{viewport['width']}")
    end(clerk)
    assert violations(clerk.page) == []


def test_danger_in_a_taken_talk_gets_the_numbers_and_goes_to_the_top(arrive: Arrive, officer: Open) -> None:
    """The clerk may be at another desk: the citizen reads 114 at once, and every open page shows who is in danger."""
    citizen, clerk = arrive(), officer()
    wait_for_a_person(citizen)
    take(clerk)
    write(clerk, "Chào anh, tôi nghe đây.")
    citizen.page.get_by_text("Chào anh, tôi nghe đây.").wait_for()

    citizen.send("cháy nhà rồi, có người kẹt bên trong")

    citizen.page.get_by_text("114").first.wait_for()
    clerk.page.locator(".talk-row", has_text="khẩn cấp").wait_for()
    look(clerk, "danger")
    clerk.page.set_viewport_size({"width": 360, "height": 740})
    look(clerk, "danger_phone")
    end(clerk)
