"""Whole conversations over HTTP: Zalo's webhooks in, its API out, the gateway in between."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from sqlalchemy import Engine, text

from channels.rasa_client import RasaClient
from channels.store.database import METADATA
from channels.zalo.settings import ZaloSettings
from tests.channels.zalo.conftest import RunningApp, on_both, quiet, running_app, until
from tests.fakes.rasa import FakeRasa, Mood, say
from tests.fakes.zalo import FakeZalo
from tests.fakes.zalo import Mood as ZaloMood

ANNA, BINH = "1000000000000001", "1000000000000002"


def answer(words: str) -> list[dict[str, Any]]:
    """Answer like the dialogue does: with facts, buttons and a link."""
    if words.startswith("/ask_fee"):
        return [say("**Lệ phí:** 8.000 đồng", "answered")]
    if words == "/greet":
        return [say("Chào anh/chị, tôi giúp gì được?")]
    fee = {"title": "Lệ phí", "payload": '/ask_fee{"procedure_code": "1.001193"}'}
    link = {"title": "Xem trên Cổng", "url": "https://dichvucong.gov.vn/"}
    last = say("**Đăng ký khai sinh** cần:\n• Tờ khai", "answered", links=[link])
    return [say("Dạ,", None), last | {"buttons": [fee]}]


async def test_a_person_asks_presses_a_button_and_gets_answers(app: RunningApp, zalo: FakeZalo, rasa: FakeRasa) -> None:
    """Words in, facts out, a button means what it says: the whole point."""
    rasa.answer = answer
    assert await zalo.says(ANNA, "làm khai sinh cần gì") == [200]
    await until(lambda: len(zalo.texts(ANNA)) == 1)
    first = zalo.texts(ANNA)[0]
    assert "máy trả lời tự động" in first and "Đăng ký khai sinh cần:" in first
    assert [button["title"] for button in zalo.buttons(ANNA)] == [
        "Lệ phí",
        "👍 Đúng ý tôi",
        "👎 Chưa đúng",
        "Xem trên Cổng",
    ]

    await zalo.presses(ANNA, "Lệ phí")
    await until(lambda: len(zalo.texts(ANNA)) == 2)

    assert zalo.texts(ANNA)[1] == "Lệ phí: 8.000 đồng"
    assert rasa.texts == ["làm khai sinh cần gì", '/ask_fee{"procedure_code": "1.001193"}']


async def test_who_types_a_payload_gets_no_further_than_with_words(
    app: RunningApp, zalo: FakeZalo, rasa: FakeRasa
) -> None:
    """A pressed button comes back as text, so text must not be able to be a button."""
    rasa.answer = answer
    await zalo.says(ANNA, "khai sinh")
    await until(lambda: len(zalo.texts(ANNA)) == 1)
    stolen = zalo.buttons(ANNA)[0]["payload"]

    await zalo.says(BINH, "/restart")
    await zalo.says(BINH, stolen)
    await quiet(app)

    assert rasa.texts == ["khai sinh", "restart"]
    assert "Nút này không còn dùng được" in zalo.texts(BINH)[-1]


async def test_following_brings_the_greeting_with_the_notice_once(
    app: RunningApp, zalo: FakeZalo, rasa: FakeRasa
) -> None:
    """People must know that they talk to a machine before they write a word."""
    rasa.answer = answer
    await zalo.post(zalo.event("follow", ANNA))
    await until(lambda: len(zalo.texts(ANNA)) == 1)
    await zalo.says(ANNA, "khai sinh")
    await until(lambda: len(zalo.texts(ANNA)) == 2)

    assert "máy trả lời tự động" in zalo.texts(ANNA)[0] and "Chào anh/chị" in zalo.texts(ANNA)[0]
    assert "máy trả lời tự động" not in zalo.texts(ANNA)[1]


async def test_a_greeting_that_zalo_refuses_harms_nothing(app: RunningApp, zalo: FakeZalo) -> None:
    """Should following alone open no window, the notice comes with the first answer at the latest."""
    zalo.follow_opens_window = False
    await zalo.post(zalo.event("follow", ANNA))
    await quiet(app)
    assert zalo.texts(ANNA) == []

    await zalo.says(ANNA, "chào")
    await until(lambda: len(zalo.texts(ANNA)) == 1)


async def test_pictures_files_and_voices_are_refused_kindly(app: RunningApp, zalo: FakeZalo, rasa: FakeRasa) -> None:
    """Photos of identity cards are the last thing to have lying about."""
    for name in ("image", "file", "audio", "sticker", "location"):
        await zalo.post(zalo.event(f"user_send_{name}", ANNA, message={"msg_id": name}))
    await until(lambda: len(zalo.texts(ANNA)) == 5)

    assert "Tôi không xem và không lưu ảnh" in zalo.texts(ANNA)[0]
    assert len(set(zalo.texts(ANNA))) == 5
    assert rasa.heard == []


async def test_words_beside_a_picture_are_answered(app: RunningApp, zalo: FakeZalo, rasa: FakeRasa) -> None:
    """The question counts, the picture is left aside."""
    await zalo.post(zalo.event("user_send_image", ANNA, message={"msg_id": "1", "text": "giấy này nộp ở đâu"}))
    await until(lambda: len(zalo.texts(ANNA)) == 1)

    assert rasa.texts == ["giấy này nộp ở đâu"]
    assert "không lưu ảnh" in zalo.texts(ANNA)[0] and "nộp ở đâu" in zalo.texts(ANNA)[0]


@on_both
async def test_withdrawing_deletes_everything_everywhere(
    app: RunningApp, zalo: FakeZalo, rasa: FakeRasa, database: Engine
) -> None:
    """`user_withdraw` is a request for deletion; the law leaves no choice."""
    await zalo.says(ANNA, "khai sinh")
    await until(lambda: len(zalo.texts(ANNA)) == 1)
    await zalo.post(zalo.event("user_withdraw", ANNA))
    await quiet(app)

    conversation = app.conversations.hash_of("zalo", ANNA)
    assert rasa.forgotten == [conversation]
    with database.connect() as connection:
        kept = [str(row) for table in METADATA.sorted_tables for row in connection.execute(table.select())]
    assert not [row for row in kept if conversation in row or ANNA in row]
    assert len(zalo.texts(ANNA)) == 1


async def test_withdrawing_waits_for_a_dialogue_server_that_is_down(
    app: RunningApp, zalo: FakeZalo, rasa: FakeRasa
) -> None:
    """A deletion that failed is not done."""
    rasa.mood = Mood.ERROR
    await zalo.post(zalo.event("user_withdraw", ANNA))
    await asyncio.sleep(0.3)

    assert rasa.forgotten == []
    assert (await app.channel.state())["waiting"] == 1


async def test_asking_for_deletion_in_words_is_still_answered(app: RunningApp, zalo: FakeZalo, rasa: FakeRasa) -> None:
    """The window goes with the rest, but “đã xóa” must get through, and nothing be kept for it."""
    rasa.answer = lambda words: [say("Tôi đã xóa.", forget=True)]
    await zalo.says(ANNA, "xóa dữ liệu của tôi")
    await until(lambda: len(zalo.texts(ANNA)) == 1)

    assert zalo.texts(ANNA) == ["Tôi đã xóa."]


async def test_a_thousand_repeated_webhooks_are_answered_once_each(
    app: RunningApp, zalo: FakeZalo, rasa: FakeRasa
) -> None:
    """Zalo repeats what it thinks was lost; nobody wants the same answer five times."""
    bodies = [zalo.text(f"2{number:03}", f"câu {number}", f"m{number}") for number in range(200)]
    limit = asyncio.Semaphore(16)

    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:

        async def once(body: bytes) -> int:
            async with limit:
                headers = {"X-ZEvent-Signature": zalo.signature(body)}
                return (await http.post(zalo.webhook_url, content=body, headers=headers)).status_code

        codes = await asyncio.gather(*(once(body) for body in bodies * 5))
    await quiet(app)

    assert set(codes) == {200}
    assert len(rasa.heard) == 200
    assert {len(zalo.texts(f"2{number:03}")) for number in range(200)} == {1}


async def test_one_persons_messages_stay_in_order_and_others_do_not_wait(
    app: RunningApp, zalo: FakeZalo, rasa: FakeRasa
) -> None:
    """Answers in another order than the questions are worse than slow ones."""
    rasa.delay_s = 0.1
    for number in range(5):
        await zalo.says(ANNA, f"a{number}")
        await zalo.says(BINH, f"b{number}")
    await quiet(app)

    assert [words for words in rasa.texts if words[0] == "a"] == [f"a{number}" for number in range(5)]
    assert [words for words in rasa.texts if words[0] == "b"] == [f"b{number}" for number in range(5)]
    assert rasa.at_work == 1
    assert zalo.texts(ANNA)[1:] == [f"« a{number} »" for number in range(1, 5)]


async def test_zalo_gets_its_answer_before_the_work_is_done(app: RunningApp, zalo: FakeZalo, rasa: FakeRasa) -> None:
    """Two seconds, or it all comes again."""
    with rasa.held():
        assert await zalo.says(ANNA, "chào") == [200]
        assert zalo.texts(ANNA) == []

    await until(lambda: len(zalo.texts(ANNA)) == 1)


@on_both
async def test_what_a_stopped_process_leaves_the_next_one_answers_once(
    zalo: FakeZalo, settings: ZaloSettings, database: Engine, client: RasaClient, rasa: FakeRasa
) -> None:
    """A restart in the middle of the day costs nobody an answer, nor brings one twice."""
    rasa.delay_s = 1.0
    async with running_app(zalo, settings, database, client):
        bodies = [zalo.text(ANNA, f"câu {number}", f"m{number}") for number in range(4)]
        for body in bodies:
            assert await zalo.post(body) == [200]
        await asyncio.sleep(0.2)
    answered = len(zalo.texts(ANNA))
    assert answered < 4
    rasa.delay_s = 0.0

    async with running_app(zalo, settings, database, client) as app:
        for body in bodies:
            await zalo.post(body)
        await until(lambda: len(zalo.texts(ANNA)) == 4)
        await quiet(app)
    assert [words.rsplit("« ", 1)[-1] for words in zalo.texts(ANNA)] == [f"câu {number} »" for number in range(4)]


@on_both
async def test_two_processes_share_the_people_between_them(
    zalo: FakeZalo, settings: ZaloSettings, database: Engine, client: RasaClient, rasa: FakeRasa
) -> None:
    """Behind a balancer one person's messages reach different processes; order and count must hold."""
    rasa.delay_s = 0.05
    async with running_app(zalo, settings, database, client) as one:
        first = zalo.webhook_url
        async with running_app(zalo, settings, database, client):
            second = zalo.webhook_url
            for number in range(6):
                zalo.webhook_url = (first, second)[number % 2]
                body = zalo.text(ANNA, f"câu {number}")
                await zalo.post(body)
                zalo.webhook_url = (second, first)[number % 2]
                await zalo.post(body)
            await quiet(one)
    assert rasa.texts == [f"câu {number}" for number in range(6)]
    assert len(zalo.texts(ANNA)) == 6
    assert rasa.at_work == 1


