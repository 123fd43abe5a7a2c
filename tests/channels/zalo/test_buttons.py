"""A pressed button comes back as our payload; a typed one is words."""

from __future__ import annotations

import pytest

from channels.zalo.buttons import ButtonSeal, looks_sealed

SEAL = ButtonSeal(b"key")
PAYLOAD = '/ask_fee{"procedure_code": "1.001193"}'


def test_a_payload_comes_back_to_whom_it_was_offered() -> None:
    """The whole way: out with the button, back as a text."""
    assert SEAL.open("anna", SEAL.seal("anna", PAYLOAD)) == PAYLOAD


def test_it_is_worth_nothing_to_another_person_or_under_another_key() -> None:
    """A forwarded button must not act in somebody else's conversation."""
    sealed = SEAL.seal("anna", PAYLOAD)

    assert SEAL.open("binh", sealed) is None
    assert ButtonSeal(b"another").open("anna", sealed) is None
    assert looks_sealed(sealed)


@pytest.mark.parametrize("typed", [PAYLOAD, "/restart", "mc.", "mc.L3Jlc3RhcnQ.0000000000000000", "mc.é.0", ""])
def test_typed_payloads_are_words(typed: str) -> None:
    """Nobody gets behind the dialogue by typing."""
    assert SEAL.open("anna", typed) is None


def test_the_longest_payload_fits_into_a_button() -> None:
    """Zalo's limit is a thousand letters."""
    assert len(SEAL.seal("anna", "/" + "a" * 511)) <= 1000
    assert SEAL.open("anna", SEAL.seal("anna", "/" + "a" * 511)) is not None
