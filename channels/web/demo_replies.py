"""What the canned assistant says: one example of each kind of turn, none of it true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MADE_UP = "(Câu trả lời mẫu để xem giao diện, số liệu không có thật.)"

FIRST_NOTICE = (
    "Đây là trợ lý tự động (máy), chỉ dùng để hướng dẫn thủ tục. Nội dung được giữ tối đa 90 ngày.\n"
    "Anh/chị nhắn “xóa dữ liệu của tôi” để xóa. Xin đừng gửi ảnh giấy tờ, mã OTP hay mật khẩu."
)

FAULT = "Xin lỗi, tôi đang gặp trục trặc nên chưa trả lời được. Anh/chị gửi lại câu này sau ít phút."

DELETED = "Tôi đã xóa cuộc trò chuyện này và những gì anh/chị đã nhắn."

_PORTAL = "https://dichvucong.gov.vn/p/home/dvc-chi-tiet-thu-tuc-hanh-chinh.html?ma_thu_tuc=1.001193"

_BIRTH = f"""**Đăng ký khai sinh** cần các giấy tờ sau:

1. Tờ khai theo mẫu
2. Giấy chứng sinh, bản chính
   • Không có giấy chứng sinh: văn bản của người làm chứng
   • Không có người làm chứng: giấy cam đoan về việc sinh
3. Giấy tờ tùy thân của người đi khai

**Lệ phí:** chưa nêu
**Thời hạn:** trong ngày làm việc
**Nơi nộp:** UBND cấp xã nơi cư trú của cha hoặc mẹ

{MADE_UP}"""

_STATUS = f"""**Đang xử lý**
Anh/chị chưa cần làm gì thêm.

**Hẹn trả:** 27/11/2026
**Mã hồ sơ:** H50.05-261102-0001
**Thủ tục:** Đăng ký thường trú
**Người nộp:** N*** V** M**
**Nơi xử lý:** UBND phường Mẫu

Cập nhật lúc 09:00 ngày 22/11/2026. {MADE_UP}"""


def turn(
    outcome: str,
    *texts: str,
    buttons: list[tuple[str, str]] | None = None,
    links: list[tuple[str, str]] | None = None,
    codes: list[str] | None = None,
    candidates: list[str] | None = None,
) -> dict[str, Any]:
    """Return a turn as the web API gives it; buttons and links stand under the last text."""
    replies: list[dict[str, Any]] = [{"text": text, "buttons": [], "links": []} for text in texts]
    if replies:
        replies[-1]["buttons"] = [{"title": title, "payload": payload} for title, payload in buttons or []]
        replies[-1]["links"] = [{"title": title, "url": url} for title, url in links or []]
    codes = codes or []
    return {
        "replies": replies,
        "outcome": outcome,
        "procedure_code": codes[0] if codes else None,
        "procedure_codes": codes,
        "candidates": candidates or [],
    }


def _birth() -> dict[str, Any]:
    return turn(
        "answered",
        _BIRTH,
        buttons=[
            (title, f'/{intent}{{"procedure_code": "1.001193"}}')
            for title, intent in (("Lệ phí", "ask_fee"), ("Mất bao lâu", "ask_duration"), ("Nộp ở đâu", "ask_place"))
        ],
        links=[
            ("Xem trên Cổng Dịch vụ công quốc gia", _PORTAL),
            ("Tải danh sách giấy tờ (PDF)", "/thu-tuc/1.001193/giay-to.pdf"),
        ],
        codes=["1.001193"],
    )


def _ask_back() -> dict[str, Any]:
    options = [
        ("Đăng ký khai sinh", '/choose_procedure{"procedure_code":"1.001193"}'),
        ("Đăng ký lại khai sinh", '/choose_procedure{"procedure_code":"1.004884"}'),
        ("Cấp bản sao trích lục khai sinh", '/choose_procedure{"procedure_code":"2.000635"}'),
        ("Không phải mấy việc này", "/none_of_these"),
    ]
    return turn(
        "asked_back",
        "Anh/chị cần việc nào dưới đây ạ?",
        buttons=options,
        candidates=["1.001193", "1.004884", "2.000635"],
    )


def _why() -> dict[str, Any]:
    reasons = {"Sai hoặc đã cũ": "wrong", "Thiếu điều tôi cần": "missing", "Lý do khác": "other"}
    return turn(
        "small_talk",
        "Câu trả lời chưa được ở chỗ nào ạ?",
        buttons=[(title, f'/feedback{{"value":"down","reason":"{name}"}}') for title, name in reasons.items()],
    )


_BY_PAYLOAD: dict[str, Callable[[], dict[str, Any]]] = {
    "/choose_procedure": _birth,
    "/ask_fee": lambda: turn("answered", f"Thủ tục này chưa nêu lệ phí. {MADE_UP}", codes=["1.001193"]),
    "/ask_status": lambda: turn(
        "status_asked",
        "Anh/chị gửi giúp mã hồ sơ ghi trên giấy tiếp nhận ạ.",
        buttons=[("Mã ở đâu?", "/no_code"), ("Thôi, không tra nữa", "/cancel")],
    ),
    "/cancel": lambda: turn("small_talk", "Dạ, tôi dừng tra hồ sơ."),
    "/delete_my_data": lambda: turn("small_talk", DELETED),
    "/handover": lambda: turn("handed_over", "Câu hỏi đã được chuyển đến cán bộ. Anh/chị đợi giúp ạ."),
    "/feedback": lambda: turn("small_talk", "Cảm ơn anh/chị đã góp ý."),
}


def reply_to(text: str | None, payload: str | None, last_outcome: str | None) -> dict[str, Any]:
    """Answer a text by keyword, or a pressed button by its intent."""
    if payload is not None:
        if payload == '/feedback{"value":"down"}':
            return _why()
        canned = _BY_PAYLOAD.get(payload.split("{")[0])
        return canned() if canned else turn("nothing_found", f"Máy thử giao diện chưa có câu này. {MADE_UP}")
    words = (text or "").lower()
    if "dữ liệu của tôi" in words:
        return _BY_PAYLOAD["/delete_my_data"]()
    if "quên tôi đi" in words:
        return {**_BY_PAYLOAD["/delete_my_data"](), "forgotten": True}
    if last_outcome == "status_asked":
        if words.strip().isdigit():
            return turn("status_shown", _STATUS, buttons=[("Tra hồ sơ khác", "/ask_status")])
        return turn("status_asked", "Anh/chị gửi giúp 4 số cuối của số căn cước hoặc số điện thoại đã khai ạ.")
    if "hồ sơ của tôi" in words:
        return _BY_PAYLOAD["/ask_status"]()
    if "giấy tờ gì" in words:
        return _birth()
    if "khai sinh" in words:
        return _ask_back()
    if "<" in words:
        return turn(
            "small_talk",
            f"Anh/chị vừa viết: {text} https://example.com/khong-cho-phep",
            links=[
                ("không được phép", "javascript:alert(1)"),
            ],
        )
    return turn("nothing_found", f"Chưa tìm thấy thủ tục này. Anh/chị nói rõ hơn giúp ạ. {MADE_UP}")
