"""References: related procedures, life events and links lead somewhere that may be shown."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from knowledge.checks.records import Context, Finding, Record, error
from knowledge.errors import Problem

#: Hosts that answers may link to; a name also stands for the hosts below it.
ALLOWED_HOSTS = (
    "dichvucong.gov.vn",
    "chinhphu.vn",
    "quangtri.gov.vn",
    "quangbinh.gov.vn",
    "vbpl.vn",
    "moj.gov.vn",
    "bocongan.gov.vn",
    "baohiemxahoi.gov.vn",
    "gdt.gov.vn",
)


def is_allowed(url: str) -> bool:
    """Tell whether a link is https and leads to an allowed host.

    >>> is_allowed("https://dichvucong.gov.vn/p/home"), is_allowed("https://dichvucong.gov.vn.example.com/")
    (True, False)
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    known = any(host == name or host.endswith("." + name) for name in ALLOWED_HOSTS)
    return parts.scheme == "https" and known and parts.username is None


def check_links(records: Sequence[Record], context: Context) -> Iterator[Finding]:
    """Find links that lead away from the state's own sites."""
    for record in records:
        url = record.procedure.source_url
        if not is_allowed(url):
            say = f"{url!r} không phải địa chỉ https của cơ quan nhà nước: ghi trang của thủ tục trên dichvucong.gov.vn"
            yield error(record, say, "source_url")
        elif record.procedure.code not in url:
            yield error(
                record, f"đường dẫn không có mã {record.procedure.code}: dẫn sai trang, sửa lại mã", "source_url"
            )


def check_related(records: Sequence[Record], context: Context) -> Iterator[Finding]:
    """Find related codes and life events that do not exist."""
    for record in records:
        procedure = record.procedure
        for place, related in enumerate(procedure.related):
            if related.code == procedure.code:
                yield error(record, f"related nhắc chính thủ tục này ({related.code}): bỏ đi", "related", place)
            elif related.code not in context.codes:
                say = f"related nhắc mã {related.code} không có trong danh mục: sửa mã hoặc bỏ đi"
                yield error(record, say, "related", place)
        for name in procedure.life_events:
            if name not in context.event_paths:
                close = difflib.get_close_matches(name, context.event_paths, n=1)
                hint = f': ý anh/chị là "{close[0]}"?' if close else ": bỏ đi, hoặc viết tệp ấy trong life_events trước"
                yield error(record, f'không có sự kiện "{name}"{hint}', "life_events")


def check_life_events(records: Sequence[Record], context: Context) -> Iterator[Finding]:
    """Find steps of life events that lead to no procedure, and events that say the same."""
    owners: dict[str, str] = {}
    for name, event in context.life_events.items():
        path = context.event_paths[name]
        lines = path.read_text(encoding="utf8").splitlines()
        for step in event.steps:
            if step.code not in context.codes:
                say = f"bước nhắc mã {step.code} không có trong danh mục: sửa mã hoặc bỏ bước này"
                yield Finding(Problem(path, _line_with(lines, step.code), say))
        for alias in event.also_called:
            other = owners.setdefault(alias.lower(), name)
            if other != name:
                say = f'"{alias}" đã có ở sự kiện {other}: bỏ ở một bên'
                yield Finding(Problem(path, _line_with(lines, alias), say))


def _line_with(lines: Sequence[str], text: str) -> int:
    return next((number for number, line in enumerate(lines, 1) if text in line), 1)
