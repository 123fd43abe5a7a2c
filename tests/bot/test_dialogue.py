"""Conversations through the trained model, with a fake app behind real HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.validate import OUTCOMES
from tests.bot.running import Client, running

CASES = yaml.safe_load((Path(__file__).parent / "dialogue_cases.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_conversation(case: dict[str, Any], client: Client):
    """What a citizen meets, turn by turn."""
    for turn in case["turns"]:
        before = len(client.app.names())
        replies = client.say(turn["citizen"], sender=case["name"])
        texts = [reply["text"] for reply in replies]
        assert len(texts) == len(turn["says"]), texts
        for text, part in zip(texts, turn["says"], strict=True):
            assert part in text
        assert client.app.names()[before:] == turn["does"]
        assert replies[-1]["custom"]["turn"]["outcome"] in OUTCOMES
        for slot, value in turn.get("slots", {}).items():
            assert client.app.calls[-1]["tracker"]["slots"][slot] == value


INTENTS = [next(iter(intent)) for intent in yaml.safe_load(Path("bot/domain/domain.yml").read_text())["intents"]]


@pytest.mark.parametrize("intent", [*INTENTS, "nlu_fallback"])
@pytest.mark.parametrize("checking", [False, True], ids=["at any time", "during a status check"])
def test_every_intent_has_its_answer(intent: str, checking: bool, client: Client):
    """An intent without a rule would meet silence, or one action over and over."""
    sender = f"{intent} {checking}"
    if checking:
        client.say("tra cứu hồ sơ", sender=sender)
    before = len(client.app.names())
    replies = client.say(f"/{intent}", sender=sender)

    assert replies and replies[-1]["custom"]["turn"]["outcome"] in OUTCOMES
    assert "chưa hiểu" not in replies[0]["text"]
    assert len(client.app.names()) - before <= 2
    assert len(client.say("lệ phí?", sender=sender)) <= 2


def test_two_citizens_do_not_meet(client: Client):
    """One citizen's open question must not swallow another's message."""
    client.say("tra cứu hồ sơ", sender="first")

    assert client.say("lệ phí?", sender="second")[0]["text"] == "[action_answer]"


def test_restart_keeps_the_conversation(model: Path, tmp_path: Path):
    """A restart of the server in the middle of a status check goes unnoticed."""
    with running(model, tmp_path / "kept.db") as before:
        before.say("hồ sơ H50.05-261008-0975 tới đâu rồi")
    with running(model, tmp_path / "kept.db") as after:
        replies = after.say("pin_0123456789ab")

        assert replies[0]["text"] == "[action_show_status]"
        assert after.app.last("action_show_status")["tracker"]["slots"]["application_code"] == "H50.05-261008-0975"


def test_a_broken_app_gives_no_reply_and_no_hanging(model: Path, tmp_path: Path):
    """The gateway takes an empty answer as a fault; the next turn works again."""
    with running(model, tmp_path / "broken.db", timeout_s=0.5) as client:
        client.app.broken = True
        assert client.say("lệ phí?") == []
        client.app.broken = False
        assert client.say("lệ phí?")[0]["text"] == "[action_answer]"


def test_citizens_reach_only_known_actions(client: Client):
    """A typed payload with an invented intent must not break the turn."""
    assert client.say('/choose_procedure{"procedure_code": broken', sender="typist") is not None
    assert client.say("lệ phí?", sender="typist")[0]["text"] == "[action_answer]"
