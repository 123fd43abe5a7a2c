"""Digits are compared without being kept; names are masked."""

from __future__ import annotations

import unicodedata

import pytest

from actions.one_stop.identity import DigitProof, mask_name

CODE = "H50.05-261120-0975"


def test_either_number_opens_its_own_application_only() -> None:
    """A proof is bound to one code: kept proofs of two applications cannot be compared."""
    proof = DigitProof()
    proofs = proof.of_numbers(CODE, "000010001234", "0000 21.5678")

    assert proof.matches(proofs, CODE, "1234")
    assert proof.matches(proofs, CODE, "5678")
    assert not proof.matches(proofs, CODE, "0001")
    assert not proof.matches(proofs, "H50.05-261120-0976", "1234")


def test_another_key_opens_nothing() -> None:
    """Whoever steals the store has nothing without the key."""
    assert not DigitProof().matches(DigitProof().of_numbers(CODE, "000010001234"), CODE, "1234")


@pytest.mark.parametrize("number", [None, "", "1234", "00000000", "000000000000", "không có"])
def test_fillers_are_no_numbers(number: str | None) -> None:
    """Clerks type 0000000000 when a phone is missing; 0000 must then not open the application."""
    assert DigitProof().of_numbers(CODE, number) == ()


@pytest.mark.parametrize("count", [0, 1, 2])
def test_wrong_digits_fail_for_any_number_of_proofs(count: int) -> None:
    """Nothing on file never means that everything fits."""
    proof = DigitProof()
    proofs = proof.of_numbers(CODE, *["000010001234", "0000215678"][:count])

    assert not proof.matches(proofs, CODE, "9999")


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Nguyễn Văn Anh", "N*** V** A**"),
        ("Công ty TNHH Ví Dụ", "C*** t** T*** V** D**"),
        ("Y  Ê", "Y** Ê**"),
        ("", ""),
    ],
)
def test_a_name_shows_its_first_letters_only(name: str, masked: str) -> None:
    """Enough for the owner to recognise, too little for a stranger."""
    assert mask_name(name) == masked


def test_a_name_in_decomposed_letters_is_masked_alike() -> None:
    """Some systems send letters and marks apart; a mark alone would tell more than the first letter."""
    assert mask_name(unicodedata.normalize("NFD", "Ý Ẩn Nguyễn")) == "Ý** Ẩ** N***"
