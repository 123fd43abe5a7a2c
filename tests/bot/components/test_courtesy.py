"""Thanks before another question."""

from __future__ import annotations

import pytest

from bot.components.courtesy import without_courtesy


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("cảm ơn, thế còn giấy bán lẻ xăng dầu cấp lần đầu", "thế còn giấy bán lẻ xăng dầu cấp lần đầu"),
        ("dạ cảm ơn chị nhiều, cho em hỏi làm hộ chiếu", "cho em hỏi làm hộ chiếu"),
        ("cam on em vay con giay khai tu", "vay con giay khai tu"),
    ],
)
def test_what_is_asked_behind_the_thanks_counts(said: str, asked: str):
    assert without_courtesy(said) == asked


@pytest.mark.parametrize(
    "said", ["cảm ơn em nhiều lắm", "cảm ơn, thế nhé", "cảm ơn bạn đã giúp tôi", "lệ phí bao nhiêu", ""]
)
def test_mere_thanks_stay_whole(said: str):
    """ "thế nhé" is no question."""
    assert without_courtesy(said) == said
