"""Messages that the citizen did not ask for just now: an officer writes, an application moves."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.visitor import Site, Visitor

Visit = Callable[..., Visitor]

BIRTH = "làm giấy khai sinh cho con cần giấy tờ gì"
MOVED = "Hồ sơ của anh/chị đã chuyển sang bước trả kết quả."


def conversation_of(site: Site) -> str:
    """Return the id the widget chose."""
    return site.assistant.received[0].conversation_id


def test_a_pushed_message_arrives_by_event_and_once(visit: Visit, site: Site) -> None:
    """Also after a change of page, where the listening starts anew."""
    site.assistant.pushes_offered = "events"
    visitor = visit().open().say(BIRTH, "Tờ khai theo mẫu")
    site.assistant.push(conversation_of(site), MOVED)
    visitor.log.get_by_text(MOVED).wait_for()
    visitor.log.get_by_text("Thông báo mới").wait_for()

    visitor.load("tim-kiem")
    site.assistant.push(conversation_of(site), "Tin thứ hai.")
    visitor.log.get_by_text("Tin thứ hai.").wait_for()
    assert visitor.log.get_by_text(MOVED).count() == 1


def test_a_closed_chat_counts_what_came(visit: Visit, site: Site) -> None:
    """The launcher says so, also to a screen reader."""
    site.assistant.pushes_offered = "events"
    visitor = visit().open().say(BIRTH, "Tờ khai theo mẫu")
    visitor.page.keyboard.press("Escape")
    site.assistant.push(conversation_of(site), MOVED)
    visitor.page.get_by_role("button", name="có 1 tin mới").click()
    visitor.log.get_by_text(MOVED).wait_for()
    visitor.page.keyboard.press("Escape")
    assert visitor.page.get_by_role("button", name="tin mới").count() == 0


def test_polling_takes_over_where_events_do_not_come_through(visit: Visit, site: Site) -> None:
    """Some offices' proxies hold streams back."""
    site.assistant.pushes_offered = "poll"
    visitor = visit(clock=True).open().say(BIRTH, "Tờ khai theo mẫu")
    site.assistant.push(conversation_of(site), MOVED)
    for _ in range(40):
        visitor.page.clock.run_for(1000)
        visitor.page.wait_for_timeout(20)
        if visitor.log.get_by_text(MOVED).count():
            break
    assert visitor.log.get_by_text(MOVED).count() == 1


@pytest.mark.parametrize("status", [204, 404])
def test_a_server_without_pushes_is_asked_once_and_left_in_peace(visit: Visit, site: Site, status: int) -> None:
    """Both mean that there are none; the conversation is not disturbed, nor the next page."""
    site.assistant.no_pushes_status = status
    visitor = visit(clock=True)
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url) if "/events" in request.url else None)
    visitor.open().say(BIRTH, "Tờ khai theo mẫu")
    visitor.until("JSON.parse(sessionStorage.getItem('mot-cua:conversation')).pushes === false")
    visitor.page.clock.run_for(120_000)
    visitor.load("tim-kiem")
    visitor.say("đăng ký khai sinh", "việc nào dưới đây")
    assert len(asked) == 2


def test_a_tab_in_the_background_holds_no_connection(visit: Visit, site: Site) -> None:
    """Six open tabs would otherwise use up all connections of the browser; nothing missed is lost."""
    site.assistant.pushes_offered = "events"
    visitor = visit().open().say(BIRTH, "Tờ khai theo mẫu")
    set_hidden = """hidden => {
      Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    visitor.page.evaluate(set_hidden, True)
    site.assistant.push(conversation_of(site), MOVED)
    visitor.page.wait_for_timeout(300)
    assert visitor.log.get_by_text(MOVED).count() == 0

    visitor.page.evaluate(set_hidden, False)
    visitor.log.get_by_text(MOVED).wait_for()
    assert site.assistant.event_streams == 2


def test_an_officers_words_are_not_shown_as_the_machines(visit: Visit, site: Site) -> None:
    """People have a right to know whether a person or a machine speaks."""
    site.assistant.pushes_offered = "events"
    visitor = visit().open()
    visitor.page.get_by_role("button", name="Cài đặt và trợ giúp").click()
    visitor.page.get_by_role("button", name="Gặp cán bộ").click()
    visitor.log.get_by_text("đã được chuyển đến cán bộ").wait_for()
    site.assistant.push(conversation_of(site), "Chào anh, tôi xem giúp anh.", outcome="handed_over")
    visitor.log.get_by_text("Chào anh, tôi xem giúp anh.").wait_for()
    assert visitor.log.get_by_text("Cán bộ trả lời").count() == 1
    assert visitor.log.get_by_text("Thông báo mới").count() == 0
