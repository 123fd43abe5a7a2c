"""Messages that nobody just asked for: inside the window, each once, refused for those who left."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from channels.delivery import Deliverer
from channels.errors import DeliveryLater, DeliveryRefused
from channels.messages import Reply, ReplyButton
from channels.zalo.errors import ZaloRefused
from tests.channels.zalo.conftest import RunningApp, quiet, until
from tests.fakes.zalo import FakeZalo, Mood

ANNA = "1000000000000001"
NEWS = [Reply(text="**Hồ sơ** của anh/chị đã xong.", buttons=[ReplyButton(title="Xem", payload="/ask_status")])]


async def met(app: RunningApp, zalo: FakeZalo) -> Deliverer:
    """Return the way out to a person who just wrote and was answered."""
    await zalo.says(ANNA, "chào")
    await until(lambda: len(zalo.texts(ANNA)) == 1)
    await quiet(app)
    return app.channel.deliverer


async def test_news_reach_a_person_with_a_button(app: RunningApp, zalo: FakeZalo) -> None:
    """Within two days of their last message."""
    await (await met(app, zalo)).deliver(ANNA, NEWS, "k1")

    assert zalo.texts(ANNA)[-1] == "Hồ sơ của anh/chị đã xong."
    assert zalo.buttons(ANNA)[0]["title"] == "Xem"


async def test_one_key_brings_one_message(app: RunningApp, zalo: FakeZalo) -> None:
    """Whoever is not sure that it worked tries again."""
    way = await met(app, zalo)
    for _ in range(3):
        await way.deliver(ANNA, NEWS, "k1")

    assert len(zalo.texts(ANNA)) == 2


async def test_after_two_days_news_wait_for_the_next_message(app: RunningApp, zalo: FakeZalo) -> None:
    """`after=None`: only the person opens the way; then what was held comes."""
    way = await met(app, zalo)
    zalo.pass_time(49)
    with pytest.raises(DeliveryLater) as closed:
        await way.deliver(ANNA, NEWS, "k1")
    assert closed.value.after is None

    await zalo.says(ANNA, "có gì mới không")
    await until(lambda: len(zalo.texts(ANNA)) == 2)
    await way.deliver(ANNA, NEWS, "k1")
    assert zalo.texts(ANNA)[-1] == "Hồ sơ của anh/chị đã xong."


async def test_the_ninth_message_is_not_even_tried(app: RunningApp, zalo: FakeZalo) -> None:
    """Eight between two messages of a person, answers among them."""
    way = await met(app, zalo)
    for number in range(7):
        await way.deliver(ANNA, NEWS, f"k{number}")
    zalo.errors.append(-999)  # would show that it was tried

    with pytest.raises(DeliveryLater) as closed:
        await way.deliver(ANNA, NEWS, "k8")
    assert closed.value.after is None
    assert len(zalo.texts(ANNA)) == 8


async def test_who_left_gets_no_pushes_until_they_follow_again(app: RunningApp, zalo: FakeZalo) -> None:
    """Leaving is an answer too."""
    way = await met(app, zalo)
    await zalo.post(zalo.event("unfollow", ANNA))
    await quiet(app)
    with pytest.raises(DeliveryRefused):
        await way.deliver(ANNA, NEWS, "k1")

    await zalo.post(zalo.event("follow", ANNA))
    await quiet(app)
    await way.deliver(ANNA, NEWS, "k1")
    assert zalo.texts(ANNA)[-1] == "Hồ sơ của anh/chị đã xong."


async def test_zalo_may_know_better_that_the_window_is_closed(app: RunningApp, zalo: FakeZalo) -> None:
    """A clerk wrote from Zalo's own pages, which we cannot count."""
    way = await met(app, zalo)
    zalo.errors.append(-230)
    for _ in range(2):
        with pytest.raises(DeliveryLater) as closed:
            await way.deliver(ANNA, NEWS, "k1")
        assert closed.value.after is None


@pytest.mark.parametrize("code", [-213, -217, -227])
async def test_people_who_cannot_be_reached_are_refused(app: RunningApp, zalo: FakeZalo, code: int) -> None:
    """Trying again is useless."""
    way = await met(app, zalo)
    zalo.errors.append(code)

    with pytest.raises(DeliveryRefused):
        await way.deliver(ANNA, NEWS, "k1")


async def test_too_many_a_minute_is_for_later(app: RunningApp, zalo: FakeZalo) -> None:
    """The window is not used up by what was not taken."""
    way = await met(app, zalo)
    zalo.errors.extend([-32] * 9)
    for _ in range(9):
        with pytest.raises(DeliveryLater) as later:
            await way.deliver(ANNA, NEWS, "k1")
        assert later.value.after == timedelta(minutes=1)
    await way.deliver(ANNA, NEWS, "k1")

    assert len(zalo.texts(ANNA)) == 2


async def test_an_unknown_error_is_a_fault(app: RunningApp, zalo: FakeZalo) -> None:
    """HTTP 200 with `error` ≠ 0 is a failure, whatever the number means."""
    way = await met(app, zalo)
    zalo.errors.append(-99999)

    with pytest.raises(ZaloRefused):
        await way.deliver(ANNA, NEWS, "k1")


@pytest.mark.parametrize("mood", [Mood.ERROR, Mood.GARBAGE])
async def test_trouble_at_zalo_is_for_later(app: RunningApp, zalo: FakeZalo, mood: Mood) -> None:
    """In half a minute, not never."""
    way = await met(app, zalo)
    zalo.mood = mood
    with pytest.raises(DeliveryLater) as later:
        await way.deliver(ANNA, NEWS, "k1")

    assert later.value.after == timedelta(seconds=30)


async def test_a_slow_zalo_is_waited_for_but_not_for_ever(app: RunningApp, zalo: FakeZalo) -> None:
    """Two seconds in these tests, ten by default."""
    way = await met(app, zalo)
    zalo.mood, zalo.slow_s = Mood.SLOW, 0.5
    await way.deliver(ANNA, NEWS, "k1")
    zalo.slow_s = 5.0

    with pytest.raises(DeliveryLater):
        await way.deliver(ANNA, NEWS, "k2")


async def test_a_signed_out_account_keeps_messages_for_later(app: RunningApp, zalo: FakeZalo) -> None:
    """They go out once somebody has signed it in again."""
    way = await met(app, zalo)
    zalo.lose()
    with pytest.raises(DeliveryLater) as later:
        await way.deliver(ANNA, NEWS, "k1")
    assert later.value.after is not None
    assert (await app.channel.state())["token"] == "lost"

    await zalo.says(ANNA, "còn đó không")
    await asyncio.sleep(0.3)
    assert (await app.channel.state())["waiting"] == 1


async def test_a_long_answer_broken_off_goes_on_where_it_stopped(app: RunningApp, zalo: FakeZalo) -> None:
    """What was read already does not come again."""
    way = await met(app, zalo)
    long = [Reply(text="Một câu khá dài để đọc. " * 150)]
    zalo.errors.extend([0])  # `0` is no error and no message: the first piece counts as taken
    zalo.errors.append(-32)
    with pytest.raises(DeliveryLater):
        await way.deliver(ANNA, long, "k1")
    await way.deliver(ANNA, long, "k1")

    assert len(zalo.texts(ANNA)) == 2