async def test_while_zalo_is_down_answers_wait_and_then_come(app: RunningApp, zalo: FakeZalo) -> None:
    """Five minutes of trouble at the platform are no reason for silence."""
    zalo.mood = ZaloMood.ERROR
    await zalo.says(ANNA, "một")
    await asyncio.sleep(0.3)
    assert (await app.channel.state())["waiting"] == 1
    zalo.mood = ZaloMood.WELL
    await zalo.says(ANNA, "hai")
    await until(lambda: len(zalo.texts(ANNA)) == 2)

    assert [words.rsplit("« ")[-1] for words in zalo.texts(ANNA)] == ["một »", "hai »"]


async def test_a_dialogue_server_that_is_down_is_told_at_once(app: RunningApp, zalo: FakeZalo, rasa: FakeRasa) -> None:
    """An honest sentence, and the same message may be sent again."""
    rasa.mood = Mood.SILENT
    await zalo.says(ANNA, "khai sinh")
    await until(lambda: len(zalo.texts(ANNA)) == 1)

    assert "trục trặc" in zalo.texts(ANNA)[0]


async def test_a_very_long_message_is_refused_in_words(app: RunningApp, zalo: FakeZalo, rasa: FakeRasa) -> None:
    """Zalo takes 2,000 letters of a person, the assistant fewer."""
    await zalo.says(ANNA, "a" * 1500)
    await until(lambda: len(zalo.texts(ANNA)) == 1)

    assert "dài quá 1000 chữ cái" in zalo.texts(ANNA)[0]
    assert rasa.heard == []


async def test_nothing_of_a_person_lies_open_in_the_database(
    app: RunningApp, zalo: FakeZalo, rasa: FakeRasa, database: Engine
) -> None:
    """Ids and words that wait are sealed; a copied file tells nothing."""
    zalo.mood = ZaloMood.ERROR
    await zalo.says(ANNA, "bí mật của tôi")
    await until(lambda: len(rasa.heard) == 1)

    with database.connect() as connection:
        rows = [str(row) for row in connection.execute(text("SELECT * FROM zalo_inbox"))]
        rows += [str(row) for row in connection.execute(text("SELECT * FROM zalo_tokens"))]
    assert rows
    assert not [row for row in rows if ANNA in row or "bí mật" in row or zalo.first_refresh in row]
