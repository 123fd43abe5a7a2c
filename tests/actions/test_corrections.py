"""What a correction puts in the place of the rest."""

from __future__ import annotations

import pytest

from actions.corrections import what_is_meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("không phải cổ phần, ý tôi là TNHH", "TNHH"),
        ("khong phai, y toi la xin gia han nop thue", "xin gia han nop thue"),
        ("không phải bán mà là tặng cho con", "tặng cho con"),
        ("à ý em muốn hỏi là thẻ bảo hiểm", "thẻ bảo hiểm"),
    ],
)
def test_the_second_half_is_what_is_meant(said: str, meant: str) -> None:
    assert what_is_meant(said) == meant


@pytest.mark.parametrize("said", ["lệ phí bao nhiêu?", "ý tôi là", "không phải mất, bị rách thôi", "ý kiến chủ hộ", ""])
def test_other_words_stay_as_they_are(said: str) -> None:
    """Half a correction corrects nothing."""
    assert what_is_meant(said) == said
