"""What clerks do, and what the citizen gets of it on which channel."""

from __future__ import annotations

import asyncio

import pytest

from actions.turn import Outcome
from channels.desk.errors import NotYours, TakenAlready
from channels.desk.queue import TOPIC
from channels.messages import TurnResult
from channels.store.tickets import Ended, Holder, State
from channels.telegram.letters import Composer
from channels.telegram.payloads import decode, encode
from channels.zalo.rendering import render
from tests.channels.desk.conftest import HOA, LAN, World


async def test_the_citizen_hears_that_a_clerk_has_come(world: World) -> None:
    """And what a clerk cannot read."""
    await world.is_taken()
    [(text, outcome)] = world.letters()

    assert "Cán bộ đã vào" in text and "được che" in text
    assert outcome is None  # said by the machine: the page must not show it as the officer's


async def test_two_clerks_at_once_one_gets_it_the_other_is_told(world: World) -> None:
    """The page of the slower one says so."""
    ticket = await world.asks_for_a_person()
    results = await asyncio.gather(
        world.desk.talks.take(ticket, LAN), world.desk.talks.take(ticket, HOA), return_exceptions=True
    )

    assert sorted(type(result).__name__ for result in results) == ["NoneType", "TakenAlready"]
    assert len(world.letters()) == 1


@pytest.mark.parametrize(
    ("channel", "text"), [("web", "Chào anh"), ("telegram", "Cán bộ: Chào anh"), ("zalo", "Cán bộ: Chào anh")]
)
async def test_a_clerk_s_words_are_known_as_such_on_every_channel(world: World, channel: str, text: str) -> None:
    """The web page marks them itself; a messenger shows one name for machine and clerk."""
    world.channel = channel
    ticket = await world.is_taken()
    await world.desk.talks.write(ticket, LAN, "Chào anh", "m1")

    assert world.letters()[-1] == (text, "handed_over")


async def test_words_with_braces_arrive_as_they_were_written(world: World) -> None:
    """A clerk who writes {ví dụ} must not break anything."""
    world.channel = "zalo"
    ticket = await world.is_taken()
    await world.desk.talks.write(ticket, LAN, "điền {họ tên} vào", "m1")

    assert world.letters()[-1][0] == "Cán bộ: điền {họ tên} vào"


async def test_what_a_clerk_writes_is_kept_masked_too(world: World) -> None:
    """Clerks repeat numbers; the citizen gets the number, the archive does not."""
    ticket = await world.is_taken()
    await world.desk.talks.write(ticket, LAN, "Anh gọi 0233 3852 456 nhé", "m1")

    assert world.letters()[-1][0] == "Anh gọi 0233 3852 456 nhé"
    assert world.lines()[-1] == "officer: Anh gọi ••• nhé"


async def test_nobody_writes_into_another_s_talk(world: World) -> None:
    """Two voices confuse."""
    ticket = await world.is_taken(LAN)
    with pytest.raises(NotYours):
        await world.desk.talks.write(ticket, HOA, "Chào anh", "m1")
    with pytest.raises(NotYours):
        await world.desk.talks.end(ticket, HOA, Ended.SETTLED)


async def test_forwarding_keeps_the_history_and_the_machine_helps_meanwhile(world: World) -> None:
    """Nobody has to tell their story twice."""
    ticket = await world.is_taken(LAN)
    await world.desk.talks.forward(ticket, LAN, "Đất đai", HOA)
    result = await world.says("lệ phí khai sinh")

    assert "không phải kể lại" in world.letters()[-1][0]
    assert world.ticket.wanted_name == "Cô Hoa" and world.ticket.field == "Đất đai"
    assert result.replies[0].text == "Máy: lệ phí khai sinh"
    assert "desk: Cô Lan chuyển cho Cô Hoa." in world.lines()


@pytest.mark.parametrize(("how", "words"), [(Ended.MACHINE, "Từ đây tôi (máy"), (Ended.SETTLED, "đã trả lời xong")])
async def test_after_the_end_the_machine_answers_again(world: World, how: Ended, words: str) -> None:
    """And the page learns that no officer is there any more."""
    ticket = await world.is_taken()
    await world.desk.talks.end(ticket, LAN, how)
    result = await world.says("lệ phí khai sinh")

    text, outcome = world.letters()[-1]
    assert words in text and outcome == "small_talk"
    assert [reply.text for reply in result.replies] == ["Máy: lệ phí khai sinh"]


async def test_an_unanswered_talk_can_be_taken_from_a_colleague(world: World) -> None:
    """Who went to lunch must not leave a citizen alone; an answered one stays where it is."""
    ticket = await world.is_taken(LAN)
    with pytest.raises(TakenAlready):
        await world.desk.talks.take(ticket, HOA)  # pressed at the same moment: that is no taking away
    await world.desk.talks.take(ticket, HOA, held_by=LAN.account_id)
    assert world.ticket.officer_name == "Cô Hoa"

    world.clock.later(seconds=1)
    await world.desk.talks.write(world.ticket, HOA, "Tôi đây", "m1")
    with pytest.raises(TakenAlready):
        await world.desk.talks.take(world.ticket, LAN, held_by=HOA.account_id)


async def test_a_citizen_who_left_cannot_be_written_to(world: World) -> None:
    """The clerk's page is told."""
    ticket = await world.is_taken()
    await world.says("thôi không cần gặp cán bộ nữa", Outcome.SMALL_TALK)
    with pytest.raises(NotYours):
        await world.desk.talks.write(ticket, LAN, "Còn đó không", "m1")


async def test_the_clerks_pages_hear_of_everything_and_of_no_words(world: World) -> None:
    """What travels to every open page must not be what somebody told one clerk."""
    ticket = await world.is_taken()
    await world.says("bí mật")
    await world.desk.talks.write(ticket, LAN, "Chào anh", "m1")
    events = await world.desk.bell.hub.after(TOPIC, 0)

    assert [event.data["what"] for event in events] == ["new", "change", "line", "line"]
    assert all(set(event.data) == {"what", "ticket"} for event in events)


async def test_a_new_process_finds_the_talk_where_it_was(world: World) -> None:
    """An update of the program in the middle of a talk."""
    from tests.channels.desk.conftest import make_world

    await world.is_taken(LAN)
    again = make_world(world.engine)

    assert again.ticket.state is State.TAKEN
    assert (await again.says("còn ai không")).replies == []
    await again.desk.talks.write(again.ticket, Holder(1, "lan", "Cô Lan"), "Còn đây", "m2")


def test_silence_is_no_message_on_the_messengers() -> None:
    """While a clerk has the conversation a turn says nothing; no empty bubble, no thumbs."""
    silence = TurnResult(replies=[], outcome=Outcome.HANDED_OVER)

    assert Composer().answer(silence) == []
    assert render(silence.replies, lambda payload: payload) == []


def test_the_way_out_fits_behind_a_button_of_every_messenger() -> None:
    """A payload that the dialogue does not know, but the desk does."""
    assert decode(encode("/leave_desk")) == "/leave_desk"
