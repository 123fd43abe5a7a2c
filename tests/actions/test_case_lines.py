"""What is shown of a procedure for a circumstance that somebody tells."""

from __future__ import annotations

import pytest

from actions.case_lines import MOST_LINES, LineFinder
from knowledge.model import Paper
from tests.actions.builders import make_procedure

LEASE = Paper("Hợp đồng thuê nhà", case="khi ở nhà thuê")
CUSTODY = Paper("Văn bản đồng ý của cha mẹ", case="người chưa thành niên")
ABROAD = "Người ở nước ngoài ký tại cơ quan đại diện Việt Nam"
PROCEDURE = make_procedure(documents=(LEASE, CUSTODY, Paper("Tờ khai")), conditions=(ABROAD,))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("cần hợp đồng thuê nhà không", "Hợp đồng thuê nhà"),
        ("co can hop dong thue nha khong", "Hợp đồng thuê nhà"),
        ("con tôi là người chưa thành niên thì sao", "Văn bản đồng ý"),
        ("chồng em đang ở nước ngoài", "Người ở nước ngoài"),
    ],
)
def test_the_line_with_the_words_is_found(text: str, line: str) -> None:
    [found] = LineFinder().about(PROCEDURE, text)
    assert found.startswith(line)


@pytest.mark.parametrize("text", ["ông nằm liệt giường", "khai sinh thì sao", "nhà xa lắm", ""])
def test_nothing_is_better_than_anything(text: str) -> None:
    """The title's own words, and words of no paper and no condition, tell nothing."""
    assert LineFinder().about(PROCEDURE, text) == ()


def test_a_long_list_is_cut() -> None:
    many = tuple(Paper(f"Giấy xác nhận thường trú {number}") for number in range(9))
    assert len(LineFinder().about(make_procedure(documents=many), "giấy xác nhận thường trú")) == MOST_LINES
