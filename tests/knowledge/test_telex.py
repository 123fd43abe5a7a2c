"""Telex slips: the input method was off, the meaning was not."""

from __future__ import annotations

import pytest

from knowledge.telex import decode, undo_telex

KNOWN = {"giấy", "tờ", "đăng", "ký", "kết", "hôn", "khai", "sinh", "nước", "so", "do", "xe"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("giaays", "giấy"), ("tow", "tơ"), ("towf", "tờ"), ("ddawng", "đăng"), ("nuwowcs", "nước"), ("kys", "ký")],
)
def test_letters_become_what_telex_makes_of_them(typed: str, meant: str) -> None:
    """aa, aw, dd are letters, s f r x j are tones, and a tone stands where spelling has it."""
    assert decode(typed) == meant


def test_a_whole_slip_is_written_out() -> None:
    """A citizen does not type it again."""
    assert undo_telex("giaays towf ddawng kys", KNOWN.__contains__) == "giấy tờ đăng ký"


def test_what_is_a_word_as_it_stands_stays() -> None:
    """ "xe" is a car, "so" a number: nothing is read into them."""
    assert undo_telex("so do xe", KNOWN.__contains__) == "so do xe"


def test_what_would_become_no_word_stays() -> None:
    """Names and foreign words are left alone."""
    assert undo_telex("facebook windows", KNOWN.__contains__) == "facebook windows"
