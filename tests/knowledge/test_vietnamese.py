"""Text in its comparable forms: what a person types and what a title says must meet."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest

from knowledge.vietnamese import classic_tones, fold, folded_syllables, has_diacritics, nfc, syllables


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC"])
def test_every_unicode_form_of_a_text_is_one_text(form: Literal["NFC", "NFD", "NFKC"]) -> None:
    """Phones send decomposed letters, the catalogue holds composed ones."""
    assert nfc(unicodedata.normalize(form, "giấy chứng nhận")) == "giấy chứng nhận"


@pytest.mark.parametrize(
    ("typed", "classic"),
    [("hoà", "hòa"), ("thuý", "thúy"), ("hoạ", "họa"), ("quý", "quý"), ("hoặc", "hoặc"), ("toán", "toán")],
)
def test_both_places_of_a_tone_are_one_word(typed: str, classic: str) -> None:
    """Old and new school spelling differ; searches must not."""
    assert classic_tones(typed) == classic


def test_folding_takes_every_mark_and_leaves_punctuation() -> None:
    """đ is a letter of its own and no combining mark: it needs its own step."""
    assert fold("Đăng ký ĐỔI tên, được không?") == "dang ky doi ten, duoc khong?"


def test_invisible_letters_and_odd_dashes_do_not_split_words() -> None:
    """Copied text carries zero-width spaces and typographic dashes."""
    assert syllables("khai\u200bsinh") == ["khaisinh"]
    assert nfc("H50－261108–0975") == "H50-261108-0975"


def test_syllables_keep_marks_and_folded_ones_do_not() -> None:
    """One is for reading, one for counting."""
    assert syllables("Sổ đỏ, 2 bản") == ["sổ", "đỏ", "2", "bản"]
    assert folded_syllables("Sổ đỏ, 2 bản") == ["so", "do", "2", "ban"]


@pytest.mark.parametrize(("text", "marked"), [("sổ đỏ", True), ("so do", False), ("đ", True), ("", False)])
def test_a_text_tells_whether_it_carries_marks(text: str, marked: bool) -> None:
    """The encoder is given restored text only where marks were left out."""
    assert has_diacritics(text) is marked
