"""The line breaks, the server stumbles: nothing is lost and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.visitor import Site, Visitor

Visit = Callable[..., Visitor]

BIRTH = "làm giấy khai sinh cho con cần giấy tờ gì"


def test_what_was_written_offline_is_sent_when_the_line_is_back(visit: Visit, site: Site) -> None:
    """In order, and each once."""
    visitor = visit().open().say(BIRTH, "Tờ khai theo mẫu")
    visitor.page.context.set_offline(True)
    visitor.say("đăng ký khai sinh").say("hồ sơ của tôi")
    visitor.page.get_by_text("Đang mất mạng. Câu hỏi sẽ tự gửi").wait_for()
    assert visitor.log.get_by_text("Chờ gửi").count() == 2
    assert len(site.assistant.received) == 1

    visitor.page.context.set_offline(False)
    visitor.log.get_by_text("gửi giúp mã hồ sơ").wait_for()
    assert [message.text for message in site.assistant.turns[1:]] == ["đăng ký khai sinh", "hồ sơ của tôi"]
    assert visitor.log.get_by_text("Chờ gửi").count() == 0
    assert visitor.page.get_by_text("Đang mất mạng").count() == 0


def test_a_lost_answer_is_fetched_again_with_the_same_message_id(visit: Visit, site: Site) -> None:
    """The turn was done, only its answer got lost: the server must see the same id, not a second question."""
    site.assistant.faults.append(502)
    site.assistant.answers_before_fault = True
    visit().open().say(BIRTH, "Tờ khai theo mẫu")

    assert len(site.assistant.received) == 2
    assert len({message.message_id for message in site.assistant.received}) == 1
    assert len(site.assistant.turns) == 1


def test_a_waiting_question_outlives_a_reload(visit: Visit, site: Site) -> None:
    """People press reload when nothing moves."""
    visitor = visit().open()
    site.assistant.faults.extend([503])
    visitor.say(BIRTH)
    visitor.log.get_by_text("Chờ gửi").wait_for()
    visitor.load()
    visitor.log.get_by_text("Tờ khai theo mẫu").wait_for()
    assert len({message.message_id for message in site.assistant.received}) == 1


def test_digits_that_could_not_be_sent_are_asked_for_again(visit: Visit, site: Site) -> None:
    """They are never stored, so after a reload the citizen is told to type them again."""
    visitor = visit().open().say("hồ sơ của tôi", "gửi giúp").say("H50.05-261102-0001", "4 số cuối")
    site.assistant.faults.extend([503] * 3)
    visitor.say("5678")
    visitor.log.get_by_text("Chờ gửi").wait_for()
    visitor.load()
    visitor.log.get_by_text("Anh/chị nhập lại giúp ạ").wait_for()
    assert "5678" not in visitor.page.evaluate("JSON.stringify(sessionStorage)")


def test_a_server_that_stays_down_is_admitted_and_can_be_tried_again(visit: Visit, site: Site) -> None:
    """After half a minute an honest sentence and a button, not an endless wheel."""
    site.assistant.faults.extend([500] * 6)
    visitor = visit(clock=True).open().say(BIRTH)
    for attempt in range(1, 6):
        visitor.log.get_by_text("Chờ gửi").wait_for()
        while len(site.assistant.received) == attempt:
            visitor.page.clock.run_for(1000)
            visitor.page.wait_for_timeout(20)
    visitor.log.get_by_text("Trợ lý đang bận, chưa trả lời được").wait_for()
    assert visitor.page.get_by_text("Trợ lý đang trả lời…").count() == 0

    visitor.page.get_by_role("button", name="Gửi lại", exact=True).click()
    visitor.log.get_by_text("Tờ khai theo mẫu").wait_for()
    assert len({message.message_id for message in site.assistant.received}) == 1


def test_a_turn_that_the_server_failed_at_can_be_sent_again(visit: Visit, site: Site) -> None:
    """Nobody has to type the question twice, and it stays one question; a page change in between does no harm."""
    visitor = visit().open().say("hồ sơ của tôi", "gửi giúp")
    site.assistant.stumbles = 2
    visitor.say("đăng ký khai sinh", "tôi đang gặp trục trặc")
    assert visitor.log.get_by_role("button", name="Thôi, không tra nữa").count() == 1
    visitor.load("tim-kiem")
    visitor.page.get_by_role("button", name="Gửi lại", exact=True).click()
    visitor.until("!JSON.parse(sessionStorage.getItem('mot-cua:conversation')).outbox.length")
    visitor.page.get_by_role("button", name="Gửi lại", exact=True).click()
    visitor.log.get_by_text("gửi giúp mã hồ sơ").first.wait_for()
    visitor.log.get_by_text("4 số cuối").wait_for()

    assert visitor.log.get_by_text("tôi đang gặp trục trặc").count() == 0
    assert visitor.page.get_by_role("button", name="Gửi lại", exact=True).count() == 0
    assert [message.text for message in site.assistant.received] == ["hồ sơ của tôi"] + ["đăng ký khai sinh"] * 3
    assert len({message.message_id for message in site.assistant.received[1:]}) == 1


def test_after_another_question_the_failed_one_is_not_offered_again(visit: Visit, site: Site) -> None:
    """Sent then, it would come in the wrong place."""
    site.assistant.stumbles = 1
    visitor = visit().open().say("đăng ký khai sinh", "tôi đang gặp trục trặc").say(BIRTH, "Tờ khai theo mẫu")
    assert visitor.page.get_by_role("button", name="Gửi lại", exact=True).count() == 0
    assert visitor.log.get_by_text("tôi đang gặp trục trặc").count() == 1


def test_a_question_already_on_its_way_takes_the_place_of_the_failed_one(visit: Visit, site: Site) -> None:
    """Asked in a hurry, the second question is answered after the fault."""
    site.assistant.stumbles = 1
    site.assistant.delay_s = 0.3
    visitor = visit().open().say("đăng ký khai sinh").say(BIRTH, "Tờ khai theo mẫu")
    assert visitor.log.get_by_text("tôi đang gặp trục trặc").count() == 1
    assert visitor.page.get_by_role("button", name="Gửi lại", exact=True).count() == 0


def test_digits_that_the_server_failed_at_wait_in_memory_only(visit: Visit, site: Site) -> None:
    """They can be sent again at once, and are gone after a reload."""
    visitor = visit().open().say("hồ sơ của tôi", "gửi giúp").say("H50.05-261102-0001", "4 số cuối")
    site.assistant.stumbles = 2
    visitor.say("dạ 5678", "tôi đang gặp trục trặc")
    assert "5678" not in visitor.page.evaluate("JSON.stringify(sessionStorage)")
    visitor.page.get_by_role("button", name="Gửi lại", exact=True).click()
    visitor.until("!document.querySelector('mot-cua-chat').outbox.items.length")
    assert [message.text for message in site.assistant.received[-2:]] == ["dạ 5678"] * 2
    visitor.say("số là 5678", "4 số cuối")
    assert "5678" not in visitor.page.evaluate("JSON.stringify(sessionStorage)") + visitor.log.inner_text()
    visitor.load()
    assert visitor.page.get_by_role("button", name="Gửi lại", exact=True).count() == 0


def test_too_fast_is_said_once_and_sent_later(visit: Visit, site: Site) -> None:
    """A rate limit is no reason to lose a question."""
    site.assistant.faults.extend([429, 429])
    visitor = visit().open().say(BIRTH, "Tờ khai theo mẫu")
    assert visitor.log.get_by_text("Anh/chị nhắn hơi nhanh").count() == 1


def test_a_refused_message_does_not_block_the_next(visit: Visit, site: Site) -> None:
    """One message that the server will never take must not hold up the queue."""
    site.assistant.faults.append(413)
    visitor = visit().open().say("x" * 900, "Câu hỏi này dài quá")
    visitor.say(BIRTH, "Tờ khai theo mẫu")
    assert len(site.assistant.received) == 2


def test_questions_asked_in_a_hurry_keep_their_order(visit: Visit, site: Site) -> None:
    """The second question waits for the first answer: the rules of the talk depend on it."""
    site.assistant.delay_s = 0.3
    visitor = visit().open().say(BIRTH).say("đăng ký khai sinh").say("xyz")
    visitor.page.get_by_text("Trợ lý đang trả lời…").wait_for()
    visitor.log.get_by_text("Chưa tìm thấy").wait_for()
    assert [message.text for message in site.assistant.turns] == [BIRTH, "đăng ký khai sinh", "xyz"]
    assert visitor.page.get_by_text("Trợ lý đang trả lời…").count() == 0
