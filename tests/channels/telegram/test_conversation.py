"""Whole conversations through the fake Bot API: words, buttons, commands, the status form, deletion."""

from __future__ import annotations

import asyncio
from typing import Any

from channels.telegram.channel import TelegramChannel
from tests.channels.telegram.conftest import Start
from tests.fakes.rasa import FakeRasa, Mood, say
from tests.fakes.telegram import FakeTelegram

ANNA, BINH = 7, 8
FEE = '/ask_fee{"procedure_code": "1.001193"}'


def birth(text: str) -> list[dict[str, Any]]:
    """Answer as the real dialogue answers a question about birth registration."""
    link = {"title": "Xem trên Cổng Dịch vụ công quốc gia", "url": "https://dichvucong.gov.vn/x?a=1.001193"}
    turn = {"procedure_code": "1.001193", "procedure_codes": ["1.001193"], "links": [link]}
    last = say("Nguồn: Cổng Dịch vụ công quốc gia, thủ tục 1.001193.", "answered", **turn)
    buttons = [{"title": "Lệ phí", "payload": FEE}, {"title": "Nộp ở đâu", "payload": FEE.replace("fee", "place")}]
    return [say("**Đăng ký khai sinh** cần:\n1. Tờ khai", None), last | {"buttons": buttons}]


def titles(message: dict[str, Any]) -> list[list[str]]:
    return [[button["text"] for button in row] for row in message["reply_markup"]["inline_keyboard"]]


