"""Runs one check over invented procedures, without files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from knowledge.checks.records import Check, Context, Finding, Record
from knowledge.model import LifeEvent, Procedure
from knowledge.procedure_file import write_yaml
from tests.knowledge.builders import TODAY


def run_check(
    check: Check,
    *procedures: Procedure,
    repealed: Mapping[str, str] | None = None,
    events: Mapping[str, LifeEvent] | None = None,
    event_paths: Mapping[str, Path] | None = None,
) -> list[Finding]:
    """Return what a check finds."""
    records = [Record(Path(f"{p.code}.yml"), write_yaml(p), p) for p in procedures]
    return list(
        check(
            records,
            Context(TODAY, frozenset(p.code for p in procedures), events or {}, event_paths or {}, repealed or {}),
        )
    )


def messages(findings: list[Finding]) -> list[str]:
    return [finding.problem.message for finding in findings]
