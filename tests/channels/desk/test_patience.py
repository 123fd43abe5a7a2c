"""Nobody waits unseen: reminders, an apology that says where else to ask, and talks that end by themselves."""

from __future__ import annotations

from sqlalchemy import Engine

from channels.desk.queue import TOPIC
from channels.store.tickets import Ended, State
from channels.web.pages import PortalSettings
from tests.channels.desk.conftest import LAN, World, make_world


async def rung(world: World) -> list[str]:
    return [event.data["what"] for event in await world.desk.bell.hub.after(TOPIC, 0)]


async def test_the_clerks_are_reminded_once_then_the_citizen_is_told(world: World) -> None:
    """After 5 and after 20 minutes of working time."""
    await world.asks_for_a_person()
    for minutes in (4, 2, 1, 13, 1):
        world.clock.later(minutes=minutes)
        await world.desk.patience.look()

    assert (await rung(world)).count("late") == 1
    [(text, outcome)] = world.letters()
    assert "Xin lỗi" in text and "bộ phận một cửa" in text and "dichvucong.gov.vn" in text and outcome is None
    assert world.ticket.state is State.WAITING  # the message stays for the clerk


async def test_the_hotline_is_named_where_there_is_one(engine: Engine) -> None:
    """With who answers there; a number is never invented."""
    world = make_world(engine, PortalSettings(hotline="0000.000.000", hotline_source="số mẫu để thử"))
    await world.asks_for_a_person()
    world.clock.later(minutes=21)
    await world.desk.patience.look()

    assert "0000.000.000 (số mẫu để thử)" in world.letters()[0][0]


async def test_nobody_is_late_while_the_desk_is_closed(world: World) -> None:
    """A message left in the evening is due in the morning."""
    world.clock.later(hours=12)
    await world.asks_for_a_person()
    world.clock.later(hours=6)
    await world.desk.patience.look()
    assert await rung(world) == ["new"] and world.letters() == []

    world.clock.later(hours=6)
    await world.desk.patience.look()
    assert "late" in await rung(world)


async def test_a_clerk_who_forgets_to_answer_is_reminded_too(world: World) -> None:
    """Taken is not answered."""
    ticket = await world.is_taken()
    world.clock.later(minutes=1)
    await world.desk.talks.write(ticket, LAN, "Chào anh", "m1")
    world.clock.later(minutes=1)
    await world.says("thế rồi sao ạ")
    for _ in range(6):
        world.clock.later(minutes=1)
        await world.says("còn ai không")
        await world.desk.patience.look()

    assert (await rung(world)).count("late") == 1


async def test_a_complaint_is_apologised_for_once_not_again_for_waiting(world: World) -> None:
    """Nobody promised its author an answer here."""
    await world.desk.queue.complain(world.conversation, "thái độ")
    world.clock.later(minutes=30)
    await world.desk.patience.look()

    assert world.letters() == []
    assert "late" in await rung(world)


async def test_a_talk_in_which_nobody_writes_goes_back_to_the_machine(world: World) -> None:
    """A forgotten talk must not keep the machine silent for ever."""
    ticket = await world.is_taken()
    world.clock.later(minutes=1)
    await world.desk.talks.write(ticket, LAN, "Chào anh", "m1")
    world.clock.later(hours=25)
    await world.desk.patience.look()

    closed = world.desk.tickets.get(ticket.id)
    assert closed and closed.ended is Ended.QUIET
    assert world.letters()[-1][1] == "small_talk"
    assert (await world.says("lệ phí khai sinh")).replies[0].text == "Máy: lệ phí khai sinh"


async def test_whoever_wrote_last_and_got_no_answer_is_not_sent_away(world: World) -> None:
    """Only a citizen's silence ends a talk."""
    await world.is_taken()
    world.clock.later(hours=72)
    await world.desk.patience.look()

    assert world.ticket.state is State.TAKEN
