"""What counts as a change of an application, and that nobody can read it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from actions.one_stop.port import Payment, Status
from actions.one_stop.state import StateMaker
from tests.actions.test_applications import NOON, VIEW

MAKER = StateMaker(b"k")
LATER = NOON + timedelta(days=2)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": Status.FINISHED},
        {"status": None, "status_text": "Chờ liên thông thuế"},
        {"due_at": LATER},
        {"papers_to_add": ("Đơn",)},
        {"papers_due_at": LATER},
        {"payment": Payment(50_000)},
    ],
)
def test_what_a_citizen_would_want_to_know_is_a_change(changes: dict[str, Any]) -> None:
    """Another status, appointment, papers, or amount."""
    assert MAKER.of(replace(VIEW, **changes)).digest != MAKER.of(VIEW).digest


@pytest.mark.parametrize(
    "changes",
    [
        {"as_of": LATER},
        {"is_stale": True},
        {"is_overdue": True},
        {"owner_masked": "A*** B**"},
        {"reason": "Chuyển phòng chuyên môn"},
        {"procedure_title": "Tên khác"},
    ],
)
def test_what_only_looks_different_is_none(changes: dict[str, Any]) -> None:
    """Offices write notes at every small step; a phone that rings for nothing is soon silenced."""
    assert MAKER.of(replace(VIEW, **changes)) == MAKER.of(VIEW)


@pytest.mark.parametrize("status", [Status.NOT_ACCEPTED, Status.PAPERS_NEEDED, Status.STOPPED])
def test_a_reason_counts_where_it_is_shown(status: Status) -> None:
    """There it is the message."""
    view = replace(VIEW, status=status)

    assert MAKER.of(replace(view, reason="Thiếu chữ ký")) != MAKER.of(view)


def test_a_moved_appointment_of_a_finished_application_is_no_news() -> None:
    """It can be fetched already."""
    view = replace(VIEW, status=Status.FINISHED)

    assert MAKER.of(replace(view, due_at=LATER)) == MAKER.of(view)


def test_without_the_key_the_digest_tells_nothing() -> None:
    """There are only ten statuses to try."""
    assert StateMaker(b"other").of(VIEW).digest != MAKER.of(VIEW).digest


@pytest.mark.parametrize("status", [*Status, None])
def test_final_is_what_nothing_follows(status: Status | None) -> None:
    """A finished application still gets fetched; that is its last news."""
    final = {Status.NOT_ACCEPTED, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED}

    assert MAKER.of(replace(VIEW, status=status)).is_final == (status in final)
