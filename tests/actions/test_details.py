"""Questions about a detail of the procedure under discussion, told from those that begin another matter."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.details import DetailWordsFaulty, asks_a_detail, read_words


@pytest.mark.parametrize(
    "text",
    [
        "có cần mang hộ khẩu không",
        "cần photo căn cước không",
        "phai co mat ca hai vo chong khong",
        "mang họ mẹ được không ạ",
        "ông bà đi làm thay được không",
        "nhờ em gái nộp giùm dc ko",
        "trễ hạn có bị phạt không",
        "con em mới 10 tuổi thì sao",
        "chủ hộ đi vắng thì răng",
        "công ty cũ giải thể rồi thì sao",
        "có bắt buộc kèm ảnh không vậy em",
    ],
)
def test_a_detail_stays_with_its_procedure(text: str) -> None:
    assert asks_a_detail(text)


@pytest.mark.parametrize(
    "text",
    [
        "có phải xin giấy phép không",
        "có cần đăng ký tạm trú không",
        "muốn đóng cửa nghỉ bán thì sao",
        "mất giấy khai sinh thì sao",
        "bằng lái hết hạn thì răng",
        "có được hưởng trợ cấp mai táng không",
        "đổi căn cước được không",
        "cho em hỏi thủ tục khai tử",
        "lệ phí bao nhiêu",
        "làm thẻ căn cước có lâu không",
        "căn cước có lâu không",
    ],
)
def test_another_matter_does_not(text: str) -> None:
    assert not asks_a_detail(text)


@pytest.mark.parametrize(
    ("text", "is_a_detail"),
    [
        ("bạn cho hỏi có cần mang hộ khẩu không", True),
        ("bán đất có phải mang sổ đỏ không", False),
        ("căn cước không gắn chip được không ạ", True),
        ("mang giấy đăng ký kết hôn được không", True),
        ("xin hỏi có cần photo công chứng không ạ", True),
        ("hưởng trợ cấp được không", False),
    ],
)
def test_a_typed_mark_tells_one_word_from_another(text: str, is_a_detail: bool) -> None:
    assert asks_a_detail(text) is is_a_detail


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
    ],
)
def test_faults_are_told_in_the_office_s_words(tmp_path: Path, written: str, told: str) -> None:
    path = tmp_path / "details.yml"
    path.write_text(written, encoding="utf8")
    with pytest.raises(DetailWordsFaulty, match=told):
        read_words(path)
