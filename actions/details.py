"""Questions about a detail of what is being talked about: "có cần mang hộ khẩu không", "con 10 tuổi thì sao".

Their words name papers, people and chances that other procedures are called by; said in the middle of a talk they ask
about its procedure. Whoever wants something else says what they want to do ("có phải xin giấy phép không").
"""

from __future__ import annotations

import re

from knowledge.vietnamese import fold

_END = r"(?:\W+(?:a|ad|anh|ban|chi|em|ha|hi|nha|nhe|nhi|ta|the|vay))*\W*$"
_NO = r"(?:khong|khog|ko|kg|hong|hem|hok|k)"
_MUST = re.compile(rf"\b(?:bat buoc|bi|can(?! cuoc)|dem|kem|mang|nhat thiet|nop|phai|photo)\b.*\b{_NO}{_END}")
_MAY = re.compile(rf"\b(?:duoc|dc|dk) {_NO}{_END}")
_DONE_THEN_WHAT = re.compile(rf"\broi thi (?:lam sao|rang|sao|the nao){_END}")
_THEN_WHAT = re.compile(rf"\bthi (?:lam sao|rang|sao|the nao){_END}")
#: Words after which "làm" is about how, not about what: "làm lần đầu", "làm thay", "làm ở xã".
_HOW = "bao|duoc|gap|giup|gium|het|ho|khong|lan|mat|nhanh|o|on|online|qua|rang|sao|tai|thay|the nao|truc|xong"
#: What people say who want to do something: they have come to another matter. "Giấy khai sinh" is a paper.
_WANTS = re.compile(
    r"\b(?<!giay )(?<!ban )(?<!to )(?:ban|cap|chuyen nhuong|chuyen sang|dang ky|doi|dong cua|giai the|gia han|huong"
    rf"|khai|lam (?!(?:{_HOW})\b)|lap|mo|mua|muon|nhan con|sang ten|sua|tach|thanh lap|thue|vay von|xay|xin|xoa)\b"
)
#: What befalls people, and begins a matter: "mất giấy khai sinh thì sao".
_BEFALLS = re.compile(r"\b(?:bi sai|chet|het han|hu|mat|qua doi|rach|sap|that lac)\b")


def asks_a_detail(text: str) -> bool:
    """Tell whether a message asks a detail of the procedure under discussion: must I, may I, and if."""
    plain = fold(text).strip()
    befalls = _BEFALLS.search(plain)
    if wants_something(plain):
        return bool(_DONE_THEN_WHAT.search(plain) and not befalls)  # "công ty giải thể rồi thì sao"
    must_or_may = _MUST.search(plain) or _MAY.search(plain)
    return bool(must_or_may or (_THEN_WHAT.search(plain) and not befalls))


def wants_something(text: str) -> bool:
    """Tell whether a message holds a word for what people come to an office to do."""
    return _WANTS.search(fold(text)) is not None
