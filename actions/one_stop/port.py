"""The port to the one-stop system (hệ thống một cửa điện tử): what any adapter must give."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Protocol
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Status(IntEnum):
    """The ten statuses (trạng thái hồ sơ) of the national portal, by their official numbers."""

    REGISTERED = 1
    ACCEPTED = 2
    NOT_ACCEPTED = 3
    IN_PROGRESS = 4
    PAPERS_NEEDED = 5
    PAYMENT_NEEDED = 6
    WITHDRAWN = 7
    STOPPED = 8
    FINISHED = 9
    RETURNED = 10

    @property
    def official_name(self) -> str:
        """Return the portal's name of the status, as officers know it."""
        return _OFFICIAL_NAMES[self]

    @property
    def is_open(self) -> bool:
        """Whether the office still works on it, so that a due date in the past means overdue."""
        return self in _OPEN


_OFFICIAL_NAMES = {
    Status.REGISTERED: "Mới đăng ký",
    Status.ACCEPTED: "Được tiếp nhận",
    Status.NOT_ACCEPTED: "Không được tiếp nhận",
    Status.IN_PROGRESS: "Đang xử lý",
    Status.PAPERS_NEEDED: "Yêu cầu bổ sung giấy tờ",
    Status.PAYMENT_NEEDED: "Yêu cầu thực hiện nghĩa vụ tài chính",
    Status.WITHDRAWN: "Công dân yêu cầu rút hồ sơ",
    Status.STOPPED: "Dừng xử lý",
    Status.FINISHED: "Đã xử lý xong",
    Status.RETURNED: "Đã trả kết quả",
}
_OPEN = frozenset({Status.REGISTERED, Status.ACCEPTED, Status.IN_PROGRESS})


@dataclass(frozen=True)
class Payment:
    """What the citizen still has to pay (nghĩa vụ tài chính).

    amount_vnd: None when the system does not say.
    url: where to pay, on a gov.vn host, or None.
    """

    amount_vnd: int | None
    description: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class ApplicationRecord:
    """An application (hồ sơ) as the one-stop system tells it; absent facts are None or empty.

    status: None when the system gives a status that the national list does not have.
    status_text: the status as received.
    proofs: keyed digests of the last four digits of each number on file, never the digits.
    due_at: the latest appointed day (ngày hẹn trả), the new one when the office moved it.
    as_of: when the one-stop system answered.
    """

    code: str
    procedure_title: str | None
    procedure_code: str | None
    status: Status | None
    status_text: str
    owner_name: str = field(repr=False)
    proofs: tuple[bytes, ...] = field(repr=False)
    received_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    office: str | None
    reason: str | None
    papers_to_add: tuple[str, ...]
    papers_due_at: datetime | None
    payment: Payment | None
    as_of: datetime


class OneStop(Protocol):
    """A one-stop system that can be asked for one application at a time."""

    async def application(self, code: str) -> ApplicationRecord:
        """Return the application (hồ sơ) with this canonical code.

        Raises:
            ApplicationNotFound: the system has no such code.
            OneStopUnavailable: no usable answer within the time.
            OneStopMisconfigured: the system rejects our credentials or address.
        """
        ...

    async def check(self) -> None:
        """Log in afresh to see whether the system answers; for a health page, at most once a minute.

        Raises:
            OneStopUnavailable, OneStopMisconfigured: as for `application`.
        """
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


def vietnam_now() -> datetime:
    """Return the moment, in Vietnam's time."""
    return datetime.now(VIETNAM)
