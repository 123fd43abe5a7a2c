"""Which kinds of question a message asks."""

from __future__ import annotations

from typing import Any

import pytest

from actions.kinds import BUTTON_TITLES, Kind, from_names, kinds_asked


def message(intent: str, *kinds: tuple[str, int]) -> dict[str, Any]:
    """Return a parsed message with kind entities at places in the text."""
    return {"intent": {"name": intent}, "entities": [{"entity": "kind", "value": v, "start": s} for v, s in kinds]}


def test_several_kinds_come_in_the_order_of_the_words() -> None:
    """ "giấy tờ gì, bao lâu, tốn bao nhiêu" is answered in that order."""
    asked = message("ask_fee", ("fee", 20), ("documents", 0), ("duration", 10))

    assert kinds_asked(asked) == (Kind.DOCUMENTS, Kind.DURATION, Kind.FEE)


def test_a_kind_said_twice_is_answered_once() -> None:
    """People repeat themselves."""
    assert kinds_asked(message("ask_fee", ("fee", 0), ("fee", 9))) == (Kind.FEE,)


@pytest.mark.parametrize("kind", BUTTON_TITLES)
def test_the_intent_tells_the_kind_when_no_phrase_does(kind: Kind) -> None:
    """Every kind with a button has its intent."""
    assert kinds_asked(message(f"ask_{kind.value}")) == (kind,)
    assert kind.intent == f"ask_{kind.value}"


def test_a_button_names_its_procedure() -> None:
    """An old button further up stays about the old answer; Telegram takes 64 bytes."""
    payloads = [kind.payload("1.001193") for kind in Kind]

    assert payloads[0] == '/ask_documents{"procedure_code": "1.001193"}'
    assert max(len(payload.encode()) for payload in payloads) <= 64


@pytest.mark.parametrize("intent", ["ask_procedure", "ask_status", "choose_procedure", "nlu_fallback", ""])
def test_other_intents_name_no_kind(intent: str) -> None:
    """A matter without a kind gets the overview."""
    assert kinds_asked(message(intent)) == ()


def test_a_kind_nobody_knows_is_left_out() -> None:
    """An old model with an old entity must not break a turn."""
    assert kinds_asked(message("ask_procedure", ("colour", 0))) == ()
    assert kinds_asked({}) == ()
    assert from_names(["fee", "colour"]) == (Kind.FEE,)
    assert from_names(None) == ()
