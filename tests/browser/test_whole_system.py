"""The real system in a real browser: what a citizen meets from the first question to the status of an application."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.conftest import WATCH_POLICY
from tests.browser.whole_system import DESKTOP, PHONE, RASA_IS_UP, Citizen, files_with, wait_for_another_start
from tests.conftest import CannotRun
from tests.journeys.system import NotSetUp, System, running_system

Arrive = Callable[[str], Citizen]

BIRTH = "lam khai sinh cho con can giay to gi"
DEVICES = {"desktop": DESKTOP, "phone": PHONE}


@pytest.fixture(scope="module")
def system(browser: Any, cannot_run: CannotRun) -> Iterator[System]:
    """Dialogue server, app and simulator, started once; `browser` comes first: without it nothing need start."""
    try:
        with running_system() as running:
            yield running
    except NotSetUp as missing:
        cannot_run(str(missing))


@pytest.fixture
def arrive(browser: Any, system: System) -> Iterator[Arrive]:
    """Open tabs; afterwards no script may have failed and nothing may have been blocked."""
    citizens: list[Citizen] = []

    def come(device: str) -> Citizen:
        context = browser.new_context(locale="vi-VN", **DEVICES[device])
        context.set_default_timeout(30_000)
        context.add_init_script(WATCH_POLICY)
        citizen = Citizen(context.new_page(), system.url, device)
        citizen.page.on("pageerror", lambda error: citizen.errors.append(str(error)))
        citizens.append(citizen)
        return citizen

    yield come
    for citizen in citizens:
        assert citizen.errors == []
        assert citizen.page.evaluate("window.policyViolations") == []
        citizen.page.context.close()


@pytest.mark.parametrize("device", DEVICES)
def test_from_the_first_question_to_the_status(arrive: Arrive, device: str) -> None:
    """The conversation the assistant is made for, typed without marks as on a phone."""
    citizen = arrive(device)
    citizen.page.goto(citizen.url)
    citizen.look("1_front")
    citizen.open_chat().look("2_opened")

    papers = citizen.say(BIRTH)
    citizen.look("3_papers")
    assert "Đăng ký khai sinh cần các giấy tờ sau" in papers
    assert "Giấy chứng sinh" in papers
    assert "thủ tục 1.001193, dữ liệu ngày " in papers
    [to_print, source] = citizen.source_links()
    sheet = citizen.page.request.get(f"{to_print}.pdf")
    assert to_print.endswith("/thu-tuc/1.001193/danh-sach") and sheet.body().startswith(b"%PDF-")
    assert source.startswith("https://dichvucong.gov.vn/") and "1.001193" in source
    citizen.look("4_papers_end", end=True)

    fee = citizen.say("còn lệ phí?")
    citizen.look("5_fee")
    assert "Đăng ký khai sinh" in fee and "miễn phí" in fee

    place = citizen.press("Nộp ở đâu")
    citizen.look("6_place")
    assert "Nơi giải quyết Đăng ký khai sinh" in place

    assert "mã hồ sơ ghi trên giấy hẹn" in citizen.say("hồ sơ của tôi tới đâu rồi")
    citizen.look("7_code_asked")
    assert "4 số cuối" in citizen.say("H50.05-261102-0001")
    status = citizen.say("5678")
    citizen.look("8_status")
    assert "Hồ sơ H50.05-261102-0001: đang xử lý" in status
    assert "N*** V** M**" in status and "Nguyễn Văn Mẫu" not in status
    assert "Ngày hẹn trả kết quả" in status


def test_digits_are_kept_nowhere(arrive: Arrive, system: System) -> None:
    """Whoever gets hold of a database file, a log or the computer after us finds no number of anybody."""
    assert system.var_dir is not None
    citizen = arrive("desktop").open_chat()
    citizen.say("hồ sơ của tôi tới đâu rồi")
    citizen.say("H50.05-261104-0007")
    assert "đã rút" in citizen.say("7890")
    citizen.say("hồ sơ H50.05-261102-0002 tới đâu rồi")
    assert "mới đăng ký" in citizen.say("căn cước của tôi 000089192345")
    assert "đã xử lý xong" in citizen.say("H50.07-261109-0204 4 số cuối 2040")

    assert files_with("H50.05-261104-0007", system.var_dir), "codes are kept; the search would find digits too"
    for digits in ("7890", "000089192345", "2345", "2040"):
        assert files_with(digits, system.var_dir) == []
    kept = citizen.kept_in_the_tab()
    assert "7890" not in kept and "89192345" not in kept


def test_digits_beside_the_code_do_not_stay_on_the_screen(arrive: Arrive) -> None:
    """Who sends code and digits in one message is owed the same care as who was asked for them."""
    citizen = arrive("phone").open_chat()
    assert "đã xử lý xong" in citizen.say("H50.07-261109-0204 4 số cuối 2040")
    citizen.look("9_digits_beside_code")

    assert "2040" not in citizen.kept_in_the_tab()


def test_the_dialogue_server_dies_in_the_middle_of_a_turn(arrive: Arrive, system: System) -> None:
    """The citizen is told, and after the restart goes on where the talk was."""
    citizen = arrive("phone").open_chat()
    citizen.say(BIRTH)
    starts, rasa = system.told().count(RASA_IS_UP), system.children()["bot.serve"]
    before = citizen.count_answers()

    os.kill(rasa, signal.SIGSTOP)  # the turn is on its way and stays there
    citizen.send("nộp ở đâu")
    citizen.wait_until_working()
    os.kill(rasa, signal.SIGKILL)
    told = citizen.answer_after(before)
    citizen.look("a_dialogue_server_died")
    assert "Xin lỗi, tôi đang gặp trục trặc" in told

    wait_for_another_start(system, starts)
    place = citizen.press_again()
    citizen.look("b_dialogue_server_back")
    assert "Nơi giải quyết Đăng ký khai sinh" in place


def test_four_digits_can_be_sent_again_after_a_crash(arrive: Arrive, system: System) -> None:
    """The code was given before the crash; nobody has to type it twice."""
    citizen = arrive("desktop").open_chat()
    assert "4 số cuối" in citizen.say("hồ sơ H50.05-261102-0003 của tôi tới đâu rồi")
    starts = system.told().count(RASA_IS_UP)

    os.kill(system.children()["bot.serve"], signal.SIGKILL)
    assert "Xin lỗi, tôi đang gặp trục trặc" in citizen.say("3456")
    wait_for_another_start(system, starts)

    assert "đã được tiếp nhận" in citizen.say("3456")


def test_deleted_data_are_gone_from_the_screen_and_the_talk_begins_anew(arrive: Arrive) -> None:
    """On a shared computer the next one in the queue looks at the same screen."""
    citizen = arrive("phone").open_chat()
    citizen.say(BIRTH)
    citizen.send("xóa dữ liệu của tôi")
    citizen.page.get_by_text("Tôi đã x").wait_for()
    citizen.look("e_deleted")
    kept = citizen.kept_in_the_tab()
    assert BIRTH not in kept and "Giấy chứng sinh" not in kept
    assert citizen.count_answers() == 1

    assert "không phải cán bộ" in citizen.say(BIRTH), "a new conversation begins with the notice"


def test_the_one_stop_system_is_down(arrive: Arrive, system: System) -> None:
    """An honest sentence in time, no old or invented status; procedures can still be asked about."""
    citizen = arrive("phone").open_chat()
    citizen.say("tra hồ sơ H50.07-261108-0202")
    system.set_one_stop(mode="down")
    try:
        told = citizen.say("2020")
        citizen.look("c_one_stop_down")
        assert "không tra được hồ sơ vì hệ thống một cửa không trả lời" in told

        assert "Đăng ký kết hôn cần các giấy tờ sau" in citizen.say("đăng ký kết hôn cần giấy tờ gì")
    finally:
        system.set_one_stop(mode="ok")


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [
        ("search", "/tim-kiem?q=lam+khai+sinh", "Đăng ký khai sinh"),
        ("procedure", "/thu-tuc/1.001193", "Giấy chứng sinh"),
    ],
)
def test_pages_beside_the_chat(arrive: Arrive, device: str, name: str, path: str, expected: str) -> None:
    """Who rather reads than chats finds the same facts, and the chat is there too."""
    citizen = arrive(device)
    response = citizen.page.goto(citizen.url + path)
    citizen.look(f"d_{name}")

    assert response.status == 200
    assert expected in citizen.page.locator("main").inner_text()
    assert citizen.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    citizen.page.get_by_role("button", name="Mở trợ lý thủ tục hành chính").wait_for()
