"""Reads what one-stop systems write: dates in several forms, statuses as numbers or words, loose types."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict

from actions.one_stop.port import VIETNAM, Status
from knowledge.codes import find_procedure_codes
from knowledge.vietnamese import fold

_STATUS_WORDS = {
    "moi dang ky": Status.REGISTERED,
    "cho tiep nhan": Status.REGISTERED,
    "duoc tiep nhan": Status.ACCEPTED,
    "da tiep nhan": Status.ACCEPTED,
    "khong duoc tiep nhan": Status.NOT_ACCEPTED,
    "tu choi tiep nhan": Status.NOT_ACCEPTED,
    "dang xu ly": Status.IN_PROGRESS,
    "yeu cau bo sung giay to": Status.PAPERS_NEEDED,
    "yeu cau bo sung": Status.PAPERS_NEEDED,
    "yeu cau thuc hien nghia vu tai chinh": Status.PAYMENT_NEEDED,
    "cong dan yeu cau rut ho so": Status.WITHDRAWN,
    "dung xu ly": Status.STOPPED,
    "da xu ly xong": Status.FINISHED,
    "da co ket qua": Status.FINISHED,
    "da tra ket qua": Status.RETURNED,
}
_COMPACT_FORMS = {14: "%Y%m%d%H%M%S", 12: "%Y%m%d%H%M", 8: "%Y%m%d"}  # by length: strptime takes short fields
_SLASHED_FORMS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")
_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2200  # fillers such as 01/01/0001 are no moments
_LONGEST_TEXT = 2_000


def _text(value: Any) -> str | None:
    """Return a scalar as text, None when blank; anything with structure is not what was agreed."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("expected text or a number")
    return " ".join(str(value).split())[:_LONGEST_TEXT] or None


def _moment(value: Any) -> datetime | None:
    """Return a moment in Vietnam's time; None when absent or unreadable, since a date is never guessed."""
    text = _text(value)
    if text is None:
        return None
    moment = _from_epoch(text) or _from_forms(text) or _from_iso(text)
    if moment is None or not _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR:
        return None
    return moment.astimezone(VIETNAM) if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


Text = Annotated[str | None, BeforeValidator(_text)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Rows = Annotated[tuple[Any, ...], BeforeValidator(lambda value: () if value is None else value)]
OrEmpty = BeforeValidator(lambda value: {} if value is None else value)


class WireModel(BaseModel):
    """Base of what comes over the wire: unknown fields are ignored, blanks are None."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def status_of(text: str | None) -> Status | None:
    """Return the national status for its number or its words, None when the list has no such status."""
    if text is None:
        return None
    if re.fullmatch(r"[0-9]{1,2}", text):
        return Status(int(text)) if int(text) in Status._value2member_map_ else None
    return _STATUS_WORDS.get(fold(text).strip(" ."))


def procedure_code_of(text: str | None) -> str | None:
    """Return the procedure code without its local suffix, as in the catalogue."""
    return next(iter(find_procedure_codes(text or "")), None)


def first_gov_url(urls: Iterable[str | None]) -> str | None:
    """Return the first https address on a gov.vn host; other links are never shown to a citizen."""
    return next((url for url in urls if url and _is_gov_url(url)), None)


def whole_vnd(text: str | None) -> int | None:
    """Return an amount such as `50000`, `50000.0` or `50.000` in dong, None when it is no amount."""
    if text is None:
        return None
    plain = re.sub(r"[.,](?=[0-9]{3}(?:[^0-9]|$))", "", text)
    matched = re.fullmatch(r"([0-9]{1,12})(?:[.,]0{1,2})?(?: ?(?:VND|VNĐ|đồng|đ))?", plain, re.IGNORECASE)
    return int(matched[1]) if matched else None


def same_code(received: str | None, asked: str) -> bool:
    """Tell whether the system speaks of the application that was asked for and of no other."""
    return received is not None and received.replace(" ", "").upper() == asked


def _from_epoch(text: str) -> datetime | None:
    if not re.fullmatch(r"1[0-9]{9}(?:[0-9]{3})?", text):
        return None
    seconds = int(text) / (1000 if len(text) == 13 else 1)
    return datetime.fromtimestamp(seconds, VIETNAM)


def _from_forms(text: str) -> datetime | None:
    forms = (_COMPACT_FORMS.get(len(text), ""),) if text.isdecimal() else _SLASHED_FORMS
    for form in forms:
        try:
            return datetime.strptime(text, form) if form else None
        except ValueError:
            continue
    return None


def _from_iso(text: str) -> datetime | None:
    if text.isdecimal():
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_gov_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme == "https" and "@" not in parts.netloc and (host + ".").endswith(".gov.vn.")
