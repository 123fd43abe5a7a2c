"""Numbers, money, dates and lists in Vietnamese: the one place where facts become readable values.

Values only. The sentences around them stand in bot/domain/responses/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from knowledge.model import Applicant, Channel, Duration, Fee, LegalText, Paper, Procedure, TimeUnit

CHANNEL_WORDS = {
    Channel.ONLINE: "trực tuyến",
    Channel.COUNTER: "trực tiếp",
    Channel.POST: "qua bưu chính",
}
UNIT_WORDS = {
    TimeUnit.MINUTE: "phút",
    TimeUnit.HOUR: "giờ",
    TimeUnit.WORKING_HOUR: "giờ làm việc",
    TimeUnit.DAY: "ngày",
    TimeUnit.WORKING_DAY: "ngày làm việc",
    TimeUnit.WEEK: "tuần",
    TimeUnit.MONTH: "tháng",
    TimeUnit.YEAR: "năm",
}
APPLICANT_WORDS = {
    Applicant.PERSON: "cá nhân",
    Applicant.HOUSEHOLD: "hộ gia đình",
    Applicant.COMPANY: "doanh nghiệp",
    Applicant.ORGANISATION: "tổ chức",
    Applicant.STATE_BODY: "cơ quan nhà nước",
}
BULLET = "• "
#: One original and no copy: said once for the whole list, not behind every paper.
USUAL_COUNT = (1, 0)
MAX_SPOKEN_TITLE = 90
#: What stands behind an office that decides nothing.
_ONLY_TAKES = re.compile(r" \(nhận [^),]*\)$")
#: An office that takes the file, whatever else it does.
_TAKES = re.compile(r"\((?:nhận|tiếp nhận)")


def money(amount_vnd: int) -> str:
    """Return an amount in đồng: 10000 → "10.000 đồng"; zero is "miễn phí"."""
    return f"{amount_vnd:,} đồng".replace(",", ".") if amount_vnd else "miễn phí"


def day(value: date) -> str:
    """Return a date as 09/02/2026."""
    return value.strftime("%d/%m/%Y")


def moment(value: datetime) -> str:
    """Return a moment as 15:04 ngày 09/02/2026."""
    return value.strftime("%H:%M ngày %d/%m/%Y")


_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def opening(value: datetime) -> str:
    """Return a moment some days ahead as 7:30 thứ Hai, ngày 09/02/2026."""
    return f"{value.hour}:{value.minute:02} {_WEEKDAYS[value.weekday()]}, ngày {day(value)}"


def joined(words: Sequence[str], last: str = "hoặc") -> str:
    """Join words as a list is spoken: "a, b hoặc c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def lines(items: Iterable[str]) -> str:
    """Return the items as a bulleted list, one a line."""
    return "\n".join(f"{BULLET}{item}" for item in items)


def channel_words(channels: Sequence[Channel], last: str = "hoặc") -> str:
    return joined([CHANNEL_WORDS[channel] for channel in channels], last)


def paper(item: Paper) -> str:
    """Return one paper with form, unusual counts and case: "Văn bản ủy quyền (2 bản chính): khi nhờ người khác nộp"."""
    counts = [
        f"{number} {kind}" for number, kind in ((item.originals, "bản chính"), (item.copies, "bản sao")) if number
    ]
    if (item.originals, item.copies) == USUAL_COUNT:
        counts = []
    elif not counts:
        counts = ["nguồn không ghi số bản"]
    details = "; ".join([*([item.form] if item.form and item.form not in item.name else []), *counts])
    text = f"{item.name} ({details})" if details else item.name
    return f"{text}: {item.case}" if item.case else text


def usual_count(procedure: Procedure) -> str:
    """Return what holds for papers without a count of their own: " (1 bản chính, trừ khi ghi khác)", or nothing."""
    usual = any((item.originals, item.copies) == USUAL_COUNT for item in procedure.documents)
    return " (1 bản chính, trừ khi ghi khác)" if usual else ""


def papers(procedure: Procedure) -> tuple[str, str]:
    """Return the papers always needed, numbered, and those for some cases, bulleted; either may be empty."""
    always = [paper(item) for item in procedure.documents if not item.case]
    sometimes = [paper(item) for item in procedure.documents if item.case]
    return "\n".join(f"{number}. {text}" for number, text in enumerate(always, 1)), lines(sometimes)


def duration(item: Duration, procedure: Procedure) -> str:
    """Return a time with its channel and case, where these matter."""
    text = f"{item.amount} {UNIT_WORDS[item.unit]}"
    if set(item.channels) != set(procedure.channels):
        text = f"{channel_words(item.channels, 'và')}: {text}"
    return f"{text} ({item.case})" if item.case else text


