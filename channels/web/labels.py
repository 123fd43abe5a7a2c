"""Short Vietnamese labels of the pages: levels, acts, online service; and words marked inside a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from actions import wording
from knowledge.model import PORTAL_PAGE, Act, Level, OnlineService, Procedure
from knowledge.procedure_file import slug
from knowledge.vietnamese import fold

LEVEL_WORDS: Mapping[Level, str] = {
    Level.COMMUNE: "cấp xã",
    Level.PROVINCE: "cấp tỉnh",
    Level.MINISTRY: "trung ương",
    Level.OTHER: "cơ quan khác",
}
ONLINE_WORDS: Mapping[OnlineService | None, str] = {
    OnlineService.FULL: "trực tuyến toàn trình",
    OnlineService.PARTIAL: "trực tuyến một phần",
    None: "không nộp trực tuyến",
}
ACT_WORDS: Mapping[Act, str] = {
    Act.FIRST: "làm lần đầu",
    Act.REISSUE: "cấp lại",
    Act.EXCHANGE: "cấp đổi",
    Act.RENEW: "làm mới khi hết hạn",
    Act.EXTEND: "gia hạn",
    Act.CHANGE: "thay đổi, bổ sung",
    Act.CORRECT: "sửa sai, cải chính",
    Act.SUSPEND: "tạm ngừng",
    Act.RESUME: "hoạt động trở lại",
    Act.CANCEL: "chấm dứt, xóa",
    Act.REVOKE: "thu hồi",
    Act.CONFIRM: "xác nhận",
    Act.APPROVE: "phê duyệt, chấp thuận",
    Act.NOTIFY: "thông báo, khai báo",
    Act.COPY: "cấp bản sao",
    Act.SUPPORT: "nhận trợ cấp, hỗ trợ",
    Act.APPRAISE: "thẩm định",
    Act.REGISTER_AGAIN: "đăng ký lại",
    Act.TRANSFER: "chuyển, sang tên",
    Act.LICENSE: "cấp phép",
    Act.OTHER: "việc khác",
}
_LONGEST_FIELD = 200
_WORD = re.compile(r"([^\W_]+)")


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `marked` when it holds the words looked for."""

    text: str
    marked: bool


def level_words(procedure: Procedure) -> str:
    """Return who decides: "cấp tỉnh, cấp xã"; empty when the source does not state it."""
    return ", ".join(LEVEL_WORDS[level] for level in procedure.levels)


def who_words(procedure: Procedure) -> str:
    """Return whom it is for, as the facet says; empty when it makes no difference."""
    return wording.joined([wording.APPLICANT_WORDS[who] for who in procedure.facets.who], "và")


def field_key(name: str) -> str:
    """Return a field's name as it stands in an address.

    >>> field_key("Hộ tịch")
    'ho-tich'
    """
    return slug(name, _LONGEST_FIELD)


def portal_url(procedure: Procedure) -> str:
    """Return the procedure's page on the national portal; a source elsewhere is never linked."""
    parts = urlsplit(procedure.source_url)
    host = parts.hostname or ""
    if parts.scheme == "https" and (host == "gov.vn" or host.endswith(".gov.vn")):
        return procedure.source_url
    return PORTAL_PAGE.format(code=procedure.code)


def highlight(text: str, folded_words: Collection[str]) -> tuple[Piece, ...]:
    """Return the text in pieces, those of the given folded syllables marked; together they are the text.

    >>> [piece.text for piece in highlight("Đăng ký lại khai sinh", {"lai"}) if piece.marked]
    ['lại']
    """
    parts = _WORD.split(unicodedata.normalize("NFC", text))
    words = [index % 2 == 1 and fold(part) in folded_words for index, part in enumerate(parts)]
    marks = [mark or _between(words, parts, index) for index, mark in enumerate(words)]
    return _merged(parts, marks)


def _between(marks: Sequence[bool], parts: Sequence[str], index: int) -> bool:
    """Tell whether a blank stands between two marked words: they are shown as one."""
    inside = 0 < index < len(parts) - 1 and index % 2 == 0
    return inside and parts[index].isspace() and marks[index - 1] and marks[index + 1]


def _merged(parts: Sequence[str], marks: Sequence[bool]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for part, mark in zip(parts, marks, strict=True):
        if not part:
            continue
        if pieces and pieces[-1].marked == mark:
            pieces[-1] = Piece(pieces[-1].text + part, mark)
        else:
            pieces.append(Piece(part, mark))
    return tuple(pieces)
