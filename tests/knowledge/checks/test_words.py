"""Words that must not stand in a data file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.checks.words import check_words
from knowledge.model import Paper
from tests.knowledge.builders import make_procedure
from tests.knowledge.checks.records import messages, run_check


@pytest.mark.parametrize(
    "text",
    [
        "Xác nhận của UBND cấp huyện",
        "Giấy của UBND huyện",
        "Giấy của Uỷ ban nhân dân quận",
        "Phòng Tư pháp huyện",
        "báo mất ở công an huyện",
        "đơn vị hành chính quận, huyện",
    ],
)
def test_abolished_districts_are_told_anywhere(text: str) -> None:
    """The level ended on 1 July 2025; no paper may send people there."""
    found = run_check(check_words, make_procedure(documents=(Paper(text),)))

    assert len(found) == 1
    assert "cấp huyện đã bỏ từ 01/7/2025" in messages(found)[0]


@pytest.mark.parametrize(
    "text", ["đất quận cũ", "xã của huyện Lệ Thủy cũ", "quần áo dân quân", "Tòa án nhân dân khu vực"]
)
def test_names_of_old_places_may_stay(text: str) -> None:
    """Citizens still say them."""
    assert run_check(check_words, make_procedure(documents=(Paper(text),))) == []


def test_a_phrase_over_a_lines_end_is_found_on_its_line() -> None:
    """The writer breaks long lines."""
    procedure = make_procedure(conditions=("x" * 104 + " nộp ở UBND huyện",))

    found = run_check(check_words, procedure)

    assert len(found) == 1


def test_each_place_is_told_once() -> None:
    """Three wrong aliases are three lines to mend."""
    procedure = make_procedure()
    procedure = replace(procedure, also_called=("công an huyện a", "công an huyện b", "công an huyện c"))

    lines = [finding.problem.line for finding in run_check(check_words, procedure)]

    assert lines == list(range(lines[0], lines[0] + 3))


def test_text_of_a_legacy_font_is_told() -> None:
    """It reads "Đăng ký" in one font only."""
    assert "bảng mã cũ" in messages(run_check(check_words, make_procedure(result="GiÊy ®¨ng ký")))[0]


def test_a_destroyed_letter_is_told() -> None:
    """U+FFFD is what a wrong decoder leaves."""
    assert "chữ bị hỏng" in messages(run_check(check_words, make_procedure(result="Th\ufffd diều")))[0]
