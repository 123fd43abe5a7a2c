"""Words that must not stand in any data file: abolished levels, texts typed in legacy fonts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.checks.records import Context, Finding, Record
from knowledge.errors import Problem
from knowledge.importer.source import is_legacy_font
from knowledge.vietnamese import nfc

#: District bodies, abolished on 1 July 2025: nobody may be sent there.
_ABOLISHED = re.compile(
    (
        r"cấp huyện|(?:UBND|(?:ủy|uỷ) ban nhân dân|HĐND|hội đồng nhân dân|phòng [^,;:\n]{3,40})"
        r" (?:cấp )?(?:huyện|quận)\b"
        r"|(?:tòa án|toà án|công an|bảo hiểm xã hội|kho bạc|hạt kiểm lâm) (?:nhân dân )?(?:cấp )?(?:huyện|quận)\b"
        r"|quận, huyện|huyện, quận|liên huyện"
    ).replace(" ", r"\s+"),
    re.IGNORECASE,
)


def check_words(records: Sequence[Record], context: Context) -> Iterator[Finding]:
    """Find abolished levels and mojibake anywhere in a file, with the line where they stand."""
    for record in records:
        composed = nfc(record.text)
        for found in _ABOLISHED.finditer(composed):
            line = composed[: found.start()].count("\n") + 1
            said = " ".join(found[0].split())
            say = f'"{said}": cấp huyện đã bỏ từ 01/7/2025, ghi cấp xã hoặc cấp tỉnh'
            yield Finding(Problem(record.path, line, say))
        for number, text in enumerate(record.text.splitlines(), 1):
            if is_legacy_font(text):
                yield Finding(Problem(record.path, number, "chữ gõ bằng bảng mã cũ (TCVN3/VNI): gõ lại bằng Unicode"))
            if "\ufffd" in text:
                yield Finding(Problem(record.path, number, "có chữ bị hỏng (ký tự �): gõ lại chữ ấy"))
