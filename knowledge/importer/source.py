"""One line of the national export, as it comes: checked for shape and encoding, not yet understood."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator

from knowledge.errors import ImportFault
from knowledge.vietnamese import nfc

#: Letters that Vietnamese does not have but legacy fonts use for its vowels (TCVN3 "µ¸¶·¹", VNI "aø aù").
_LEGACY_FONT = re.compile(r"[µ¸¶·¹¨©ª«¬®¼½¾Æ×Ø]|[aeiouy][øùûõï](?![a-z])", re.IGNORECASE)
_CODE = re.compile(r"\d\.\d{6}")


class SourcePaper(BaseModel):
    """A row of the document list; rows with 0 originals and 0 copies are mostly notes.

    counted: False when the source has no counts at all, so that 0 and 0 say nothing.
    """

    name: str
    original: int = 0
    copy_count: int = Field(default=0, validation_alias=AliasChoices("copy", "copy_count"))
    counted: bool = True
    case: str | None = None
    form: str | None = None

    @field_validator("name")
    @classmethod
    def _composed(cls, value: str) -> str:
        return re.sub(r"\s+", " ", nfc(value)).strip()

    @field_validator("original", "copy_count", mode="before")
    @classmethod
    def _uncounted(cls, value: object) -> object:
        return 0 if value is None else value


class SourceMode(BaseModel):
    """A way of handing in (Trực tiếp, Trực tuyến, Dịch vụ bưu chính) with its time and fee texts, and a remark."""

    mode: str
    time: str = ""
    fee: str = ""
    note: str = ""


class SourceProcedure(BaseModel):
    """A procedure as a source states it; texts may be missing, doubled or in capitals.

    unstated: the facts that this kind of source does not speak of (names of `source_marks`); they stay as they are.
    """

    model_config = ConfigDict(extra="ignore")

    code: str
    name: str
    field: str
    agency: str | None = None
    level: list[str] = []
    audience: list[str] = []
    submission: list[str] = []
    modes: list[SourceMode] = []
    time_limit: str | None = None
    time_limit_inferred: bool = False
    fee: str | None = None
    documents: list[SourcePaper] = []
    legal_basis: list[str] | None = None
    result: str | None = None
    conditions: str | None = None
    steps: str | None = None
    vertical: bool = False
    full_online: bool | None = None
    updated_at: str | None = None
    crawled_at: str | None = None
    source_url: str | None = None
    unstated: frozenset[str] = frozenset()

    @field_validator("code")
    @classmethod
    def _plain_code(cls, value: str) -> str:
        found = _CODE.match(value.strip())
        if not found:
            raise ValueError(f"{value!r} is no procedure code (d.dddddd)")
        return found[0]


def mark(text: str | None) -> str:
    """Return a short fingerprint of a source text, blind to spacing; tells later whether the source changed."""
    return hashlib.sha256(re.sub(r"\s+", " ", nfc(text or "")).strip().encode()).hexdigest()[:8]


def read_export(path: Path) -> Iterator[SourceProcedure]:
    """Yield the procedures of an export, one JSON object a line.

    Raises:
        ImportFault: naming the line, at the first line that is not JSON, not a procedure, not UTF-8, typed in a
            legacy font (TCVN3, VNI), or that repeats a code. Nothing has been written by then.
    """
    seen: dict[str, int] = {}
    with open(path, "rb") as lines:
        for number, raw in enumerate(lines, 1):
            if not raw.strip():
                continue
            procedure = _read_line(raw, f"{path.name}:{number}")
            if procedure.code in seen:
                raise ImportFault(f"{path.name}:{number}: mã {procedure.code} đã có ở dòng {seen[procedure.code]}")
            seen[procedure.code] = number
            yield procedure


def _read_line(raw: bytes, where: str) -> SourceProcedure:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ImportFault(f"{where}: không phải UTF-8, hãy xuất lại bằng Unicode UTF-8") from error
    try:
        procedure = SourceProcedure.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        raise ImportFault(f"{where}: dòng JSON hỏng ({error.msg} ở ký tự {error.pos})") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise ImportFault(f"{where}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    if is_legacy_font(procedure.name):
        raise ImportFault(f"{where}: tên {procedure.name!r} gõ bằng bảng mã cũ (TCVN3/VNI): chuyển sang Unicode")
    return procedure


def is_legacy_font(text: str) -> bool:
    """Tell whether a text was typed for a TCVN3 or VNI font and would be read as mojibake.

    >>> is_legacy_font("Thñ tôc ®¨ng ký khai sinh"), is_legacy_font("Đăng ký khai sinh")
    (True, False)
    """
    return len(_LEGACY_FONT.findall(text)) >= 2
