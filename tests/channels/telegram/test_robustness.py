"""Replays, floods, garbage, blocked people, groups, files: what a public bot meets in its first week."""

from __future__ import annotations

import asyncio
import json
import random

import pytest
from sqlalchemy import Engine

from channels.conversation import Conversations
from channels.errors import DeliveryLater, DeliveryRefused
from channels.messages import Reply, ReplyButton
from channels.telegram.channel import TelegramChannel
from channels.telegram.pace import Limits
from channels.telegram.settings import Intake
from tests.channels.telegram.conftest import Start, running_channel
from tests.fakes.rasa import FakeRasa, say
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_rules import Flood

ANNA, GROUP = 7, -100200
PHOTO = [{"file_id": "x", "file_unique_id": "x", "width": 9, "height": 9}]
FILE = {"file_id": "x", "file_unique_id": "x"}


async def settle(telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel) -> None:
    """Wait until nothing is under way: a message that comes later is answered."""
    await telegram.says(999, "xong chưa")
    await telegram.answers(999, 1)
    while channel._order.pending:
        await asyncio.sleep(0.01)


async def test_a_thousand_replayed_webhooks_are_answered_once_each(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """Telegram repeats whatever it thinks was lost; 20 people, 50 updates each way."""
    updates = [await telegram.says(1 + number % 20, f"câu hỏi {'x' * (number // 20 + 1)}") for number in range(50)]
    bodies = [json.dumps(update).encode() for update in updates * 20]
    random.Random(6).shuffle(bodies)
    statuses = await asyncio.gather(*(telegram.call_webhook(body) for body in bodies))
    await settle(telegram, rasa, channel)

    assert set(statuses) == {200}
    assert len(rasa.heard) == 51
    assert sum(len(chat.answers) for chat in telegram.chats.values()) == 51


async def test_a_replay_after_a_restart_is_no_second_answer(
    telegram: FakeTelegram, rasa: FakeRasa, start: Start
) -> None:
    """The old process took it, the new one gets it again."""
    first = await start()
    update = await telegram.says(ANNA, "khai sinh")
    await telegram.answers(ANNA, 1)
    await first.stop()
    second = await start()
    await telegram.deliver(update)
    await settle(telegram, rasa, second)

    assert len(telegram.chat(ANNA).answers) == 1


async def test_the_webhook_answers_before_the_work_is_done(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """Telegram must not wait for the dialogue."""
    with rasa.held():
        await telegram.says(ANNA, "khai sinh")
        assert telegram.chat(ANNA).answers == []

    await telegram.answers(ANNA, 1)


@pytest.mark.parametrize("secret", ["", "wrong", b"\xe9\xff" * 20])
async def test_a_stranger_on_the_webhook_is_refused(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel, secret: str | bytes
) -> None:
    """Whoever finds the address cannot speak for a citizen."""
    body = {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "a"}}

    assert await telegram.call_webhook(json.dumps(body).encode(), secret) == 403
    assert rasa.heard == []


async def test_random_bytes_never_break_the_webhook(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """Not even with the right secret; and the next citizen is answered."""
    chance = random.Random(7)
    good = await telegram.says(ANNA, "khai sinh")
    text = json.dumps(good)
    bodies = [chance.randbytes(chance.randrange(0, 400)) for _ in range(150)]
    bodies += [bytes(_hurt(chance, text.encode())) for _ in range(150)]
    bodies += [json.dumps(_twisted(chance, good)).encode() for _ in range(200)]
    bodies += [b"[" * 50_000, b"9" * 5_000, b'{"update_id": NaN}', b"null", b"\xff\xfe", b"x" * 200_000, b""]
    statuses = [await telegram.call_webhook(body) for body in bodies]
    await settle(telegram, rasa, channel)

    assert {status for status in statuses if status >= 500} == set()
    assert 413 in statuses and 400 in statuses and 200 in statuses


def _hurt(chance: random.Random, body: bytes) -> bytearray:
    hurt = bytearray(body)
    for _ in range(chance.randrange(1, 6)):
        hurt[chance.randrange(len(hurt))] = chance.randrange(256)
    return hurt


def _twisted(chance: random.Random, value: object) -> object:
    """Return JSON of the same shape with some values replaced by others."""
    if chance.random() < 0.12:
        return chance.choice([None, -1, 2**70, 1e300, "", "\ud800", "ok", [], {}, [[]], True, {"id": "x"}])
    if isinstance(value, dict):
        return {key: _twisted(chance, one) for key, one in value.items() if chance.random() > 0.05}
    return [_twisted(chance, one) for one in value] if isinstance(value, list) else value


async def test_too_many_requests_is_obeyed_and_nothing_is_lost(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """`retry_after` is waited for; the answers come later, in order."""
    await telegram.says(ANNA, "một")
    await telegram.answers(ANNA, 1)
    telegram.flood.close(ANNA, 1.0)
    await telegram.says(ANNA, "hai")
    await telegram.says(ANNA, "ba")
    texts = await telegram.answers(ANNA, 3)

    assert texts[1:] == ["« hai »", "« ba »"]
    assert telegram.flood.refused == 1


async def test_the_real_pace_meets_no_refusal(telegram: FakeTelegram, rasa: FakeRasa, start: Start) -> None:
    """With the limits used in service, a chat that asks quickly is answered without a single 429."""
    telegram.flood = Flood()
    await start(limits=Limits())
    for number in range(6):
        await telegram.says(ANNA, "câu " + "a" * number)
    await telegram.answers(ANNA, 6, within_s=15)

    assert telegram.flood.refused == 0


async def test_a_broken_line_to_telegram_costs_no_answer(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """A bad gateway for a moment is everyday."""
    rasa.answer = lambda text: [say("có đây", "answered")]
    telegram.failing = 2
    await telegram.says(ANNA, "khai sinh")

    assert (await telegram.answers(ANNA, 1))[0].endswith("có đây")


async def test_words_that_telegram_dislikes_with_their_buttons_arrive_plain(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """A mistake of ours in a button must not cost the citizen the answer."""
    rasa.answer = lambda text: [say("có đây", "small_talk") | {"buttons": [{"title": " ", "payload": "/cancel"}]}]
    await telegram.says(ANNA, "khai sinh")

    assert (await telegram.answers(ANNA, 1))[0].endswith("có đây")


async def test_whoever_blocks_the_bot_in_between_harms_nobody(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """The answer is dropped, the bot goes on."""
    telegram.chat(ANNA).is_blocked = True
    await telegram.says(ANNA, "khai sinh")
    await settle(telegram, rasa, channel)

    assert telegram.chat(ANNA).answers == []


async def test_pictures_and_files_are_refused_kindly_and_an_album_once(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """Pictures of identity papers are sensitive data that nobody here needs."""
    for _ in range(3):
        await telegram.sends(ANNA, photo=PHOTO, media_group_id="album", caption="căn cước của tôi")
    await telegram.sends(ANNA, document=FILE)
    await telegram.sends(ANNA, voice=FILE | {"duration": 3})
    sticker = FILE | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
    await telegram.sends(ANNA, sticker=sticker)
    await telegram.sends(ANNA, contact={"phone_number": "0900000000", "first_name": "A"})
    texts = await telegram.answers(ANNA, 5)
    await settle(telegram, rasa, channel)

    assert [text[:21] for text in texts] == [
        "Tôi không nhận ảnh và",
        "Tôi không nhận ảnh và",
        "Tôi chưa nghe được ti",
        "Tôi chỉ đọc được chữ,",
        "Tôi chỉ đọc được chữ,",
    ]
    assert rasa.texts == ["xong chưa"]
    assert len(telegram.chat(ANNA).answers) == 5


async def test_a_group_is_declined_once_and_left(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """A citizen's business is not for a group, and we need not read what is said there."""
    telegram.chat(GROUP, "supergroup")
    me = {"user": {"id": 4711, "is_bot": True, "first_name": "x"}, "status": "member"}
    change = {"chat": telegram.chat(GROUP).plain(), "from": {"id": 1, "is_bot": False, "first_name": "A"}, "date": 1}
    left = me | {"status": "left"}
    joined = {"update_id": 1, "my_chat_member": change | {"old_chat_member": left, "new_chat_member": me}}
    await telegram.deliver(joined)
    await telegram.says(GROUP, "cả nhà hỏi gì đi")
    await telegram.answers(GROUP, 1)
    await settle(telegram, rasa, channel)

    assert len(telegram.chat(GROUP).answers) == 1
    assert "trò chuyện riêng" in telegram.chat(GROUP).texts[0]
    assert telegram.chat(GROUP).is_left
    assert rasa.texts == ["xong chưa"]


async def test_edited_messages_are_ignored(telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel) -> None:
    """Mending a typing error must not ask the question twice."""
    update = await telegram.says(ANNA, "khai sinh")
    await telegram.answers(ANNA, 1)
    edited = update["message"] | {"edit_date": 2, "text": "khai sinh ạ"}
    await telegram.call_webhook(json.dumps({"update_id": 5, "edited_message": edited}).encode())
    await telegram.call_webhook(json.dumps({"update_id": 6, "edited_message": edited | {"text": "/start"}}).encode())
    await settle(telegram, rasa, channel)

    assert rasa.texts == ["khai sinh", "xong chưa"]
    assert "edited_message" not in telegram.webhook["allowed_updates"]


async def test_polling_works_without_a_public_address(telegram: FakeTelegram, rasa: FakeRasa, start: Start) -> None:
    """For a developer's machine, by one setting."""
    await start(intake=Intake.POLLING)
    await telegram.says(ANNA, "khai sinh")

    assert (await telegram.answers(ANNA, 1))[0].endswith("« khai sinh »")
    assert telegram.webhook == {}


async def test_what_has_arrived_is_answered_before_the_channel_stops(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """Telegram was told that we have it and will not send it again."""
    rasa.delay_s = 0.3
    for chat in (1, 2, 1):
        await telegram.says(chat, "khai sinh")
    assert (await channel.state())["ok"]
    await channel.stop()

    assert [len(telegram.chat(chat).answers) for chat in (1, 2)] == [2, 1]


async def test_telegram_may_be_away_at_the_start(
    telegram: FakeTelegram, rasa: FakeRasa, start: Start, api: str
) -> None:
    """The web goes on; the channel connects when it can, and then answers."""
    telegram.failing = 1
    channel = await start(wait=False)
    assert not channel.is_ready.is_set()
    await asyncio.wait_for(channel.is_ready.wait(), 10)
    await telegram.says(ANNA, "khai sinh")

    assert await telegram.answers(ANNA, 1)


async def test_a_wrong_token_is_said_without_the_token(
    api: str, conversations: Conversations, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """The log is read by many."""
    async with running_channel(api, conversations, engine, token="1:very-secret", wait=False) as channel:
        assert channel._starting
        await asyncio.wait_for(channel._starting, 10)

    assert "MOT_CUA_TELEGRAM_TOKEN" in caplog.text
    assert "very-secret" not in caplog.text


async def test_a_push_arrives_once_under_its_key(
    telegram: FakeTelegram, rasa: FakeRasa, channel: TelegramChannel
) -> None:
    """The outbox tries again when it does not know whether it worked."""
    telegram.chat(ANNA)
    button = ReplyButton(title="Tra lại", payload='/ask_status{"application_code": "H50.05-261102-0001"}')
    replies = [Reply(text="Hồ sơ **đã xong**", buttons=[button]), Reply(text="Tin thứ hai")]
    await channel.deliverer.deliver(str(ANNA), replies, "news-1")
    await channel.deliverer.deliver(str(ANNA), replies, "news-1")
    await channel.deliverer.deliver(str(ANNA), replies, "news-2")

    assert telegram.chat(ANNA).texts == ["Hồ sơ đã xong", "Tin thứ hai"] * 2


async def test_a_push_to_somebody_who_blocked_us_is_refused_for_good(
    telegram: FakeTelegram, channel: TelegramChannel
) -> None:
    """Following has to end then."""
    telegram.chat(ANNA).is_blocked = True
    for address in (str(ANNA), "12345", "not a number"):
        with pytest.raises(DeliveryRefused):
            await channel.deliverer.deliver(address, [Reply(text="Tin")], "k")


async def test_a_push_in_a_flood_is_left_for_later(telegram: FakeTelegram, start: Start) -> None:
    """The outbox learns how long to wait."""
    channel = await start(limits=Limits(longest_wait_s=0.2))
    telegram.chat(ANNA)
    telegram.flood.close(ANNA, 30)
    with pytest.raises(DeliveryLater) as later:
        await channel.deliverer.deliver(str(ANNA), [Reply(text="Tin")], "k")

    assert later.value.after and 28 <= later.value.after.total_seconds() <= 32
