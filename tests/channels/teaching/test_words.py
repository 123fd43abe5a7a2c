"""What must not stay in words that the assistant learns for everybody."""

from __future__ import annotations

import pytest

from channels.teaching.words import MOST_LETTERS, look_over


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "vài chữ"),
        ("12 ???", "vài chữ"),
        ("căn cước của tôi •••", "bị che"),
        ("tôi muốn " * 20, f"nhiều nhất {MOST_LETTERS}"),
    ],
)
def test_a_fault_must_be_mended(written: str, said: str) -> None:
    """It cannot be waved through."""
    assert any(said in fault for fault in look_over(written).faults)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("tôi là Nguyễn Thị Bưởi muốn tách thửa", "tên người"),
        ("tách thửa 300 mét vuông", "chữ số"),
        ("nhà em có hai anh em ruột bố mất rồi giờ em muốn đứng tên cái nhà của bố thì sao", "chuyện riêng"),
    ],
)
def test_a_doubt_is_told_but_may_be_waved_through(written: str, said: str) -> None:
    """Forms have numbers, and some names are those of papers: a person decides."""
    looked = look_over(written)

    assert looked.faults == () and any(said in warning for warning in looked.warnings)


def test_blanks_and_marks_at_the_ends_go() -> None:
    """The rest stays as it is written: dialect and all."""
    looked = look_over("  mần  thẻ mượn sách\nở mô? ")

    assert (looked.words, looked.faults, looked.warnings) == ("mần thẻ mượn sách ở mô", (), ())
