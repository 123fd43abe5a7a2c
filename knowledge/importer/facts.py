"""What can be read off a source procedure by rule: levels, channels, plain times and fees, counts of papers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from knowledge.importer.source import SourceMode, SourcePaper, SourceProcedure, mark
from knowledge.model import Act, Channel, Duration, Facets, Fee, Level, OnlineService, Paper, TimeUnit
from knowledge.vietnamese import classic_tones, fold, nfc

CHANNELS = {"Trực tuyến": Channel.ONLINE, "Trực tiếp": Channel.COUNTER, "Dịch vụ bưu chính": Channel.POST}
LEVELS = {"province": Level.PROVINCE, "commune": Level.COMMUNE, "ministry": Level.MINISTRY}
UNITS = {
    "phút": TimeUnit.MINUTE,
    "giờ": TimeUnit.HOUR,
    "giờ làm việc": TimeUnit.WORKING_HOUR,
    "ngày": TimeUnit.DAY,
    "ngày làm việc": TimeUnit.WORKING_DAY,
    "tuần": TimeUnit.WEEK,
    "tháng": TimeUnit.MONTH,
    "năm": TimeUnit.YEAR,
}
AUDIENCE = {
    "Công dân Việt Nam": "công dân",
    "Cán bộ, công chức, viên chức": "cán bộ, công chức, viên chức",
    "Người Việt Nam định cư ở nước ngoài": "người Việt Nam định cư ở nước ngoài",
    "Người nước ngoài": "người nước ngoài",
    "Người nước ngoài cư trú tại Việt Nam": "người nước ngoài",
    "Doanh nghiệp": "doanh nghiệp",
    "Doanh nghiệp Việt Nam": "doanh nghiệp",
    "Doanh nghiệp có vốn đầu tư nước ngoài": "doanh nghiệp có vốn nước ngoài",
    "Hợp tác xã": "hợp tác xã",
    "HTX)": "hợp tác xã",
    "Tổ chức (không bao gồm doanh nghiệp": "tổ chức",
    "Tổ chức (không bao gồm doanh nghiệp, HTX)": "tổ chức",
    "Tổ chức nước ngoài": "tổ chức nước ngoài",
    "Đảng viên": "đảng viên",
    "Tổ chức Đảng": "tổ chức Đảng",
    "Công dân Việt Nam mà không xác định được nơi thường trú hoặc nơi tạm trú": "công dân",
}
_TIME = re.compile(r"^0*(\d+)\s+(" + "|".join(sorted(UNITS, key=len, reverse=True)) + r")$")
_DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_ABOLISHED = re.compile(r",?\s*(cấp|quận|,)?\s*huyện\b", re.IGNORECASE)
MAX_DRAFT = 110


def channels_of(source: SourceProcedure) -> tuple[Channel, ...]:
    """Return the ways of handing in, in the order online, counter, post."""
    stated = {CHANNELS[name] for name in source.submission if name in CHANNELS}
    return tuple(channel for channel in Channel if channel in stated)


def online_of(source: SourceProcedure) -> OnlineService | None:
    """Return full, partial, or None when there is no online service."""
    if Channel.ONLINE not in channels_of(source):
        return None
    return OnlineService.FULL if source.full_online else OnlineService.PARTIAL


def levels_of(source: SourceProcedure) -> tuple[Level, ...]:
    return tuple(dict.fromkeys(LEVELS.get(name, Level.OTHER) for name in source.level))


def audience_of(source: SourceProcedure) -> tuple[str, ...]:
    return tuple(dict.fromkeys(AUDIENCE.get(name, name) for name in source.audience))


def parse_time(text: str) -> tuple[int, TimeUnit] | None:
    """Return amount and unit of a plain time ("5 ngày làm việc"), or None."""
    found = _TIME.match(re.sub(r"\s+", " ", nfc(text)).strip())
    return (int(found[1]), UNITS[found[2]]) if found else None


def durations_of(source: SourceProcedure) -> tuple[Duration, ...] | None:
    """Return the times by way of handing in; None when a text needs a person's reading."""
    times = [(CHANNELS.get(mode.mode), parse_time(mode.time)) for mode in source.modes]
    if times and all(channel and time for channel, time in times):
        grouped: dict[tuple[int, TimeUnit], list[Channel]] = {}
        for channel, time in times:
            if channel and time and channel not in grouped.setdefault(time, []):
                grouped[time].append(channel)
        return tuple(Duration(in_order(channels), *time) for time, channels in grouped.items())
    whole = parse_time(source.time_limit or "")
    if whole and not any(mode.time.strip() for mode in source.modes):
        return (Duration(channels_of(source), *whole, inferred=source.time_limit_inferred),)
    return None


def has_plain_fees(source: SourceProcedure) -> bool:
    """Tell whether every way of handing in says "Miễn phí" or nothing."""
    return all(mode.fee.strip() in ("Miễn phí", "") for mode in source.modes)


