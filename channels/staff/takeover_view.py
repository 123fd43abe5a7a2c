"""Conversations at the desk as clerks read them: one row of the queue, one line of a talk, in plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.desk import TakeOver
from channels.desk.hours import VIETNAM
from channels.desk.masking import is_masked
from channels.desk.patience import is_late, unseen_since
from channels.staff.roles import Officer
from channels.store.moments import to_ms
from channels.store.tickets import Delivery, Ended, Reason, State, Ticket
from channels.store.transcripts import Line, Who

_CHANNELS = {"web": "Trang cổng", "telegram": "Telegram", "zalo": "Zalo"}
_REASONS = {
    Reason.ASKED: "xin gặp cán bộ",
    Reason.MISSED: "máy hai lần không trả lời được",
    Reason.COMPLAINT: "phản ánh",
    Reason.DANGER: "báo nguy hiểm",
}
_ENDED = {
    Ended.SETTLED: "Đã kết thúc: cán bộ trả lời xong.",
    Ended.MACHINE: "Đã trả về máy.",
    Ended.CITIZEN: "Người dân đã kết thúc.",
    Ended.QUIET: "Tự kết thúc vì lâu không ai nhắn.",
}
DELIVERIES = {
    Delivery.DONE: "",
    Delivery.HELD: "Lời nhắn mới nhất đang giữ lại: Zalo chỉ cho gửi tiếp khi người dân nhắn lại.",
    Delivery.TRYING: "Lời nhắn mới nhất chưa tới vì kênh đang trục trặc; hệ thống tự gửi lại.",
    Delivery.REFUSED: "Lời nhắn mới nhất không tới được: người dân đã chặn hoặc rời kênh này.",
}
_SPEAKERS = {Who.CITIZEN: "Người dân", Who.MACHINE: "Máy", Who.OFFICER: "Cán bộ", Who.DESK: ""}
#: What the machine said at length, the clerk mostly knows.
_LONG, _HEAD = 280, 120


@dataclass(frozen=True)
class Row:
    """One conversation of the queue. It holds no words: reading a conversation is written down, the queue is not.

    since_ms: since when its citizen waits, None while it is their turn.  can_take: the clerk may take it now.
    held_by: the colleague to take it away from, who has left its citizen waiting too long, or in danger.
    """

    id: int
    path: str
    name: str
    reason: str
    channel: str
    field: str | None
    wanted: str | None
    officer: str | None
    state: str
    is_mine: bool
    for_me: bool
    is_late: bool
    is_urgent: bool
    is_unread: bool
    can_take: bool
    held_by: int | None
    since_ms: int | None
    ended: str | None

    def plain(self) -> dict[str, Any]:
        return dict(vars(self))


def row_of(ticket: Ticket, officer: Officer, desk: TakeOver, now: datetime) -> Row:
    """Return a ticket as an officer sees it."""
    is_mine = ticket.state is State.TAKEN and ticket.officer_id == officer.account_id
    late = is_late(ticket, desk.hours, now, desk.settings.remind_after)
    since = unseen_since(ticket) if ticket.state is not State.CLOSED else None
    from_colleague = ticket.state is State.TAKEN and not is_mine and ticket.is_unanswered and (late or ticket.is_urgent)
    return Row(
        id=ticket.id,
        path=f"/can-bo/tro-chuyen/{ticket.id}",
        name=f"Trao đổi {ticket.id}",
        reason=_REASONS[ticket.reason],
        channel=_CHANNELS.get(ticket.channel or "", "kênh đã xóa"),
        field=ticket.field,
        wanted=ticket.wanted_name,
        officer=ticket.officer_name if ticket.state is State.TAKEN else None,
        state=ticket.state.value,
        is_mine=is_mine,
        for_me=ticket.wanted_id == officer.account_id,
        is_late=late and ticket.state is not State.CLOSED,
        is_urgent=ticket.is_urgent,
        is_unread=is_mine and ticket.is_unread,
        can_take=ticket.state is State.WAITING or from_colleague,
        held_by=ticket.officer_id if from_colleague else None,
        since_ms=to_ms(since) if since else None,
        ended=_ENDED[ticket.ended] if ticket.ended else None,
    )


def rows_of(tickets: list[Ticket], officer: Officer, desk: TakeOver, now: datetime) -> list[Row]:
    """Return the queue: who is in danger, one's own, unread before read, who waits (for me first), then the rest."""
    rows = [row_of(ticket, officer, desk, now) for ticket in tickets]
    return sorted(rows, key=_place)


def _place(row: Row) -> tuple[bool, ...]:
    return not row.is_urgent, not row.is_mine, not row.is_unread, row.state != "waiting", not row.for_me


def lines_of(ticket: Ticket, lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Return the lines that belong to a ticket: what was said after its end is no clerk's business."""
    until = ticket.closed_at
    return [line_of(line) for line in lines if until is None or line.at <= until]


def line_of(line: Line) -> dict[str, Any]:
    """Return one line of a talk. head: the beginning of a long answer of the machine, which is folded."""
    text = line.text.replace("**", "")
    is_long = line.who is Who.MACHINE and len(text) > _LONG
    at = line.at.astimezone(VIETNAM)
    return {
        "id": line.id,
        "who": line.who.value,
        "speaker": f"Cán bộ: {line.officer}" if line.officer else _SPEAKERS[line.who],
        "text": text,
        "head": f"{' '.join(text[:_HEAD].split())}…" if is_long else None,
        "at": f"{at:%H:%M %d/%m}",
        "masked": is_masked(line.text),
    }


def waited_words(since_ms: int | None, now: datetime) -> str:
    """Return how long somebody has waited: "dưới 1 phút", "12 phút", "3 giờ", "2 ngày"."""
    if since_ms is None:
        return ""
    minutes = max(0, to_ms(now) - since_ms) // 60_000
    if minutes < 1:
        return "dưới 1 phút"
    if minutes < 60:
        return f"{minutes} phút"
    return f"{minutes // 60} giờ" if minutes < 48 * 60 else f"{minutes // (24 * 60)} ngày"
