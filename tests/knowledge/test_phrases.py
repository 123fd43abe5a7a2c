"""Phrases found by syllables, with and without diacritics."""

from __future__ import annotations

from knowledge.phrases import PhraseBook

BOOK = PhraseBook({"time": ["bao lâu", "mất bao lâu"], "fee": ["phí"], "": ["học phí"]})


def labels(text: str) -> list[str]:
    return [match.label for match in BOOK.find(text)]


def test_the_longest_phrase_claims_its_words() -> None:
    """ "mất bao lâu" is one question, not two."""
    (match,) = BOOK.find("mất bao lâu vậy")

    assert (match.start, match.end, match.length) == (0, 11, 3)


def test_missing_diacritics_hide_nothing() -> None:
    """Four in ten citizens type without them."""
    assert labels("mat bao lau, phi?") == ["time", "fee"]


def test_typed_diacritics_must_agree() -> None:
    """ "bão lầu" is no question about time, and the right tone typed in the old or new place is the same."""
    assert labels("bão lầu") == []


def test_one_bare_syllable_is_not_enough_among_marked_ones() -> None:
    """ "phi" in a message with diacritics is the word phi, not a forgotten phí."""
    assert labels("đất phi nông nghiệp") == []


def test_a_shield_gives_nothing() -> None:
    """School fees are no fee of a procedure."""
    assert labels("miễn học phí") == []
