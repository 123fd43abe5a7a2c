"""Near pairs on the real catalogue: what is asked comes first, and its costly twin is never the answer."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.commands.services import load_search
from knowledge.search import Search
from knowledge.verdict import Judge, Outcome
from knowledge.vietnamese import fold

PAIRS = Path(__file__).parents[1] / "search_cases" / "near_pairs" / "near_pairs.yml"
ENTRIES: list[dict[str, Any]] = yaml.safe_load(PAIRS.read_text(encoding="utf8"))


@cache
def search() -> Search:
    return load_search()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["question"])
def test_the_twin_is_never_the_answer(entry: dict[str, Any]) -> None:
    """“Khai tử” must never yield “khai sinh”, with or without diacritics."""
    for question in (entry["question"], fold(entry["question"])):
        result = search().find(question)

        assert result.hits[0].procedure.code in entry["codes"], question
        verdict = Judge.load().judge(result)
        if verdict.outcome is Outcome.CLEAR:
            assert verdict.hits[0].procedure.code not in entry["never"], question


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["question"])
def test_the_list_names_procedures_that_exist(entry: dict[str, Any]) -> None:
    """A pair of codes that nobody has proves nothing."""
    known = search().index.catalogue.procedures

    assert {*entry["codes"], *entry["never"]} <= set(known)
