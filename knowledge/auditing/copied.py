"""Finds sentences of the source in a file: a run of 25 syllables outside titles, papers and names of legal texts."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.importer.source import SourceProcedure
from knowledge.model import Procedure
from knowledge.vietnamese import syllables

RUN = 25


def compare_wording(procedure: Procedure, source: SourceProcedure) -> Iterator[str]:
    """Yield the texts of the file that carry a passage of the source."""
    passages = _runs(_source_text(source))
    for text in own_texts(procedure):
        if _runs(text) & passages:
            yield f"chép nguyên văn từ {RUN} tiếng trở lên: {text[:60]}…"


def own_texts(procedure: Procedure) -> Iterator[str]:
    """Yield the texts that must be in our own words."""
    yield procedure.short_title
    yield from procedure.conditions
    yield from procedure.also_called
    yield from procedure.asked_as
    for text in (
        procedure.result,
        procedure.facets.special,
        *(duration.case for duration in procedure.durations),
        *(fee.condition for fee in procedure.fees),
        *(fee.per_law for fee in procedure.fees),
        *(paper.case for paper in procedure.documents),
        *(paper.form for paper in procedure.documents),
    ):
        if text:
            yield text


def _source_text(source: SourceProcedure) -> str:
    parts = [source.conditions, source.steps, source.time_limit, source.result, source.fee]
    parts += [row.name for row in source.documents] + [row.case for row in source.documents]
    parts += [text for mode in source.modes for text in (mode.time, mode.fee)]
    return "\n".join(part for part in parts if part)


def _runs(text: str) -> set[int]:
    words = syllables(text)
    return {hash(tuple(words[start : start + RUN])) for start in range(len(words) - RUN + 1)}
