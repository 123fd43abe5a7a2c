"""A part of the running system dies in the middle: the citizen is told, and the talk goes on afterwards."""

from __future__ import annotations

import os
import signal
import time
import uuid

import httpx
import pytest

from tests.journeys.system import System, is_alive

BACK_WITHIN_S = 60.0
#: A person who presses again no faster than this stays below the limit of messages a minute.
AGAIN_AFTER_S = 2.5


def text_of(response: httpx.Response) -> str:
    return "\n".join(reply["text"] for reply in response.json()["replies"])


def until_answered(system: System, conversation: str, text: str) -> httpx.Response:
    """Send a message again and again until it is answered; every excuse on the way is a polite one."""
    end = time.monotonic() + BACK_WITHIN_S
    while time.monotonic() < end:
        try:
            response = system.say(conversation, {"text": text})
        except httpx.TransportError:
            time.sleep(AGAIN_AFTER_S)
            continue
        assert response.status_code == 200
        if response.json()["outcome"] != "failed":
            return response
        assert "trục trặc" in text_of(response)
        time.sleep(AGAIN_AFTER_S)
    pytest.fail(f"not back within {BACK_WITHIN_S:g} s:\n{system.told()}")


@pytest.mark.parametrize("module", ["bot.serve", "channels.serve"])
def test_a_killed_part_comes_back_and_the_talk_goes_on(system: System, module: str) -> None:
    """kill -9 in the middle of a status check: told honestly, restarted, nothing lost."""
    conversation = f"restart-{uuid.uuid4().hex[:12]}"
    system.say(conversation, {"text": "đăng ký tạm trú cần giấy tờ gì"})
    system.say(conversation, {"text": "H50.05-261102-0001"})
    killed = system.children()[module]
    os.kill(killed, signal.SIGKILL)

    response = until_answered(system, conversation, "1234")
    system.wait_until_ready()

    assert response.json()["outcome"] == "status_shown", text_of(response)
    assert system.children()[module] != killed and not is_alive(killed)
    after = system.say(conversation, {"text": "lệ phí?"})
    assert after.json()["procedure_code"] == "1.004194"


def test_health_tells_the_truth_about_a_hanging_dialogue_server(system: System) -> None:
    """While it does not answer /healthz says so, and the pages still come."""
    dialogue_server = system.children()["bot.serve"]
    os.kill(dialogue_server, signal.SIGSTOP)
    try:
        end = time.monotonic() + 20
        while (told := system.http.get("/healthz")).status_code != 503 and time.monotonic() < end:
            time.sleep(0.2)
    finally:
        os.kill(dialogue_server, signal.SIGCONT)

    assert told.status_code == 503
    assert told.json()["parts"]["rasa"]["ok"] is False and told.json()["parts"]["app"]["ok"] is True
    assert system.http.get("/").status_code == 200
    assert system.wait_until_ready()["parts"]["index"]["procedures"] > 1000


def test_a_repeated_message_over_a_restart_is_no_second_turn(system: System) -> None:
    """The reply is kept in the database, not in memory."""
    conversation, message = f"repeat-{uuid.uuid4().hex[:12]}", uuid.uuid4().hex
    first = system.say(conversation, {"text": "đăng ký tạm trú"}, message)
    os.kill(system.children()["channels.serve"], signal.SIGKILL)
    until_answered(system, f"other-{uuid.uuid4().hex[:12]}", "xin chào")
    again = system.say(conversation, {"text": "đăng ký tạm trú"}, message)

    assert again.json() == first.json()


def test_digits_and_numbers_are_nowhere_on_disk(system: System) -> None:
    """Neither the tracker store nor the app's database nor what was printed holds them."""
    assert system.var_dir is not None
    conversation = f"secret-{uuid.uuid4().hex[:12]}"
    for text in ("H50.07-261110-0206", "căn cước của tôi 000045700007", "số tôi là 0977 123 987 nhé"):
        assert system.say(conversation, {"text": text}).status_code == 200
    files = [path for path in system.var_dir.rglob("*") if path.is_file() and "index" not in path.parts]
    kept = {path.name: path.read_bytes() for path in files}

    assert any(name.startswith("conversations.db") for name in kept) and any(n.startswith("app.db") for n in kept)
    for secret in (b"000045700007", b"45700007", b"0977 123 987", b"0977123987", conversation.encode()):
        assert [name for name, content in kept.items() if secret in content] == []
