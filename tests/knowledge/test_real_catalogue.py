"""The catalogue that this project ships: no faults, and nothing that its export does not state."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from knowledge.auditing.audit import audit
from knowledge.auditing.disagreement import load_explanations, split
from knowledge.catalogue import CATALOGUE, load_catalogue
from knowledge.checks.report import check_data
from knowledge.importer.run import plan_import
from knowledge.importer.source import SourceProcedure, read_export
from knowledge.procedure_file import write_yaml

EXPORT = Path(os.environ.get("MOT_CUA_EXPORT", "no export"))
needs_export = pytest.mark.skipif(
    not EXPORT.is_file(), reason="the national export is not part of the project: set MOT_CUA_EXPORT to its path"
)


def test_the_check_finds_no_error() -> None:
    """Main is always releasable."""
    assert [str(problem) for problem in check_data().errors] == []


def test_every_file_is_in_the_writers_form() -> None:
    """Otherwise the next import would show edits that nobody made."""
    catalogue = load_catalogue()
    paths = {path.name[:8]: path for path in CATALOGUE.rglob("*.yml")}

    other = [p.code for p in catalogue if paths[p.code].read_text(encoding="utf8") != write_yaml(p)]

    assert other == []


@pytest.fixture(scope="module")
def export() -> dict[str, SourceProcedure]:
    return {source.code: source for source in read_export(EXPORT)}


@needs_export
def test_no_number_differs_from_the_export_unexplained(export: dict[str, SourceProcedure]) -> None:
    """Fees are the first thing that counter staff check."""
    unexplained, _, idle = split(audit(load_catalogue(), export), load_explanations())

    assert [str(item) for item in unexplained] == []
    assert idle == []


@needs_export
def test_importing_the_same_export_again_changes_nothing(export: dict[str, SourceProcedure]) -> None:
    """What people mended stays mended."""
    plan = plan_import(list(export.values()), CATALOGUE, frozenset(load_catalogue().procedures))

    assert (list(plan.files), list(plan.changes)) == ([], [])
