"""Brings a procedure's file up to date with its source: facts follow the source, the project's additions stay.

A file remembers, by short fingerprints, which source text each of its facts was read from. A fact is only
replaced when its source text changed and can be read by rule; where a person must read it, the old fact stays
and the change is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.importer import facts
from knowledge.importer.authority import clean_authority
from knowledge.importer.legal import LegalRegistry
from knowledge.importer.source import SourcePaper, SourceProcedure, mark
from knowledge.model import PORTAL_PAGE, Channel, LegalText, Paper, Procedure

MAX_SHORT = 45


@dataclass(frozen=True)
class Change:
    """One difference between file and source.

    kind: new, gone, title, time, fee, papers, legal_basis, result, conditions, other.
    review: a person has to read the source, since no rule could.
    """

    code: str
    kind: str
    detail: str
    review: bool = False

    def __str__(self) -> str:
        return f"{self.code} {self.kind}: {self.detail}{' [cần người đọc lại]' if self.review else ''}"


def source_marks(source: SourceProcedure) -> dict[str, str]:
    """Return the fingerprints of the texts that facts are read from, blind to the order of rows."""
    return {
        "title": mark(source.name),
        "field": mark(source.field),
        "levels": mark(repr(sorted(source.level))),
        "authority": mark(source.agency),
        "audience": mark(repr(sorted(source.audience))),
        "channels": mark(repr((sorted(source.submission), bool(source.full_online)))),
        "time": mark(repr(sorted((m.mode, m.time, m.note) for m in source.modes)) + (source.time_limit or "")),
        "fee": mark(repr(sorted((m.mode, m.fee) for m in source.modes))),
        "papers": mark(repr(sorted((mark(row.name), row.original, row.copy_count) for row in source.documents))),
        "result": mark(source.result),
        "conditions": mark(source.conditions),
        "legal_basis": mark(repr(sorted(source.legal_basis or []))),
    }


def legal_basis(
    source: SourceProcedure, registry: LegalRegistry, known: Sequence[LegalText] = ()
) -> tuple[LegalText, ...]:
    """Return the legal texts the source cites, each once; those already known keep their wording and date."""
    by_number = {text.number: text for text in known}
    found = [registry.resolve(citation) for citation in source.legal_basis or []]
    return tuple({text.number: by_number.get(text.number, text) for text in found if text}.values())


def new_procedure(source: SourceProcedure, registry: LegalRegistry) -> Procedure:
    """Return a first version of a procedure: rule-read facts, provisional names of papers, no aliases yet."""
    title, rows = facts.readable_title(source.name), facts.rows_by_mark(source)
    short = title if len(title) <= MAX_SHORT else title[:MAX_SHORT].rsplit(" ", 1)[0] + "…"
    return Procedure(
        code=source.code,
        title=title,
        short_title=short,
        field=source.field,
        levels=facts.levels_of(source),
        authority=clean_authority(source.agency),
        audience=facts.audience_of(source),
        channels=facts.channels_of(source),
        online=facts.online_of(source),
        durations=facts.durations_of(source) or (),
        fees=facts.fees_of(source) or (),
        documents=tuple(
            facts.counted(facts.draft_paper(found[0]), found) for found in rows.values() if not _all_notes(found)
        ),
        result=None,
        conditions=(),
        legal_basis=legal_basis(source, registry),
        source_url=PORTAL_PAGE.format(code=source.code),
        as_of=facts.as_of(source),
        also_called=(),
        facets=facts.guess_facets(title),
        vertical=source.vertical,
        source_notes=tuple(key for key, found in rows.items() if _all_notes(found)),
        source_marks=source_marks(source),
    )


def updated(old: Procedure, source: SourceProcedure, registry: LegalRegistry) -> tuple[Procedure, list[Change]]:
    """Return the procedure as the source now has it, and what changed.

    What a person wrote stays as long as its source text stays: an unchanged source changes nothing.
    """
    stated = {key: value for key, value in source_marks(source).items() if key not in source.unstated}
    marks = {**old.source_marks, **stated}
    changed = {key for key, value in marks.items() if old.source_marks.get(key) != value}
    if not changed:
        return replace(old, as_of=max(old.as_of, facts.as_of(source))), []
    changes: list[Change] = []
    new = replace(old, as_of=max(old.as_of, facts.as_of(source)), source_marks=marks)
    if "vertical" not in source.unstated:
        new = replace(new, vertical=source.vertical)
    if "time" in changed:
        durations = facts.durations_of(source)
        new = replace(new, durations=old.durations if durations is None else durations)
        changes.append(Change(old.code, "time", source.time_limit or "không nêu", review=durations is None))
    if "fee" in changed:
        fees = facts.fees_of(source)
        new = replace(new, fees=old.fees if fees is None else fees)
        changes.append(Change(old.code, "fee", _brief(source.fee or "không nêu", 120), review=fees is None))
    for key in sorted(changed & {"title", "field", "result", "conditions"}):
        changes.append(Change(old.code, key, "văn bản nguồn đã đổi", review=True))
    if "papers" in changed:
        new, paper_changes = _with_papers(new, source)
        changes += paper_changes
    for key in sorted(changed & set(_READ_BY_RULE)):
        new = _READ_BY_RULE[key](new, source, registry)
    return new, changes + _differences(old, new)


def _read_levels(old: Procedure, source: SourceProcedure, _: LegalRegistry) -> Procedure:
    return replace(old, levels=facts.levels_of(source))


def _read_authority(old: Procedure, source: SourceProcedure, _: LegalRegistry) -> Procedure:
    return replace(old, authority=clean_authority(source.agency) or old.authority)


def _read_audience(old: Procedure, source: SourceProcedure, _: LegalRegistry) -> Procedure:
    return replace(old, audience=facts.audience_of(source))


def _read_channels(old: Procedure, source: SourceProcedure, _: LegalRegistry) -> Procedure:
    channels = facts.channels_of(source)
    if "online" in source.unstated:
        return replace(old, channels=channels, online=old.online if Channel.ONLINE in channels else None)
    return replace(old, channels=channels, online=facts.online_of(source))


def _read_legal_basis(old: Procedure, source: SourceProcedure, registry: LegalRegistry) -> Procedure:
    return replace(old, legal_basis=legal_basis(source, registry, old.legal_basis) or old.legal_basis)


_READ_BY_RULE: Mapping[str, Callable[[Procedure, SourceProcedure, LegalRegistry], Procedure]] = {
    "levels": _read_levels,
    "authority": _read_authority,
    "audience": _read_audience,
    "channels": _read_channels,
    "legal_basis": _read_legal_basis,
}


def _differences(old: Procedure, new: Procedure) -> list[Change]:
    changes = []
    for name in ("levels", "authority", "audience", "channels", "online", "vertical"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            changes.append(Change(old.code, "other", f"{name}: {_said(before)} → {_said(after)}"))
    before_laws, after_laws = ({text.number for text in p.legal_basis} for p in (old, new))
    for verb, numbers in (("thêm", after_laws - before_laws), ("bỏ", before_laws - after_laws)):
        if numbers:
            changes.append(Change(old.code, "legal_basis", f"{verb}: {', '.join(sorted(numbers))}"))
    return changes


def _with_papers(procedure: Procedure, source: SourceProcedure) -> tuple[Procedure, list[Change]]:
    rows = facts.rows_by_mark(source)
    known = {key for paper in procedure.documents for key in paper.source} | set(procedure.source_notes)
    kept: list[Paper] = []
    changes: list[Change] = []
    for paper in procedure.documents:
        alive = tuple(key for key in paper.source if key in rows)
        if paper.source and not alive:
            changes.append(Change(procedure.code, "papers", f"bỏ: {paper.name}"))
            continue
        paper = replace(paper, source=alive)
        if not facts.counts_fit(paper, rows):
            recounted = facts.counted(paper, (row for key in alive for row in rows[key]))
            changes.append(
                Change(procedure.code, "papers", f"số bản: {paper.name}: {_counts(paper)} → {_counts(recounted)}")
            )
            paper = recounted
        kept.append(paper)
    notes = [key for key in procedure.source_notes if key in rows]
    for key, found in rows.items():
        if key in known:
            continue
        if _all_notes(found):
            notes.append(key)
            continue
        draft = facts.counted(facts.draft_paper(found[0]), found)
        kept.append(draft)
        changes.append(Change(procedure.code, "papers", f"thêm: {draft.name}", review=True))
    return replace(procedure, documents=tuple(kept), source_notes=tuple(notes)), changes


def _all_notes(rows: Sequence[SourcePaper]) -> bool:
    return all(map(facts.is_note, rows))


def _counts(paper: Paper) -> str:
    return f"{paper.originals} bản chính {paper.copies} bản sao"


def gone(old: Mapping[str, Procedure], wanted: set[str]) -> list[Change]:
    """Return the procedures that the export no longer has (their files stay until a person removes them)."""
    return [Change(code, "gone", old[code].title, review=True) for code in sorted(set(old) - wanted)]


def _said(value: object) -> str:
    """Return a fact as the file writes it."""
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_said, value)) + "]"
    return _brief(str(getattr(value, "value", value)))


def _brief(text: str, limit: int = 80) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
