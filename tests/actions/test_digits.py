"""The vault that keeps identity digits out of everything else."""

from __future__ import annotations

import re

from actions.digits import LIFETIME_S, MAX_HELD, DigitVault


class Clock:
    """A clock set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_digits_are_given_back_once() -> None:
    """A token seen in a log must be worth nothing afterwards."""
    vault = DigitVault()
    token = vault.put("1234")

    assert re.fullmatch(r"pin_[0-9a-f]{12}", token)
    assert vault.take(token) == "1234"
    assert vault.take(token) is None


def test_two_tokens_never_mix() -> None:
    """Two citizens check at the same moment."""
    vault = DigitVault()
    first, second = vault.put("1111"), vault.put("2222")

    assert vault.take(second) == "2222"
    assert vault.take(first) == "1111"


def test_digits_are_forgotten_after_ten_minutes() -> None:
    """Who walks away leaves nothing behind."""
    clock = Clock()
    vault = DigitVault(clock)
    token = vault.put("1234")
    clock.now = LIFETIME_S

    assert vault.take(token) is None


def test_old_digits_leave_memory_without_being_asked_for() -> None:
    """Memory holds no digits longer than needed."""
    clock = Clock()
    vault = DigitVault(clock)
    vault.put("1234")
    clock.now = LIFETIME_S
    vault.put("5678")

    assert "1234" not in repr(vars(vault))


def test_a_flood_does_not_fill_the_memory() -> None:
    """The oldest digits go first."""
    vault = DigitVault()
    first = vault.put("0000")
    for _ in range(MAX_HELD):
        last = vault.put("1111")

    assert vault.take(first) is None
    assert vault.take(last) == "1111"


def test_an_unknown_token_gives_nothing() -> None:
    """A typed token is only a word."""
    assert DigitVault().take("pin_000000000000") is None
    assert DigitVault().take("") is None
