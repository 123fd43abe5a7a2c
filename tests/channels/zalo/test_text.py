"""Texts fit for Zalo: no marks, at most 2,000 letters, cut where it hurts least."""

from __future__ import annotations

import unicodedata

import pytest

from channels.zalo.text import letters, plain, split


@pytest.mark.parametrize(
    "written, read",
    [
        ("**Lệ phí:** 8.000 đồng", "Lệ phí: 8.000 đồng"),
        ("Thủ tục **Đăng ký khai sinh**, nộp ở xã", "Thủ tục Đăng ký khai sinh, nộp ở xã"),
        ("• **Tờ khai** (bản chính)\n• **Ảnh**", "• Tờ khai (bản chính)\n• Ảnh"),
        ("Chủ hồ sơ: N*** V** A**", "Chủ hồ sơ: N*** V** A**"),
        ("2 ** 3 ** 4", "2 ** 3 ** 4"),
        ("một\n\n\n\nhai", "một\n\nhai"),
    ],
)
def test_marks_for_bold_are_taken_out_and_names_stay_masked(written: str, read: str) -> None:
    """Zalo shows stars as stars."""
    assert plain(written) == read


def test_split_letters_are_put_together() -> None:
    """The same word in another spelling of Unicode would count three letters."""
    assert len(plain(unicodedata.normalize("NFD", "Lệ phí"))) == len("Lệ phí")


def test_a_short_text_stays_whole() -> None:
    """Nothing is gained by two messages."""
    assert split("Chào anh/chị.") == ["Chào anh/chị."]
    assert split("") == []


def test_paragraphs_come_before_lines_before_sentences_before_words() -> None:
    """Where a reader would stop by themselves."""
    assert split("một hai\n\nba bốn. năm", 16) == ["một hai", "ba bốn. năm"]
    assert split("một hai\nba bốn. năm", 16) == ["một hai", "ba bốn. năm"]
    assert split("một hai. ba bốn năm", 16) == ["một hai.", "ba bốn năm"]
    assert split("một hai ba bốn năm", 16) == ["một hai ba bốn", "năm"]
    assert split("a" * 20, 16) == ["a" * 16, "a" * 4]


def test_no_piece_is_too_long_and_nothing_is_lost() -> None:
    """Also with emoji, which count twice."""
    text = "\n".join(f"{number}. Giấy tờ thứ {number} 👍, bản chính." for number in range(400))
    pieces = split(text)

    assert all(letters(piece) <= 2000 for piece in pieces)
    assert "\n".join(pieces) == text
    assert len(pieces) <= 8


def test_nothing_but_emoji_is_cut_too() -> None:
    """Letters beyond the first plane must not make the loop endless."""
    assert all(letters(piece) <= 2000 for piece in split("👍" * 3000))
