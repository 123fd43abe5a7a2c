"""Times in the file beside times in the source."""

from __future__ import annotations

import pytest

from knowledge.auditing.times import compare_times, stands_in
from knowledge.model import Duration, TimeUnit
from tests.knowledge.builders import EVERY_WAY, make_procedure, make_source


def test_the_same_time_is_no_difference() -> None:
    """05 and 5 are one number."""
    assert list(compare_times(make_procedure(), make_source())) == []


def test_a_time_that_the_source_does_not_state_is_told() -> None:
    """So is the stated one that is missing, way by way."""
    procedure = make_procedure(durations=(Duration(EVERY_WAY, 7, TimeUnit.DAY),))

    found = list(compare_times(procedure, make_source()))

    assert found[0] == "nguồn (online) có 5 ngày làm việc, tệp không có"
    assert found[-1] == "nguồn không có 7 ngày"


def test_an_inferred_sum_may_be_told_in_its_parts() -> None:
    """60 days of checking and 15 of deciding say more than 75."""
    source = make_source(modes=[{"mode": "Trực tiếp"}], time_limit="75 ngày", time_limit_inferred=True)
    steps = "Thẩm định trong 60 ngày, quyết định trong 15 ngày."
    parts = tuple(Duration(EVERY_WAY, days, TimeUnit.DAY, case="một khâu") for days in (60, 15))

    found = compare_times(make_procedure(durations=parts), source.model_copy(update={"steps": steps}))

    assert list(found) == []
    assert list(compare_times(make_procedure(durations=()), source)) == [
        f"nguồn ({way.value}) có 75 ngày, tệp không có" for way in EVERY_WAY
    ]


def test_another_case_may_come_from_the_steps() -> None:
    """The steps say how long it takes when something has to be verified."""
    extra = Duration(EVERY_WAY, 20, TimeUnit.DAY, case="khi cần xác minh")
    procedure = make_procedure(durations=(*make_procedure().durations, extra))

    assert list(compare_times(procedure, make_source(steps="Khi cần xác minh thì không quá 20 ngày."))) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("trong 05 ngày làm việc", True),
        ("trong 05 (năm) ngày làm việc", True),
        ("trong năm ngày làm việc", True),
        ("trong 15 ngày làm việc", False),
        ("trong 5 ngày", False),
        ("trong 1.5 ngày làm việc", False),
    ],
)
def test_a_number_is_found_with_its_unit(text: str, found: bool) -> None:
    """5 is not 15, and a day is not a working day."""
    assert stands_in(5, TimeUnit.WORKING_DAY, text) is found


def test_a_day_is_not_found_in_a_working_day() -> None:
    """5 working days may be 9 days."""
    assert not stands_in(5, TimeUnit.DAY, "trong 5 ngày làm việc")