def durations(procedure: Procedure, in_line: bool = False) -> str:
    """Return all times to follow a colon: " 5 ngày", or a list on lines of its own; `in_line`: joined, no space."""
    return _one_or_list([duration(item, procedure) for item in procedure.durations], in_line)


def fee(item: Fee, procedure: Procedure) -> str:
    """Return a fee: amount, share, or who sets it, with channel and condition."""
    if item.amount_vnd is not None:
        text = money(item.amount_vnd)
    elif item.amount_usd is not None:
        text = f"{item.amount_usd} đô la Mỹ (USD)"
    elif item.percent is not None:
        text = f"{item.percent:g}%".replace(".", ",")
    elif item.set_by:
        text = f"do {item.set_by} quy định (nguồn không ghi số tiền)"
    else:
        text = f"theo {item.per_law} (nguồn không ghi số tiền)"
    if set(item.channels) != set(procedure.channels):
        text = f"nộp {channel_words(item.channels, 'và')}: {text}"
    return f"{text} – {item.condition}" if item.condition else text


def fees(procedure: Procedure, in_line: bool = False) -> str:
    """Return all fees to follow a colon: " 10.000 đồng", or a list; `in_line`: joined, no space before."""
    return _one_or_list([fee(item, procedure) for item in procedure.fees], in_line)


def spoken_title(procedure: Procedure) -> str:
    """Return the official title, or the short one when the official title would fill three lines of a phone."""
    return procedure.title if len(procedure.title) <= MAX_SPOKEN_TITLE else procedure.short_title


def taking_office(procedure: Procedure) -> str | None:
    """Return the office that takes the file and can be asked: the first one named, without its part in brackets."""
    first = (procedure.authority or "").split("; ")[0]
    return _ONLY_TAKES.sub("", first) or None


def receiving_offices(procedure: Procedure) -> tuple[str, ...]:
    """Return the offices that the source says take the file; the first one named where it says so of none."""
    named = tuple((procedure.authority or "").split("; ")) if procedure.authority else ()
    return tuple(office for office in named if _TAKES.search(office)) or named[:1]


def deciding_offices(procedure: Procedure) -> str | None:
    """Return the offices that do more than take the file ("(nhận hồ sơ)"); all of them when each only takes it."""
    named = (procedure.authority or "").split("; ")
    return "; ".join(office for office in named if not _ONLY_TAKES.search(office)) or procedure.authority


def legal_text(text: LegalText) -> str:
    """Return a legal text: "Luật Hộ tịch (60/2014/QH13, ngày 20/11/2014)"."""
    dated = f", ngày {day(text.issued_on)}" if text.issued_on else ""
    if " " not in text.title.removeprefix("Nghị ").removeprefix("Thông ").removeprefix("Quyết "):
        return f"{text.title} {text.number}{dated}"  # the source gives the kind only
    return f"{text.title} ({text.number}{dated})"


def legal_texts(texts: Sequence[LegalText], most: int = 6) -> tuple[str, int]:
    """Return the weightiest legal texts, bulleted (laws, then decrees, then circulars), and how many are left out."""
    ordered = sorted(texts, key=_weight)
    return lines(legal_text(text) for text in ordered[:most]), max(len(ordered) - most, 0)


def _weight(text: LegalText) -> tuple[int, int]:
    """Return the rank of a legal text: its kind, and amending texts after the ones they amend."""
    kinds = ("Bộ luật", "Luật", "Pháp lệnh", "Nghị định", "Quyết định", "Nghị quyết", "Thông tư")
    kind = next((place for place, name in enumerate(kinds) if text.title.startswith(name)), len(kinds))
    return kind, int("sửa đổi" in text.title or "phân định thẩm quyền" in text.title)


def forms(procedure: Procedure) -> list[str]:
    """Return the papers that are forms to fill in: those with a form number, or called đơn, tờ khai, phiếu, mẫu."""
    openers = ("đơn", "tờ khai", "phiếu", "mẫu", "giấy đề nghị", "văn bản đề nghị", "bản khai")
    return [
        f"{item.name}" + (f" ({item.form})" if item.form and item.form not in item.name else "")
        for item in procedure.documents
        if item.form or item.name.lower().startswith(openers)
    ]


def _one_or_list(items: Sequence[str], in_line: bool) -> str:
    if in_line:
        return "; ".join(items)
    return f" {items[0]}" if len(items) == 1 else f"\n{lines(items)}"
