"""The words that help to tell a message about what is talked about from one that begins another matter."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.talk_signs import DetailWordsFaulty, read_signs, read_words


@pytest.mark.parametrize(
    ("text", "opening", "ending"),
    [
        ("cần mang hộ khẩu không", "must", "no"),
        ("phai co mat ca hai vo chong khong", "must", "no"),
        ("mang họ mẹ được không ạ", "must", "may"),
        ("con em mới 10 tuổi thì sao", "", "then_what"),
        ("còn tiền mai táng thì sao", "and_also", "then_what"),
        ("nếu bố mẹ chưa cưới thì răng anh", "if", "then_what"),
        ("dạ lỡ trễ hạn thì sao ạ", "if", "then_what"),
        ("công ty cũ giải thể rồi thì sao", "", "done_then_what"),
        ("lệ phí bao nhiêu", "", ""),
        ("", "", ""),
    ],
)
def test_how_a_message_begins_and_ends(text: str, opening: str, ending: str) -> None:
    """Fillers before and courtesies behind do not count."""
    signs = read_signs(text)
    assert (signs.opening, signs.ending) == (opening, ending)


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("muốn bán nhà", True),
        ("bán đất có phải mang sổ đỏ không", True),
        ("tam nghi ban 6 thang", True),
        ("con em đi làm căn cước", True),
        ("bạn cho hỏi có cần mang hộ khẩu không", False),
        ("ông bà đi làm thay được không", False),
        ("mang giấy đăng ký kết hôn được không", False),
        ("xin hỏi có cần photo không ạ", False),
        ("Ba tui mất trong bản sâu", False),
    ],
)
def test_who_wants_something_has_come_to_a_matter(text: str, wants: bool) -> None:
    """A typed mark tells bán from bạn, and "giấy đăng ký" is a paper."""
    assert ("wants" in read_signs(text).labels) is wants


def test_what_stands_beside_the_question_for_a_kind_is_counted() -> None:
    asked, more = read_signs("lệ phí bao nhiêu"), read_signs("lệ phí cấp lại sổ đỏ bao nhiêu")
    assert asked.kinds == more.kinds == {"fee"}
    assert asked.beside < more.beside


def test_the_written_words_can_be_used() -> None:
    read_words()


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("details: {must: [cần]}", "thiếu nhóm"),
        ("details: {mút: [cần]}", "không có nhóm mút"),
        ("details: {must: [cần], wants: [cần]}", "'cần' đứng trong hai nhóm: must và wants"),
        ("details: {no: [không]}", "không có nhóm False"),
        ("details: {must: [123]}", "đặt trong dấu ngoặc kép"),
        ("details: {must: }", "nhóm must: ghi một danh sách"),
        ("details: {must: cần}", "nhóm must: ghi một danh sách"),
        ("details:", "thiếu mục details"),
        ("", "thiếu mục details"),
        ("details: [", "không đọc được"),
    ],
)
def test_faults_are_told_in_the_office_s_words(tmp_path: Path, written: str, told: str) -> None:
    path = tmp_path / "details.yml"
    path.write_text(written, encoding="utf8")
    with pytest.raises(DetailWordsFaulty, match=told):
        read_words(path)
