"""The lists beside the catalogue: a slip in them is told, with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.checks.lists import check_elsewhere, check_outside, check_same_matter

KNOWN = {"1.000001", "1.000002"}


def told(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf8")
    return [problem.message for problem in check_same_matter(KNOWN, path)]


def test_a_right_entry_is_not_mentioned(tmp_path: Path) -> None:
    """Silence means it is in order."""
    assert told(tmp_path / "s.yml", '- {general: "1.000001", covers: ["1.000002"], why: cùng việc}') == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('- {general: "1.000001", covers: ["1.000009"], why: cùng việc}', '"1.000009" không có trong danh mục'),
        ('- {general: 1.000001, covers: ["1.000002"], why: cùng việc}', "thiếu dấu nháy"),
        ('- {general: "1.000001", why: cùng việc}', "mỗi mục cần general, covers và why"),
        ('- {general: "1.000001", covers: ["1.000001"], why: cùng việc}', "một mã ghi hai lần"),
        ("- {general: [", "không đọc được"),
    ],
)
def test_a_slip_is_told(tmp_path: Path, text: str, part: str) -> None:
    """A code without quotes is a number, and 1.010 is not 1.01."""
    (message, *_) = told(tmp_path / "s.yml", text)

    assert part in message


def test_an_empty_list_is_in_order(tmp_path: Path) -> None:
    """A province need not have any."""
    assert told(tmp_path / "s.yml", "") == []


def test_a_question_with_a_procedure_is_none_of_the_others(tmp_path: Path) -> None:
    """It would teach the search to refuse what it can answer."""
    (tmp_path / "a.yml").write_text('- {question: làm khai sinh, codes: ["1.001193"]}', encoding="utf8")
    (tmp_path / "b.yml").write_text("- {question: trời mưa không, codes: []}", encoding="utf8")

    (problem,) = check_outside(tmp_path)

    assert "để codes: []" in problem.message and problem.path.name == "a.yml"


def test_a_file_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    """All faults at once."""
    (tmp_path / "a.yml").write_text("- {question: ", encoding="utf8")
    (tmp_path / "b.yml").write_text('- {question: x, codes: ["1.000001"]}', encoding="utf8")

    assert len(list(check_outside(tmp_path))) == 2


def test_no_folder_no_faults(tmp_path: Path) -> None:
    """Checking a single folder of procedures needs no lists."""
    assert list(check_outside(tmp_path / "none")) == []


ELSEWHERE = """- code: "{code}"
  title: Đổi giấy phép lái xe
  where: Công an tỉnh
  source: https://example.vn/x
  as_of: 2026-04-29
  asked: [{asked}]
"""


@pytest.mark.parametrize(
    ("entries", "part"),
    [
        ([("1.000001", "bằng hết hạn")], "có trong danh mục của tỉnh"),
        ([("3.000347", "bằng hết hạn, Bang het han")], "mỗi câu hỏi một thủ tục"),
        ([("3.000347", "bằng hết hạn"), ("3.000347", "đổi bằng")], "mỗi câu hỏi một thủ tục"),
        ([("3000347", "bằng hết hạn")], "0.code: mã viết dạng"),
    ],
)
def test_what_is_ours_or_written_twice_is_no_other_offices(
    tmp_path: Path, entries: list[tuple[str, str]], part: str
) -> None:
    text = "".join(ELSEWHERE.format(code=code, asked=asked) for code, asked in entries)
    (tmp_path / "procedures.yml").write_text(text, encoding="utf8")
    (problem, *_) = check_elsewhere(KNOWN, tmp_path)

    assert part in problem.message


def test_a_right_entry_of_another_office_is_not_mentioned(tmp_path: Path) -> None:
    text = ELSEWHERE.format(code="3.000347", asked="bằng hết hạn, đổi bằng")
    (tmp_path / "procedures.yml").write_text(text, encoding="utf8")

    assert list(check_elsewhere(KNOWN, tmp_path)) == []
