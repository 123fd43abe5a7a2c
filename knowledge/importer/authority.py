"""Who decides (cơ quan giải quyết): the export's agency names, put right for a two-level province.

The export mixes names of other provinces, abolished districts and three spellings of one office.
"""

from __future__ import annotations

import re

from knowledge.vietnamese import fold

#: Names that contain commas themselves; the comma is not a separator there.
_WITH_COMMAS = (
    "Sở Văn hóa, Thể thao và Du lịch",
    "khu công nghiệp, khu kinh tế, khu chế xuất, khu công nghệ cao các tỉnh, thành phố",
    "phòng cháy, chữa cháy và cứu nạn, cứu hộ",
    "phòng cháy, chữa cháy và cứu nạn cứu hộ",
    "Y, Dược cổ truyền",
    "tỉnh, thành phố",
    "cấp xã, phường, thị trấn",
    "xã, phường, thị trấn",
    "Cơ quan, tổ chức",
    "Cơ quan, đơn vị",
    "Bộ, cơ quan ngang Bộ",
    "cơ quan, tổ chức",
    "phân cấp, ủy quyền",
    "Chất lượng, Chế biến",
)
_COMMA = "\x00"
#: (pattern on the folded name, the name we write); the first that matches wins. None drops the name.
_RULES: tuple[tuple[re.Pattern[str], str | None], ...] = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"cap huyen|^cong an huyen|^phong (tu phap|noi vu)$", None),
        (r"lao dong-thuong binh", None),
        (r"^so van hoa.*|^so du lich", "Sở Văn hóa, Thể thao và Du lịch"),
        (r"^so giao thong van tai", "Sở Xây dựng"),
        (r"^so an toan thuc pham", "Sở Y tế"),
        (r"^so giao duc", "Sở Giáo dục và Đào tạo"),
        (r"^so tai chinh", "Sở Tài chính"),
        (r"^so cong thuong", "Sở Công Thương"),
        (r"^so nong nghiep", "Sở Nông nghiệp và Môi trường"),
        (r"^so ngoai vu", "Sở Ngoại vụ"),
        (r"^(so|giam doc so) tu phap", "Sở Tư pháp"),
        (r"^so noi vu", "Sở Nội vụ"),
        (r"^so y te", "Sở Y tế"),
        (r"^so xay dung|^bo phan mot cua so xay dung", "Sở Xây dựng"),
        (r"^bo phan mot cua", None),
        (r"^trung tam dich vu viec lam", "Trung tâm Dịch vụ việc làm"),
        (r"(uy ban nhan dan|ubnd|uỷ ban nhan dan) (cap )?xa", "Ủy ban nhân dân cấp xã"),
        (r"^chu tich .*\b(cap )?xa$", "Chủ tịch Ủy ban nhân dân cấp xã"),
        (r"^chu tich .*tinh", "Chủ tịch Ủy ban nhân dân tỉnh"),
        (r"^ubnd cap tinh hoac co quan", "Ủy ban nhân dân tỉnh hoặc cơ quan được phân cấp, ủy quyền"),
        (r"phan cap, uy quyen cua ubnd", "Cơ quan được Ủy ban nhân dân tỉnh phân cấp, ủy quyền"),
        (r"^uy ban nhan dan (cap )?tinh", "Ủy ban nhân dân tỉnh"),
        (r"^cong an cap xa", "Công an cấp xã"),
        (r"^cong an (cap )?tinh", "Công an tỉnh"),
        (r"^phong (quan ly )?xuat nhap canh", "Phòng Quản lý xuất nhập cảnh, Công an tỉnh"),
        (r"^phong canh sat quan ly hanh chinh", "Phòng Cảnh sát quản lý hành chính về trật tự xã hội, Công an tỉnh"),
        (r"^phong canh sat phong chay", "Phòng Cảnh sát phòng cháy, chữa cháy và cứu nạn, cứu hộ, Công an tỉnh"),
        (r"^phong canh sat giao thong", "Phòng Cảnh sát giao thông, Công an tỉnh"),
        (r"^bao hiem xa hoi", "Bảo hiểm xã hội tỉnh"),
        (r"^thue tinh", "Thuế tỉnh"),
        (r"^ban quan ly (cac )?khu (cong nghiep|kinh te)", "Ban Quản lý Khu kinh tế tỉnh"),
        (r"^ban quan ly$|^ban quan ly (khu|du an)|^ban qlda", None),
        (r"^chi nhanh van phong dang ky dat dai", "Chi nhánh Văn phòng đăng ký đất đai"),
        (r"^van phong dang ky dat dai", "Văn phòng đăng ký đất đai"),
        (r"co quan co chuc nang quan ly dat dai cap tinh", "Cơ quan quản lý đất đai cấp tỉnh"),
        (r"^co quan (khac|chu quan)$|^cac co quan|^trung tam hanh chinh cong$", None),
    )
)


def clean_authority(agency: str | None) -> str | None:
    """Return the offices of an export's agency text, joined by "; ", or None when nothing usable is left.

    >>> clean_authority("Sở Tài chính các tỉnh, thành phố")
    'Sở Tài chính'
    >>> clean_authority("Bảo hiểm xã hội tỉnh, Bảo hiểm xã hội cấp huyện")
    'Bảo hiểm xã hội tỉnh'
    """
    names: list[str] = []
    for part in _split(agency or ""):
        name = _name(part)
        if name and name not in names:
            names.append(name)
    return "; ".join(names) or None


def _split(agency: str) -> list[str]:
    text = re.sub(r"\s+", " ", agency)
    for phrase in _WITH_COMMAS:
        text = re.sub(re.escape(phrase), lambda m: m[0].replace(",", _COMMA), text, flags=re.IGNORECASE)
    return [part.replace(_COMMA, ",").strip(" .") for part in re.split(r"[,;]", text)]


def _name(part: str) -> str | None:
    folded = fold(part)
    if not folded:
        return None
    for pattern, name in _RULES:
        if pattern.search(folded):
            return name
    part = re.sub(r"\s*[-–]?\s*(Thành phố Hà Nội|TP\.? ?HCM|Thành phố Hồ Chí Minh|tỉnh Quảng Trị)$", "", part)
    return re.sub(r"^[uU]ỷ ban", "Ủy ban", part)
