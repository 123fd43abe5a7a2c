"""Codes as citizens type them; the cases live in code_cases.yml."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.codes import CodeProblem, find_application_codes, find_procedure_codes

TODAY = date(2026, 11, 22)
CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("code_cases.yml").read_text(encoding="utf-8")
)


def _cases(group: str) -> list[Any]:
    return [pytest.param(case, id=case["why"]) for case in CASES[group]]


@pytest.mark.parametrize("case", _cases("right"))
def test_a_code_is_found_however_it_is_typed(case: dict[str, Any]) -> None:
    """People copy codes from paper, phones and word processors."""
    found = find_application_codes(case["typed"], today=TODAY)

    assert [match.code for match in found] == case["codes"]
    assert all(match.problem is None for match in found)


@pytest.mark.parametrize("case", _cases("wrong"))
def test_a_wrong_form_is_named(case: dict[str, Any]) -> None:
    """ "Check the day inside" helps more than "not found"."""
    found = find_application_codes(case["typed"], today=TODAY)

    assert [match.problem for match in found] == [CodeProblem(name) for name in case["problems"]]
    assert all(match.code is None for match in found)


@pytest.mark.parametrize("case", _cases("no_code"))
def test_other_numbers_are_no_codes(case: dict[str, Any]) -> None:
    """A phone number or a day must not be answered with "your code is wrong"."""
    assert find_application_codes(case["typed"], today=TODAY) == []


@pytest.mark.parametrize("case", _cases("procedures"))
def test_procedure_codes_lose_their_local_suffix(case: dict[str, Any]) -> None:
    """The catalogue knows 1.001193 only."""
    assert find_procedure_codes(case["typed"]) == case["codes"]


@pytest.mark.parametrize("case", _cases("right") + _cases("wrong"))
def test_a_match_says_where_it_stands(case: dict[str, Any]) -> None:
    """Whoever masks or marks the text needs the exact place."""
    text = "Dạ e\u0302m hỏi\u200b: " + case["typed"]

    for match in find_application_codes(text, today=TODAY):
        assert text[match.start : match.end] == match.raw


def test_today_is_the_day_in_vietnam_by_default() -> None:
    """A server on UTC must not call this morning's receipt a future one."""
    assert find_application_codes("H50.05-991231-0001")[0].problem is CodeProblem.FUTURE_DATE


@pytest.mark.parametrize("piece", ["0", "O", "L ", "0.", "00 ", "H50.05-", "H50 05 ", "H50.05.05.05.05-261120-"])
def test_hostile_text_takes_no_long_time(piece: str) -> None:
    """The text comes from anybody, and it is read on every turn; 2 s leaves room for a busy machine."""
    started = time.process_time()

    find_application_codes(piece * (20_000 // len(piece)))
    find_procedure_codes(piece * (20_000 // len(piece)))

    assert time.process_time() - started < 2
