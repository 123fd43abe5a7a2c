"""Questions about a detail of the procedure under discussion, told from those that begin another matter."""

from __future__ import annotations

import pytest

from actions.details import asks_a_detail


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