def fees_of(source: SourceProcedure) -> tuple[Fee, ...] | None:
    """Return the fees when they are plain (free, or not stated); None when a text needs a person's reading."""
    if not has_plain_fees(source):
        return None
    free = [CHANNELS[mode.mode] for mode in source.modes if _is_free(mode)]
    return (Fee(in_order(free), amount_vnd=0),) if free else ()


def _is_free(mode: SourceMode) -> bool:
    return mode.fee.strip() == "Miễn phí" and mode.mode in CHANNELS


def in_order(channels: Iterable[Channel]) -> tuple[Channel, ...]:
    """Return the channels once each, in the fixed order."""
    given = set(channels)
    return tuple(channel for channel in Channel if channel in given)


def as_of(source: SourceProcedure) -> date:
    """Return the day of the source's last update, else of its reading; of a day it writes badly, the month's first.

    A source without any readable day is dated 1970-01-01, which the check reports as stale.
    """
    for stated in (source.updated_at, source.crawled_at):
        found = _DAY.match(stated or "")
        if found:
            year, month, day = int(found[1]), int(found[2]), int(found[3] or 1)
            try:
                return date(year, month, day)
            except ValueError:
                continue
    return date(1970, 1, 1)


def readable_title(name: str) -> str:
    """Return an official title in readable case, without a leading "Thủ tục".

    >>> readable_title("THỦ TỤC ĐĂNG KÝ KHAI SINH.")
    'Đăng ký khai sinh'
    """
    title = re.sub(r"\s+", " ", classic_tones(name)).strip(" .;")
    if title.isupper():
        title = title.lower()
    title = re.sub(r"^(thủ tục(?: hành chính)?)[:\s]+(?=\S)", "", title, flags=re.IGNORECASE)
    return title[:1].upper() + title[1:]


def is_note(paper: SourcePaper) -> bool:
    """Tell whether a row is most likely a remark: it counts no original and no copy."""
    return paper.counted and paper.original == 0 and paper.copy_count == 0


def draft_paper(row: SourcePaper) -> Paper:
    """Return a paper under a provisional name (the row's first clause); a person still has to name it."""
    name = re.sub(r"^\s*(?:[-+•*]|[a-zđ]\)|\d+[.)])\s*", "", row.name)
    name = _ABOLISHED.sub("", re.split(r"[;.:(]|, trong trường hợp| theo quy định| theo mẫu", name)[0]).strip(" ,")
    if len(name) > MAX_DRAFT:
        name = name[:MAX_DRAFT].rsplit(" ", 1)[0]
    name = (name or "Giấy tờ chưa đặt tên")[:1].upper() + (name or "Giấy tờ chưa đặt tên")[1:]
    return Paper(name, row.original, row.copy_count, source=(mark(row.name),), draft=True)


def counted(paper: Paper, rows: Iterable[SourcePaper]) -> Paper:
    """Return the paper with the counts of one of its source rows: the one that asks for most originals, then copies.

    Counts of different rows are never mixed: "one original" here and "one copy" there is not both.
    """
    counts = [(row.original, row.copy_count) for row in rows]
    originals, copies = max(counts, default=(paper.originals, paper.copies))
    return Paper(paper.name, originals, copies, paper.case, paper.form, paper.source, paper.draft)


def rows_by_mark(source: SourceProcedure) -> dict[str, list[SourcePaper]]:
    """Return the source's rows by fingerprint; the same row may stand in several case groups, counted differently."""
    rows: dict[str, list[SourcePaper]] = {}
    for row in source.documents:
        rows.setdefault(mark(row.name), []).append(row)
    return rows


def counts_fit(paper: Paper, rows: Mapping[str, Sequence[SourcePaper]]) -> bool:
    """Tell whether the paper's counts are those of one of its rows."""
    stated = {(row.original, row.copy_count) for key in paper.source for row in rows[key]}
    return not stated or (paper.originals, paper.copies) in stated


def guess_facets(title: str) -> Facets:
    """Return first facets from the title's words; a person corrects them."""
    folded = fold(title)
    for words, act in (
        ("dang ky lai", Act.REGISTER_AGAIN),
        ("cap lai", Act.REISSUE),
        ("cap doi", Act.EXCHANGE),
        ("gia han", Act.EXTEND),
        ("thu hoi", Act.REVOKE),
        ("xoa ", Act.CANCEL),
        ("cai chinh", Act.CORRECT),
        ("thay doi", Act.CHANGE),
        ("xac nhan", Act.CONFIRM),
        ("ho tro", Act.SUPPORT),
        ("tro cap", Act.SUPPORT),
        ("giay phep", Act.LICENSE),
    ):
        if words in folded:
            return Facets(act)
    return Facets(Act.FIRST)
