"""What a citizen may see, and when an application counts as late."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from actions.one_stop.identity import DigitProof
from actions.one_stop.port import VIETNAM, Payment, Status
from actions.one_stop.status_view import is_overdue, status_view
from tests.fakes.one_stop import NOON, make_record

PROOF = DigitProof()


@pytest.mark.parametrize("status", [None, *Status])
def test_money_and_papers_are_shown_only_while_they_are_due(status: Status | None) -> None:
    """A list of papers from last month would send somebody to the office for nothing."""
    record = make_record(
        PROOF,
        status=status,
        payment=Payment(amount_vnd=100_000),
        papers_to_add=("Bản vẽ",),
        papers_due_at=NOON,
    )

    view = status_view(record, NOON)

    assert (view.payment is not None) == (status is Status.PAYMENT_NEEDED)
    assert (view.papers_to_add != ()) == (status is Status.PAPERS_NEEDED)
    assert (view.papers_due_at is not None) == (status is Status.PAPERS_NEEDED)


@pytest.mark.parametrize("status", [None, *Status])
def test_only_open_applications_can_be_late(status: Status | None) -> None:
    """No apology for what is done, stopped, or waiting for the citizen."""
    is_open = status in (Status.REGISTERED, Status.ACCEPTED, Status.IN_PROGRESS)

    assert is_overdue(status, NOON - timedelta(days=2), NOON) == is_open


def test_the_appointed_day_lasts_until_its_midnight_in_vietnam() -> None:
    """At five in the afternoon the office is not yet late, though it is closed."""
    due_at = datetime(2026, 11, 22, 16, 30, tzinfo=VIETNAM)

    assert not is_overdue(Status.IN_PROGRESS, due_at, datetime(2026, 11, 22, 23, 59, tzinfo=VIETNAM))
    assert is_overdue(Status.IN_PROGRESS, due_at, datetime(2026, 11, 23, 0, 1, tzinfo=VIETNAM))


def test_without_an_appointed_day_nothing_is_late() -> None:
    """Absent is said to be absent."""
    assert not is_overdue(Status.IN_PROGRESS, None, NOON)
