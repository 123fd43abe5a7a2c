"""What a clerk may read: enough to help, nothing that could be stolen."""

from __future__ import annotations

import pytest

from channels.desk.masking import is_masked, mask_line, mask_officer


@pytest.mark.parametrize(
    "text",
    [
        "căn cước của tôi 044088001234",
        "gọi em số 0912 345 678",
        "mã otp là 482913",
        "ma xac nhan: 77120",
        "mật khẩu là hoaMai2020",
        "mail cho em lan.nguyen@example.vn",
        "pin_0123456789ab",
    ],
)
def test_numbers_secrets_and_addresses_are_hidden(text: str) -> None:
    """Also those that were typed for the clerk."""
    shown = mask_line(text)

    assert is_masked(shown)
    assert not any(part in shown for part in ("044088", "345", "482913", "77120", "hoaMai", "lan.nguyen", "pin_0"))


@pytest.mark.parametrize(
    "text",
    [
        "hồ sơ H50.05-261120-0001 của em tới đâu",
        "thủ tục 1.001193 nộp 3 bản, lệ phí 1.500.000 đồng",
        "từ năm 2025 tới 20/11/2026",
        "Hồ sơ H50.05-261120-0001 nộp năm 2025, hẹn trả 20/11/2026, lệ phí 5000 đồng",
        "quên mật khẩu thì làm sao",
    ],
)
def test_what_the_clerk_needs_stays(text: str) -> None:
    """Without the code nobody finds the application."""
    assert mask_line(text) == text


def test_of_a_clerk_s_words_names_are_hidden_too() -> None:
    """Clerks repeat what citizens told them."""
    assert mask_officer("Hồ sơ của ông Nguyễn Văn Nam đã xong") == "Hồ sơ của ông ••• đã xong"
