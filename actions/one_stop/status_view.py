"""What a citizen may see of an application (hồ sơ): facts for the templates, the name masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from actions.one_stop.identity import mask_name
from actions.one_stop.port import ApplicationRecord, Payment, Status


@dataclass(frozen=True)
class StatusView:
    """Where an application stands, ready to be worded; absent facts are None or empty.

    status: None when the office uses a status outside the national list; then show `status_text` as received.
    is_overdue: the appointed day is over and the office still works on it.
    is_stale: the system was not reachable; these are the facts of `as_of`.
    papers_to_add, payment: given only while the status asks for them.
    """

    code: str
    procedure_title: str | None
    procedure_code: str | None
    status: Status | None
    status_text: str
    owner_masked: str
    received_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    office: str | None
    reason: str | None
    papers_to_add: tuple[str, ...]
    papers_due_at: datetime | None
    payment: Payment | None
    is_overdue: bool
    is_stale: bool
    as_of: datetime


def status_view(record: ApplicationRecord, now: datetime) -> StatusView:
    """Return what may be shown; only after the identity check, or for a subscription that passed it."""
    wants_papers = record.status is Status.PAPERS_NEEDED
    return StatusView(
        code=record.code,
        procedure_title=record.procedure_title,
        procedure_code=record.procedure_code,
        status=record.status,
        status_text=record.status_text,
        owner_masked=mask_name(record.owner_name),
        received_at=record.received_at,
        due_at=record.due_at,
        finished_at=record.finished_at,
        returned_at=record.returned_at,
        office=record.office,
        reason=record.reason,
        papers_to_add=record.papers_to_add if wants_papers else (),
        papers_due_at=record.papers_due_at if wants_papers else None,
        payment=record.payment if record.status is Status.PAYMENT_NEEDED else None,
        is_overdue=is_overdue(record.status, record.due_at, now),
        is_stale=False,
        as_of=record.as_of,
    )


def is_overdue(status: Status | None, due_at: datetime | None, now: datetime) -> bool:
    """Tell whether the appointed day (ngày hẹn trả) is over: until its midnight the office is in time."""
    if status is None or due_at is None or not status.is_open:
        return False
    return now.astimezone(due_at.tzinfo).date() > due_at.date()
