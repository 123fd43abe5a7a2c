"""The audit of a whole catalogue against an export."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from knowledge.auditing.copied import compare_wording
from knowledge.auditing.disagreement import Disagreement
from knowledge.auditing.money import compare_fees
from knowledge.auditing.times import compare_times
from knowledge.elsewhere import Elsewhere
from knowledge.importer.facts import channels_of, counted, counts_fit, is_note, levels_of, online_of, rows_by_mark
from knowledge.importer.source import SourceProcedure
from knowledge.model import Procedure
from knowledge.vietnamese import folded_syllables

Comparison = Callable[[Procedure, SourceProcedure], Iterator[str]]

_OWN_NOTE = re.compile(r" \([^()]*\)$")


def audit(procedures: Iterable[Procedure], sources: Mapping[str, SourceProcedure]) -> list[Disagreement]:
    """Return every disagreement, in the order of codes."""
    found: list[Disagreement] = []
    for procedure in procedures:
        source = sources.get(procedure.code)
        if source is None:
            found.append(Disagreement(procedure.code, "source", "tệp xuất không có mã này"))
            continue
        for field, compare in COMPARISONS.items():
            details = dict.fromkeys(compare(procedure, source))
            found += [Disagreement(procedure.code, field, detail) for detail in details]
    return found


def audit_elsewhere(entries: Iterable[Elsewhere], sources: Mapping[str, SourceProcedure]) -> list[Disagreement]:
    """Return the procedures of other offices whose title or page is not the source's; brackets at the end are ours."""
    found: list[Disagreement] = []
    for entry in entries:
        source = sources.get(entry.code)
        if source is None:
            found.append(Disagreement(entry.code, "elsewhere", "tệp xuất không có mã này"))
            continue
        named = _OWN_NOTE.sub("", entry.title)
        if not set(folded_syllables(named)) <= set(folded_syllables(source.name)):
            found.append(Disagreement(entry.code, "elsewhere", f"nguồn tên là {source.name}, tệp {entry.title}"))
        if entry.source != source.source_url:
            found.append(Disagreement(entry.code, "elsewhere", f"nguồn ở {source.source_url}, tệp {entry.source}"))
    return found


def compare_papers(procedure: Procedure, source: SourceProcedure) -> Iterator[str]:
    """Yield papers whose rows or counts differ, and rows that are neither paper nor note."""
    rows = rows_by_mark(source)
    covered = set(procedure.source_notes)
    for paper in procedure.documents:
        covered.update(paper.source)
        if any(key not in rows for key in paper.source):
            yield f"giấy tờ không còn trong nguồn: {paper.name}"
        elif not counts_fit(paper, rows):
            stated = counted(paper, (row for key in paper.source for row in rows[key]))
            yield (
                f"{paper.name}: nguồn {stated.originals} bản chính {stated.copies} bản sao, "
                f"tệp {paper.originals} và {paper.copies}"
            )
    for key, found in rows.items():
        if key not in covered and not all(map(is_note, found)):
            yield f"nguồn có dòng chưa đọc: {found[0].name[:60]}"


def _compare_levels(procedure: Procedure, source: SourceProcedure) -> Iterator[str]:
    if set(procedure.levels) != set(levels_of(source)):
        yield f"nguồn {_values(levels_of(source))}, tệp {_values(procedure.levels)}"


def _compare_channels(procedure: Procedure, source: SourceProcedure) -> Iterator[str]:
    if procedure.channels != channels_of(source):
        yield f"nguồn {_values(channels_of(source))}, tệp {_values(procedure.channels)}"


def _compare_online(procedure: Procedure, source: SourceProcedure) -> Iterator[str]:
    if procedure.online != online_of(source):
        told = [value.value if value else "không" for value in (online_of(source), procedure.online)]
        yield f"nguồn {told[0]}, tệp {told[1]}"


def _values(values: Iterable[object]) -> str:
    return "[" + ", ".join(str(getattr(value, "value", value)) for value in values) + "]"


COMPARISONS: Mapping[str, Comparison] = {
    "level": _compare_levels,
    "channels": _compare_channels,
    "online": _compare_online,
    "time": compare_times,
    "fee": compare_fees,
    "papers": compare_papers,
    "copied": compare_wording,
}
