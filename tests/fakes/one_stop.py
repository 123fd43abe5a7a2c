"""Stands in for the one-stop system and for the clock, strictly and without waiting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from actions.one_stop.errors import ApplicationNotFound, OneStopError
from actions.one_stop.identity import DigitProof
from actions.one_stop.port import VIETNAM, ApplicationRecord, Payment, Status

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=VIETNAM)
CODE = "H50.05-261120-0975"


class FakeClock:
    """A clock that only moves when somebody sleeps or works."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        """Return the seconds so far."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Pass the time at once."""
        if seconds < 0:
            raise AssertionError("nobody can sleep backwards")
        self.seconds += seconds


class FakeOneStop:
    """A one-stop system in memory.

    works_for_s: called for each question, how long the system takes for it on the clock.
    trouble: raised instead of an answer while it is set.
    """

    def __init__(
        self,
        *records: ApplicationRecord,
        clock: FakeClock | None = None,
        works_for_s: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.records = {record.code: record for record in records}
        self.trouble: OneStopError | None = None
        self.asked: list[str] = []
        self._clock = clock or FakeClock()
        self._works_for_s = works_for_s

    async def application(self, code: str) -> ApplicationRecord:
        """Return the record; see `OneStop.application`."""
        self.asked.append(code)
        self._clock.seconds += self._works_for_s()
        if self.trouble is not None:
            raise self.trouble
        if code not in self.records:
            raise ApplicationNotFound
        return self.records[code]

    async def check(self) -> None:
        """Raise the trouble, if any."""
        if self.trouble is not None:
            raise self.trouble

    async def aclose(self) -> None:
        """Do nothing: there is no connection."""


def make_record(
    proof: DigitProof,
    *,
    code: str = CODE,
    status: Status | None = Status.IN_PROGRESS,
    status_text: str = "4",
    owner_name: str = "Nguyễn Văn Mẫu",
    id_number: str | None = "000010001234",
    phone: str | None = "0000215678",
    due_at: datetime | None = None,
    papers_to_add: tuple[str, ...] = (),
    papers_due_at: datetime | None = None,
    payment: Payment | None = None,
    as_of: datetime = NOON,
) -> ApplicationRecord:
    """Return an invented application; its digits are 1234 and 5678."""
    return ApplicationRecord(
        code=code,
        procedure_title="Đăng ký khai sinh",
        procedure_code="1.001193",
        status=status,
        status_text=status_text,
        owner_name=owner_name,
        proofs=proof.of_numbers(code, id_number, phone),
        received_at=NOON,
        due_at=due_at,
        finished_at=None,
        returned_at=None,
        office="UBND xã Ví Dụ",
        reason=None,
        papers_to_add=papers_to_add,
        papers_due_at=papers_due_at,
        payment=payment,
        as_of=as_of,
    )
