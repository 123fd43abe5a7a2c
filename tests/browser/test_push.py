"""An application moves while the chat is open: the real system, the real widget, one message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import WATCH_POLICY
from tests.browser.whole_system import DESKTOP, Citizen
from tests.conftest import CannotRun
from tests.journeys.system import NotSetUp, System, running_system

CODE = "H50.05-261102-0001"
MOVED = f"Hồ sơ {CODE} vừa đổi: đã xử lý xong"


@pytest.fixture(scope="module")
def system(browser: Any, cannot_run: CannotRun) -> Iterator[System]:
    """Everything, looking at followed applications every two seconds."""
    try:
        with running_system({"MOT_CUA_FOLLOWING_POLL_S": "2"}) as running:
            yield running
    except NotSetUp as missing:
        cannot_run(str(missing))


@pytest.fixture
def citizen(browser: Any, system: System) -> Iterator[Citizen]:
    context = browser.new_context(locale="vi-VN", **DESKTOP)
    context.set_default_timeout(30_000)
    context.add_init_script(WATCH_POLICY)
    one = Citizen(context.new_page(), system.url, "desktop")
    one.page.on("pageerror", lambda error: one.errors.append(str(error)))
    yield one
    assert one.errors == []
    assert one.page.evaluate("window.policyViolations") == []
    context.close()


def test_a_change_reaches_the_open_chat_once(citizen: Citizen, system: System) -> None:
    """Consent by the button, the change by itself, not again after a change of page."""
    citizen.open_chat()
    assert "đang xử lý" in citizen.say(f"ho so {CODE} 4 so cuoi 1234")
    assert "Anh/chị có đồng ý" in citizen.press("Báo cho tôi khi có thay đổi")
    citizen.look("p1_consent", end=True)
    assert "từ giờ hồ sơ" in citizen.press("Đồng ý")

    system.one_stop.post("/simulator/advance", json={"code": CODE}).raise_for_status()
    news = citizen.page.get_by_role("log").get_by_text(MOVED)
    news.wait_for()
    citizen.page.get_by_role("log").get_by_text("Thông báo mới").wait_for()
    citizen.look("p2_news", end=True)

    citizen.page.goto(f"{citizen.url}/tim-kiem?q=khai+sinh")
    launcher = citizen.page.get_by_role("button", name="Mở trợ lý thủ tục hành chính")
    if launcher.is_visible():
        launcher.click()
    news.wait_for()
    citizen.page.wait_for_timeout(3000)
    assert news.count() == 1

    # The news lead back to the identity check, and news stop at a word.
    assert "4 số cuối" in citizen.press("Xem chi tiết")
    assert "đã xử lý xong" in citizen.say("5678")
    assert "thôi báo tin" in citizen.say("đừng báo nữa")
    system.one_stop.post("/simulator/advance", json={"code": CODE}).raise_for_status()
    citizen.page.wait_for_timeout(5000)
    assert citizen.page.get_by_role("log").get_by_text("đã trả kết quả").count() == 0
