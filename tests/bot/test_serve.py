"""The dialogue server's doors: what it accepts, what it refuses, how it starts and stops."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

from bot.remote_actions import SECRET_HEADER
from bot.serve import MAX_BODY, MAX_TEXT
from tests.bot.fake_app import SECRET
from tests.bot.running import Client

WEBHOOK = "/webhooks/rest/webhook"


def launch(tmp_path: Path, **settings: str) -> subprocess.Popen[str]:
    """Start the server as its own process."""
    environment = {**os.environ, "MOT_CUA_RASA_DB_URL": str(tmp_path / "serve.db"), **settings}
    return subprocess.Popen(
        [sys.executable, "-m", "bot.serve"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_ready_when_the_model_is_loaded(client: Client):
    """The launcher waits for this answer before it tells anyone the address."""
    status, body = client.request("GET", "/status")

    assert status == 200
    assert body["status"] == "ready"


def test_text_and_outcome_come_in_one_message(client: Client):
    """The gateway reads the outcome from the message that carries the text."""
    (reply,) = client.say("cảm ơn")

    assert reply["text"]
    assert reply["custom"] == {"turn": {"outcome": "small_talk"}}


def test_a_long_story_is_cut_not_refused(client: Client):
    """A very long text would keep everyone else waiting."""
    client.say("lệ phí làm hộ chiếu bao nhiêu tiền ạ " * 100, sender="long")

    assert len(client.app.last("action_answer")["tracker"]["latest_message"]["text"]) == MAX_TEXT


def test_a_huge_body_is_refused(client: Client):
    """One megabyte of text once blocked a server for 25 seconds."""
    status, _ = client.request("POST", WEBHOOK, {"sender": "a", "message": "a" * (MAX_BODY + 1)})

    assert status == 413


def test_what_is_no_message_is_refused(client: Client):
    """A caller's mistake gets a 4xx, never a silent 200."""
    assert client.request("POST", WEBHOOK, b"not json")[0] == 400
    assert client.request("POST", WEBHOOK, {"message": "a"})[0] == 400
    assert client.request("POST", WEBHOOK, {"sender": "a", "message": "  "})[0] == 422
    assert client.request("POST", WEBHOOK, {"sender": 7, "message": "a"})[0] == 422
    assert client.request("POST", WEBHOOK, {"sender": "a", "message": "a", "metadata": "x"})[0] == 422


def test_a_text_is_understood_without_a_conversation(client: Client):
    """The gateway asks while a clerk speaks with the citizen: the dialogue must not go on meanwhile."""
    assert client.request("POST", "/intent", {"text": "cháy nhà rồi"}) == (200, {"intent": "emergency"})
    assert client.request("POST", "/intent", {"text": "em gửi giấy rồi ạ"})[1]["intent"] != "emergency"
    assert client.request("POST", "/intent", b"not json")[0] == 400
    assert client.request("POST", "/intent", {"text": "  "})[0] == 422


def test_nothing_of_rasas_own_interface_is_there(client: Client):
    """A model is executable input: nobody may put another one here, or read conversations."""
    assert client.request("PUT", "/model", {"model_file": "x"})[0] == 404
    assert client.request("GET", "/conversations/citizen/tracker")[0] == 404
    assert client.request("GET", "/conversations/citizen")[0] == 405
    assert client.request("POST", "/model/parse", {"text": "a"})[0] == 404


def test_a_conversation_is_deleted_with_the_secret_only(client: Client):
    """ "Xoá dữ liệu của tôi" must work, and must not work for strangers."""
    client.say("tra cứu hồ sơ", sender="leaving")

    assert client.request("DELETE", "/conversations/leaving")[0] == 403
    assert client.request("DELETE", "/conversations/leaving", headers={SECRET_HEADER: "guess"})[0] == 403
    status, body = client.request("DELETE", "/conversations/leaving", headers={SECRET_HEADER: SECRET})
    assert (status, body["deleted_events"] > 5) == (200, True)
    assert client.request("DELETE", "/conversations/leaving", headers={SECRET_HEADER: SECRET})[1] == {
        "deleted_events": 0
    }


def test_a_public_host_is_refused(tmp_path: Path):
    """Whoever reaches the webhook speaks as anybody."""
    process = launch(tmp_path, MOT_CUA_RASA_HOST="0.0.0.0")

    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "loopback" in errors


def test_a_socket_that_others_can_enter_is_refused(model: Path, tmp_path: Path):
    """A socket in an open folder is as public as an open port."""
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    process = launch(tmp_path, MOT_CUA_RASA_HOST=f"unix:{folder}/rasa.sock", MOT_CUA_RASA_MODEL=str(model))

    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "chmod 700" in errors


def test_sigterm_stops_quickly_and_quietly(model: Path, tmp_path: Path):
    """A restart by the service manager must not take the night, and the log must not drown the operator."""
    socket = tmp_path / "private" / "rasa.sock"
    process = launch(tmp_path, MOT_CUA_RASA_HOST=f"unix:{socket}", MOT_CUA_RASA_MODEL=str(model))
    assert process.stdout is not None
    assert "ready" in process.stdout.readline()
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700

    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert output == "" and errors == ""
