"""Runs every check over the data files and gathers what they find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge.catalogue import CATALOGUE, LIFE_EVENTS, load_catalogue
from knowledge.checks.freshness import check_age, check_completeness
from knowledge.checks.law import REPEALED, check_legal_basis, check_newer_laws, load_repealed
from knowledge.checks.lists import check_elsewhere, check_outside, check_same_matter
from knowledge.checks.names import check_aliases, check_papers, check_titles
from knowledge.checks.records import Check, Context, read_records
from knowledge.checks.references import check_life_events, check_links, check_related
from knowledge.checks.words import check_words
from knowledge.errors import CatalogueError, Problem
from knowledge.fingerprints import ELSEWHERE, OUTSIDE
from knowledge.model import LifeEvent
from knowledge.same_matter import LIST

CODE_LENGTH = len("1.001193")
CHECKS: tuple[Check, ...] = (
    check_words,
    check_legal_basis,
    check_newer_laws,
    check_titles,
    check_aliases,
    check_papers,
    check_related,
    check_life_events,
    check_links,
    check_age,
    check_completeness,
)


@dataclass(frozen=True)
class Report:
    """Everything found, in the order of files and lines."""

    procedures: int
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def check_data(
    folder: Path = CATALOGUE,
    life_events: Path = LIFE_EVENTS,
    repealed: Path = REPEALED,
    today: date | None = None,
) -> Report:
    """Check every file below the two folders; a file with a schema fault does not hide the others' faults."""
    problems = _schema_problems(folder, life_events)
    records = list(read_records(folder))
    context = Context(
        today=today or date.today(),
        codes=frozenset(path.name[:CODE_LENGTH] for path in folder.rglob("*.yml")),
        life_events=_readable_events(folder, life_events),
        event_paths={path.stem: path for path in sorted(life_events.glob("*.yml"))},
        repealed=load_repealed(repealed),
    )
    found = [finding for check in CHECKS for finding in check(records, context)]
    problems += _list_problems(folder.parent, context)
    errors = problems + [finding.problem for finding in found if not finding.warning]
    warnings = [finding.problem for finding in found if finding.warning]
    return Report(len(records), _in_order(errors), _in_order(warnings))


def _list_problems(beside: Path, context: Context) -> list[Problem]:
    """Return what is wrong with the lists that stand beside the catalogue; a folder without them has none."""
    same = beside / LIST.name
    found = check_same_matter(context.codes, same) if same.exists() else ()
    elsewhere = check_elsewhere(context.codes, beside / ELSEWHERE.name)
    return [*found, *check_outside(beside / OUTSIDE.name), *elsewhere]


def _schema_problems(folder: Path, life_events: Path) -> list[Problem]:
    try:
        load_catalogue(folder, life_events)
    except CatalogueError as error:
        return list(error.problems)
    return []


def _readable_events(folder: Path, life_events: Path) -> dict[str, LifeEvent]:
    """Return the life events when all of them can be read; their own faults are told by the loader."""
    try:
        return dict(load_catalogue(folder / "no_procedures", life_events).life_events)
    except CatalogueError:
        return {}


def _in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=lambda problem: (str(problem.path), problem.line, problem.message)))