async def test_a_question_is_answered_in_one_message_with_choices(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """The phone rings once; the notice comes first, the choices, the source and the thumbs stand below."""
    rasa.answer = birth
    await telegram.says(ANNA, "làm khai sinh cần gì")
    (text,) = await telegram.answers(ANNA, 1)
    message = telegram.chat(ANNA).answers[0]

    assert text.startswith("Tôi là máy trả lời tự động")
    assert text.endswith("Đăng ký khai sinh cần:\n1. Tờ khai\n\nNguồn: Cổng Dịch vụ công quốc gia, thủ tục 1.001193.")
    assert titles(message) == [["Lệ phí", "Nộp ở đâu"], ["Xem trên Cổng Dịch vụ công quốc gia"], ["👍", "👎"]]
    bold = [e for e in message["entities"] if e["type"] == "bold"]
    assert [text[e["offset"] : e["offset"] + e["length"]] for e in bold] == ["Đăng ký khai sinh"]
    assert "typing" in telegram.chat(ANNA).actions


async def test_a_button_brings_its_payload(telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel) -> None:
    """The dialogue gets the same payload as from the web."""
    rasa.answer = birth
    await telegram.says(ANNA, "khai sinh")
    await telegram.answers(ANNA, 1)
    await telegram.presses(ANNA, "Lệ phí")
    await telegram.answers(ANNA, 2)

    assert rasa.texts == ["khai sinh", FEE]
    assert not telegram.open_queries


async def test_old_buttons_work_after_a_restart(telegram: FakeTelegram, rasa: FakeRasa, start: Start) -> None:
    """A citizen scrolls up a week later; nothing about the button was kept in memory."""
    rasa.answer = birth
    first = await start()
    await telegram.says(ANNA, "khai sinh")
    await telegram.answers(ANNA, 1)
    await first.stop()
    await start()
    await telegram.presses(ANNA, "Nộp ở đâu")
    await telegram.answers(ANNA, 2)

    assert rasa.texts[-1] == '/ask_place{"procedure_code": "1.001193"}'


async def test_a_button_that_was_never_ours_is_answered_honestly(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """Of an older version of the bot, or made up by somebody."""
    rasa.answer = birth
    await telegram.says(ANNA, "khai sinh")
    await telegram.answers(ANNA, 1)
    telegram.chat(ANNA).answers[0]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = "<script>"
    await telegram.presses(ANNA, "Lệ phí")

    assert (await telegram.answers(ANNA, 2))[1].startswith("Nút này không còn dùng được")
    assert rasa.texts == ["khai sinh"]


async def test_a_rating_is_thanked_over_the_chat_and_the_thumbs_go(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """Thanks need no message of their own."""
    rasa.answer = lambda text: [say("Cảm ơn.")] if text.startswith("/feedback") else birth(text)
    await telegram.says(ANNA, "khai sinh")
    await telegram.answers(ANNA, 1)
    await telegram.presses(ANNA, "👎")
    await asyncio.wait_for(telegram.until(lambda: ["👍", "👎"] not in titles(telegram.chat(ANNA).answers[0])), 5)

    assert rasa.texts[-1] == '/feedback{"value": "down"}'
    assert list(telegram.notices.values()) == ["Cảm ơn."]
    assert len(telegram.chat(ANNA).answers) == 1


async def test_a_rating_that_is_asked_about_gets_its_choices(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """A notice over the chat cannot be answered; why it was not good is asked in a message."""
    reason = {"title": "Sai thông tin", "payload": '/feedback{"value": "down", "reason": "wrong"}'}
    asked = say("Chưa được ở chỗ nào?") | {"buttons": [reason]}
    rasa.answer = lambda text: [asked] if text.startswith("/feedback") else birth(text)
    await telegram.says(ANNA, "khai sinh")
    await telegram.answers(ANNA, 1)
    await telegram.presses(ANNA, "👎")
    texts = await telegram.answers(ANNA, 2)
    await telegram.presses(ANNA, "Sai thông tin")
    await telegram.answers(ANNA, 3)

    assert texts[1] == "Chưa được ở chỗ nào?"
    assert rasa.texts[-1] == reason["payload"]


async def test_only_the_newest_answer_can_be_rated(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """A rating counts for the turn before: thumbs under an older answer would praise the wrong one."""
    rasa.answer = birth
    for text in ("khai sinh", "khai tử"):
        await telegram.says(ANNA, text)
    await telegram.answers(ANNA, 2)
    older = telegram.chat(ANNA).answers[0]["message_id"]
    await telegram.presses(ANNA, "👍", older)
    await asyncio.wait_for(telegram.until(lambda: telegram.notices), 5)

    assert list(telegram.notices.values()) == ["Tôi chỉ ghi được đánh giá cho câu trả lời mới nhất."]
    assert not any(text.startswith("/feedback") for text in rasa.texts)


async def test_commands_are_in_the_menu_and_lead_to_the_dialogue(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """What the menu offers works."""
    said = ["/start", "/start p1_001193", "/tracuu", "/tracuu đăng ký kết hôn", "/huongdan", "/khongco"]
    for number, text in enumerate(said):
        await telegram.says(ANNA, text)
        await telegram.answers(ANNA, number + 1)

    assert [command["command"] for command in telegram.commands] == ["start", "tracuu", "huongdan", "xoadulieu"]
    assert rasa.texts == [
        "/greet",
        '/choose_procedure{"procedure_code": "1.001193"}',
        "/ask_status",
        "đăng ký kết hôn",
        "/capabilities",
        "khongco",
    ]


async def test_the_digits_of_a_status_check_do_not_reach_the_dialogue(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """As on the web: the dialogue server sees a token."""
    rasa.answer = lambda text: [say("Cho tôi 4 số cuối", "status_asked" if "H50" in text else "status_shown")]
    await telegram.says(ANNA, "hồ sơ H50.05-261102-0001 tới đâu")
    await telegram.answers(ANNA, 1)
    await telegram.says(ANNA, "1234")
    await telegram.answers(ANNA, 2)

    assert rasa.texts[0] == "hồ sơ H50.05-261102-0001 tới đâu"
    assert rasa.texts[1].startswith("pin_")


async def test_xoadulieu_deletes_everywhere(telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel) -> None:
    """Also in the dialogue; afterwards the citizen is somebody new and gets the notice again."""
    rasa.answer = lambda text: [say("Đã xóa.", forget=True)] if text == "/delete_my_data" else birth(text)
    for number, text in enumerate(("khai sinh", "/xoadulieu", "khai sinh")):
        await telegram.says(ANNA, text)
        await telegram.answers(ANNA, number + 1)
    texts = telegram.chat(ANNA).texts

    assert rasa.forgotten == [rasa.heard[0][0]]
    assert texts[1] == "Đã xóa."
    assert texts[2].startswith("Tôi là máy")


async def test_messages_of_one_chat_are_answered_in_order_and_chats_side_by_side(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """Thumbs are faster than answers, and one slow turn must not hold up the province."""
    rasa.delay_s = 0.2
    words = ["một", "hai", "ba"]
    for text in words:
        await asyncio.gather(telegram.says(ANNA, text), telegram.says(BINH, text))
    await asyncio.gather(telegram.answers(ANNA, 3), telegram.answers(BINH, 3))

    for chat in (ANNA, BINH):
        assert [text.split("« ")[-1] for text in telegram.chat(chat).texts] == [f"{text} »" for text in words]
    assert rasa.at_work == 1
    assert rasa.side_by_side == 2


async def test_a_fault_behind_is_said(telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel) -> None:
    """A citizen never meets silence."""
    rasa.mood = Mood.ERROR
    await telegram.says(ANNA, "khai sinh")

    assert (await telegram.answers(ANNA, 1))[0].startswith("Xin lỗi, tôi đang gặp trục trặc")


async def test_too_long_a_message_is_told_so(telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel) -> None:
    """Telegram lets people write four thousand letters; we read fewer."""
    await telegram.says(ANNA, "a" * 4000)

    assert "dài quá" in (await telegram.answers(ANNA, 1))[0]
    assert rasa.heard == []


async def test_a_long_answer_comes_in_pieces_in_order(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """Nothing is cut off, and the buttons stand under the end."""
    rasa.answer = lambda text: [say("\n".join(f"{n}. Giấy tờ số {n} của hồ sơ" for n in range(1, 400)), "answered")]
    await telegram.says(ANNA, "giấy tờ")
    texts = await telegram.answers(ANNA, 3)
    with_keyboard = [n for n, message in enumerate(telegram.chat(ANNA).answers) if "reply_markup" in message]

    assert all(text.split("\n")[-1].endswith("của hồ sơ") for text in texts)
    assert "399. Giấy tờ" in texts[-1]
    assert with_keyboard == [len(texts) - 1]


async def test_a_checklist_comes_as_a_file(telegram: FakeTelegram, rasa: FakeRasa, start: Start) -> None:
    """People print it or keep it on the phone."""

    async def checklist(code: str) -> bytes:
        if code != "1.001193":
            raise LookupError(code)
        return b"%PDF-1.7 " + code.encode()

    rasa.answer = birth
    await start(checklist=checklist)
    await telegram.says(ANNA, "khai sinh")
    await telegram.answers(ANNA, 1)
    await telegram.presses(ANNA, "Tải danh sách giấy tờ (PDF)")
    await telegram.answers(ANNA, 2)
    sent = telegram.chat(ANNA).answers[1]

    assert telegram.chat(ANNA).files[sent["message_id"]] == b"%PDF-1.7 1.001193"
    assert sent["document"]["file_name"] == "danh-sach-giay-to-1.001193.pdf"
    assert "1.001193" in sent["caption"]
    assert len(rasa.heard) == 1


async def test_a_checklist_that_cannot_be_made_is_said(telegram: FakeTelegram, rasa: FakeRasa, start: Start) -> None:
    """A broken file is no reason for silence."""

    async def checklist(code: str) -> bytes:
        raise RuntimeError("no fonts")

    rasa.answer = birth
    await start(checklist=checklist)
    await telegram.says(ANNA, "khai sinh")
    await telegram.answers(ANNA, 1)
    await telegram.presses(ANNA, "Tải danh sách giấy tờ (PDF)")

    assert (await telegram.answers(ANNA, 2))[1].startswith("Tôi chưa tạo được tệp này")
