"""Danger at the desk: the citizen hears whom to call, at once, and no clerk overlooks it."""

from __future__ import annotations

import pytest

from actions.turn import Outcome
from channels.desk.alarm import Alarm
from channels.desk.sentences import SAFETY
from channels.rasa_client import RasaClient
from channels.sentences import Sentences
from channels.store.events import EventStore
from channels.store.tickets import Reason, State
from tests.channels.desk.conftest import HOA, LAN, World
from tests.fakes.rasa import FakeRasa, Mood, running_rasa

FIRE = "cháy nhà rồi"
NUMBERS, FRAUD = (Sentences(SAFETY).say(name) for name in ("utter_emergency", "utter_scam_or_secret"))


async def rings(world: World) -> list[str]:
    """Return what the clerks' pages heard, in order."""
    return [event.data["what"] for event in await EventStore(world.engine).after("staff:desk", 0)]


async def test_in_danger_the_machine_speaks_also_while_a_clerk_is_there(world: World) -> None:
    """The clerk may be at lunch; the words go to them all the same."""
    world.cries = frozenset({FIRE})
    await world.is_taken()
    world.clock.later(seconds=1)
    result = await world.says(FIRE)

    assert [reply.text for reply in result.replies] == [NUMBERS] and "114" in NUMBERS
    assert result.outcome is Outcome.HANDED_OVER and world.heard_by_machine == []
    assert world.lines()[-2:] == [f"citizen: {FIRE}", f"machine: {NUMBERS}"]
    assert world.ticket.is_urgent and world.ticket.is_unread and world.ticket.state is State.TAKEN
    assert (await rings(world))[-1] == "danger"


async def test_any_other_word_is_met_with_silence(world: World) -> None:
    """Each is looked at, none is answered; buttons are not even looked at."""
    world.cries = frozenset({FIRE})
    await world.is_taken()
    result = await world.says("nhà em bị cháy năm ngoái nên mất sổ đỏ")
    await world.says("/affirm", payload=True)

    assert result.replies == [] and not world.ticket.is_urgent
    assert world.looked_at == ["nhà em bị cháy năm ngoái nên mất sổ đỏ"]
    assert (await rings(world))[-1] == "line"


@pytest.mark.parametrize("sentence", [NUMBERS, FRAUD])
async def test_whoever_waits_hears_the_words_of_safety(world: World, sentence: str) -> None:
    """They end a turn as out of scope, of which otherwise only "noted for the clerk" is left."""
    await world.asks_for_a_person()
    result = await world.says(FIRE, Outcome.OUT_OF_SCOPE, answer=sentence)

    assert result.replies[0].text == sentence and "ghi lại để cán bộ đọc" in result.replies[1].text
    assert world.ticket.is_urgent is (sentence == NUMBERS)
    assert world.looked_at == []  # the dialogue has answered: nobody asks it twice


async def test_without_a_clerk_nothing_is_asked_or_marked(world: World) -> None:
    """The dialogue knows by itself what to say."""
    result = await world.says(FIRE, Outcome.OUT_OF_SCOPE, answer=NUMBERS)

    assert [reply.text for reply in result.replies] == [NUMBERS]
    assert world.looked_at == [] and world.desk.tickets.of(world.conversation) is None


async def test_it_is_urgent_until_a_clerk_writes_and_then_when_the_citizen_does_again(world: World) -> None:
    """Where danger was spoken of, no word of the citizen is left lying."""
    world.cries = frozenset({FIRE})
    ticket = await world.is_taken()
    world.clock.later(seconds=1)
    await world.says(FIRE)
    world.clock.later(seconds=1)
    await world.desk.talks.write(ticket, LAN, "Chị gọi 114 chưa?", "m1")
    assert not world.ticket.is_urgent and world.ticket.reason is Reason.DANGER

    world.clock.later(seconds=1)
    await world.says("em gọi rồi")
    assert world.ticket.is_urgent
    await world.desk.talks.take(world.ticket, HOA, LAN.account_id)
    assert world.ticket.officer_id == HOA.account_id


@pytest.mark.parametrize(("intent", "cries"), [("emergency", True), ("life_event", False), ("nlu_fallback", False)])
async def test_the_dialogue_s_understanding_decides(intent: str, cries: bool) -> None:
    """The machine speaks where it would have spoken alone; the conversation of the dialogue hears nothing."""
    rasa = FakeRasa(intent=lambda text: intent)
    with running_rasa(rasa) as url:
        async with RasaClient(url, timeout_s=2.0) as client:
            assert await Alarm(client).is_emergency(FIRE) is cries
    assert rasa.heard == []


@pytest.mark.parametrize("mood", [Mood.ERROR, Mood.GARBAGE, Mood.WRONG_TYPE])
async def test_without_the_dialogue_the_talk_with_the_clerk_goes_on(mood: Mood) -> None:
    """The clerk has the words; a fault of the machine is no reason to lose them."""
    with running_rasa(FakeRasa(mood=mood)) as url:
        async with RasaClient(url, timeout_s=2.0) as client:
            assert not await Alarm(client).is_emergency(FIRE)
