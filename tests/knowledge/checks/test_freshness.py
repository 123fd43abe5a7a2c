"""How old facts are, and what no record can lack."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.checks.freshness import check_age, check_completeness, months_between
from knowledge.model import Channel
from tests.knowledge.builders import TODAY, make_procedure
from tests.knowledge.checks.records import messages, run_check


@pytest.mark.parametrize(
    ("as_of", "warnings", "errors"),
    [(date(2025, 5, 22), 0, 0), (date(2025, 4, 21), 1, 0), (date(2026, 11, 23), 0, 1), (TODAY, 0, 0)],
)
def test_facts_older_than_eighteen_months_are_a_reminder(as_of: date, warnings: int, errors: int) -> None:
    """Fees and papers change every year or two; a day to come is a slip."""
    found = run_check(check_age, make_procedure(as_of=as_of))

    assert (sum(f.warning for f in found), sum(not f.warning for f in found)) == (warnings, errors)


def test_months_are_whole_months() -> None:
    """The day before the month is full does not count."""
    assert months_between(date(2025, 5, 23), date(2026, 11, 22)) == 17
    assert months_between(date(2025, 5, 22), date(2026, 11, 22)) == 18


def test_a_record_without_level_or_way_is_told() -> None:
    """ "Where do I go?" must have an answer."""
    procedure = make_procedure(levels=(), channels=(), durations=(), fees=())

    assert [finding.warning for finding in run_check(check_completeness, procedure)] == [False, True]


def test_a_fee_for_a_way_that_is_not_offered_is_told() -> None:
    """Either the way or the fee is wrong."""
    told = messages(run_check(check_completeness, make_procedure(channels=(Channel.COUNTER,))))

    assert [message.split(" ")[0] for message in told] == ["durations", "fees"]
