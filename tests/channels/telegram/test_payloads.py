"""Payloads fit behind buttons and come back whole, whatever stands in them."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from actions.kinds import Kind
from channels.telegram.payloads import MAX_DATA_BYTES, NoButton, decode, encode, value_of

#: The longest application code in use, and longer than any procedure code.
APPLICATION = "000.00.16.H46-200715-00000001"
EVENTS = sorted(path.stem for path in (Path(__file__).parents[3] / "knowledge" / "life_events").glob("*.yml"))


def meaning(payload: str) -> tuple[str, object]:
    intent, _, values = payload.partition("{")
    return intent, json.loads("{" + values) if values else {}


@pytest.mark.parametrize(
    "payload",
    [
        *(kind.payload("1.001193") for kind in Kind),
        *(f'/life_event{{"life_event": "{event}"}}' for event in EVENTS),
        '/choose_procedure{"procedure_code": "1.001193"}',
        '/ask_status{"application_code": "another"}',
        f'/ask_status{{"application_code": "{APPLICATION}"}}',
        f'/follow_application{{"followed_code": "{APPLICATION}", "value": "yes-1"}}',
        f'/unfollow_application{{"followed_code": "{APPLICATION}"}}',
        '/feedback{"value":"up"}',
        "/cancel",
        "/none_of_these",
    ],
)
def test_every_payload_of_the_dialogue_fits_and_comes_back(payload: str) -> None:
    """Telegram takes 64 bytes; what does not fit is a choice the citizen never sees."""
    data = encode(payload)

    assert len(data.encode()) <= MAX_DATA_BYTES
    assert meaning(decode(data) or "") == meaning(payload)


def test_signs_of_our_own_inside_a_value_come_back() -> None:
    """A value may hold whatever it likes."""
    chance = random.Random(1)
    for _ in range(500):
        value = "".join(chance.choice("|=%7C3D25đễ \"'{}\n") for _ in range(chance.randrange(12)))
        payload = f"/x{json.dumps({'value': value}, ensure_ascii=False)}"
        try:
            data = encode(payload)
        except NoButton:
            continue
        assert meaning(decode(data) or "") == ("/x", {"value": value})


@pytest.mark.parametrize(
    "payload", ["khai sinh", "/X", '/x{"a": 1}', "/x{", '/x{"value": "' + "a" * 64 + '"}', "/x{[]}"]
)
def test_what_is_no_payload_or_too_long_makes_no_button(payload: str) -> None:
    """Better no button than one that Telegram refuses with the whole answer."""
    with pytest.raises(NoButton):
        encode(payload)


@pytest.mark.parametrize("data", ["", "<script>", "ask_fee|p", "/ask_fee", "a" * 65, "x|p=1=2", "đ", "ask fee", "x\n"])
def test_what_was_never_ours_leads_nowhere(data: str) -> None:
    """A stranger's program can press buttons that we never made."""
    assert decode(data) is None


def test_a_value_is_found_behind_its_intent_only() -> None:
    """The checklist's button is told from a question about the same procedure."""
    assert value_of("pdf|p=1.001193", "pdf", "procedure_code") == "1.001193"
    assert value_of("ask_fee|p=1.001193", "pdf", "procedure_code") is None
    assert value_of("rubbish!", "pdf", "procedure_code") is None
