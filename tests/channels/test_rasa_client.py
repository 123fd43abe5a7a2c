"""The client of the dialogue server: every fault is one class."""

from __future__ import annotations

from pathlib import Path

import pytest
import uvicorn

from channels.errors import DialogueUnavailable
from channels.rasa_client import RasaClient
from tests.fakes.rasa import FakeRasa, Mood, say

SENDER = "0" * 32


async def test_utterances_come_with_buttons_and_turn(client: RasaClient, rasa: FakeRasa) -> None:
    """All that a channel needs."""
    rasa.answer = lambda text: [say("a", None), say("b", "answered") | {"buttons": [{"title": "t", "payload": "/p"}]}]
    first, second = await client.send(SENDER, "chào", "web")

    assert (first.text, first.custom) == ("a", {})
    assert second.custom["turn"]["outcome"] == "answered" and second.buttons[0]["payload"] == "/p"


@pytest.mark.parametrize("mood", [Mood.SILENT, Mood.ERROR, Mood.GARBAGE, Mood.WRONG_TYPE])
async def test_every_fault_is_told_as_one(client: RasaClient, rasa: FakeRasa, mood: Mood) -> None:
    """An empty list is what rasa sends after an exception."""
    rasa.mood = mood
    with pytest.raises(DialogueUnavailable):
        await client.send(SENDER, "chào", "web")


async def test_a_text_is_understood_without_a_conversation(client: RasaClient, rasa: FakeRasa) -> None:
    """Somebody else speaks with the citizen at the moment."""
    rasa.intent = lambda text: "emergency"

    assert await client.intent("cháy nhà rồi", 1.0) == "emergency" and rasa.heard == []


@pytest.mark.parametrize("mood", [Mood.SILENT, Mood.ERROR, Mood.GARBAGE, Mood.WRONG_TYPE])
async def test_a_text_that_is_not_understood_is_told_as_one(client: RasaClient, rasa: FakeRasa, mood: Mood) -> None:
    """As with utterances."""
    rasa.mood = mood
    with pytest.raises(DialogueUnavailable):
        await client.intent("cháy nhà rồi", 1.0)


async def test_nobody_there_is_told_as_one() -> None:
    """Rasa may be starting."""
    async with RasaClient("http://127.0.0.1:9", timeout_s=1.0) as client:
        with pytest.raises(DialogueUnavailable):
            await client.send(SENDER, "chào", "web")
        assert not await client.is_ready()


async def test_a_missing_socket_is_told_as_one(tmp_path: Path) -> None:
    """The default address is a file."""
    async with RasaClient(f"unix:{tmp_path / 'none.sock'}", timeout_s=1.0) as client:
        with pytest.raises(DialogueUnavailable):
            await client.forget(SENDER)
        assert not await client.is_ready()


async def test_it_talks_over_a_unix_socket(tmp_path: Path, rasa: FakeRasa) -> None:
    """No port is open for the dialogue at all."""
    path = tmp_path / "r.sock"
    config = uvicorn.Config(rasa.app(), uds=str(path), log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined, unused-ignore]
    import asyncio

    serving = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.01)
    async with RasaClient(f"unix:{path}", timeout_s=2.0) as client:
        assert (await client.send(SENDER, "chào", "web"))[0].text == "« chào »"
        assert await client.is_ready()
    server.should_exit = True
    await serving


async def test_ready_only_when_it_says_so(client: RasaClient, rasa: FakeRasa) -> None:
    """/healthz repeats this."""
    assert await client.is_ready()
    rasa.mood = Mood.ERROR
    assert not await client.is_ready()


async def test_forgetting_needs_the_secret(client: RasaClient, rasa: FakeRasa) -> None:
    """Not every process of the machine may delete conversations."""
    await client.forget(SENDER)
    assert rasa.forgotten == [SENDER]

    rasa.secret = "another"
    with pytest.raises(DialogueUnavailable):
        await client.forget(SENDER)
