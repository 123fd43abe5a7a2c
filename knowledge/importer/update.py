"""Brings a procedure's file up to date with its source: facts follow the source, the project's additions stay.

A file remembers, by short fingerprints, which source text each of its facts was read from. A fact is only
replaced when its source text changed and can be read by rule; where a person must read it, the old fact stays
and the change is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from knowledge.importer import facts
from knowledge.importer.authority import clean_authority
from knowledge.importer.legal import LegalRegistry
from knowledge.importer.source import SourcePaper, SourceProcedure, mark
from knowledge.model import PORTAL_PAGE, LegalText, Paper, Procedure

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
    """Return the fingerprints of the texts that facts are read from."""
    return {
        "title": mark(source.name),
        "time": mark(repr([(m.mode, m.time) for m in source.modes]) + (source.time_limit or "")),
        "fee": mark(repr([(m.mode, m.fee) for m in source.modes])),
        "result": mark(source.result),
        "conditions": mark(source.conditions),
    }


def legal_basis(source: SourceProcedure, registry: LegalRegistry) -> tuple[LegalText, ...]:
    """Return the legal texts the source cites, each once."""
    found = [registry.resolve(citation) for citation in source.legal_basis or []]
    return tuple({text.number: text for text in found if text}.values())


def new_procedure(source: SourceProcedure, registry: LegalRegistry) -> Procedure:
    """Return a first version of a procedure: rule-read facts, provisional names of papers, no aliases yet."""
    title = facts.readable_title(source.name)
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
        documents=tuple(facts.draft_paper(row) for row in source.documents if not facts.is_note(row)),
        result=None,
        conditions=(),
        legal_basis=legal_basis(source, registry),
        source_url=PORTAL_PAGE.format(code=source.code),
        as_of=facts.as_of(source),
        also_called=(),
        facets=facts.guess_facets(title),
        vertical=source.vertical,
        source_notes=tuple(mark(row.name) for row in source.documents if facts.is_note(row)),
        source_marks=source_marks(source),
    )


def updated(
    old: Procedure, source: SourceProcedure, registry: LegalRegistry
) -> tuple[Procedure, list[Change]]:
    """Return the procedure as the source now has it, and what changed; an unchanged source changes nothing."""
    marks = source_marks(source)
    changed = {key for key, value in marks.items() if old.source_marks.get(key) != value}
    changes: list[Change] = []
    new = replace(
        old,
        levels=facts.levels_of(source),
        authority=clean_authority(source.agency) or old.authority,
        audience=facts.audience_of(source),
        channels=facts.channels_of(source),
        online=facts.online_of(source),
        legal_basis=legal_basis(source, registry) or old.legal_basis,
        vertical=source.vertical,
        as_of=facts.as_of(source),
        source_marks=marks,
    )
    if "time" in changed:
        durations = facts.durations_of(source)
        new = replace(new, durations=old.durations if durations is None else durations)
        changes.append(Change(old.code, "time", source.time_limit or "không nêu", review=durations is None))
    if "fee" in changed:
        fees = facts.fees_of(source)
        new = replace(new, fees=old.fees if fees is None else fees)
        changes.append(Change(old.code, "fee", (source.fee or "không nêu")[:120], review=fees is None))
    for key in sorted(changed & {"title", "result", "conditions"}):
        changes.append(Change(old.code, key, "văn bản nguồn đã đổi", review=True))
    new, paper_changes = _with_papers(new, source)
    changes += paper_changes
    for name in ("levels", "authority", "audience", "channels", "online", "legal_basis", "vertical"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            kind = name if name == "legal_basis" else "other"
            changes.append(Change(old.code, kind, f"{name}: {_brief(before)} → {_brief(after)}"))
    return new, changes


def _with_papers(procedure: Procedure, source: SourceProcedure) -> tuple[Procedure, list[Change]]:
    rows: dict[str, SourcePaper] = {mark(row.name): row for row in source.documents}
    known = {key for paper in procedure.documents for key in paper.source} | set(procedure.source_notes)
    kept: list[Paper] = []
    changes: list[Change] = []
    for paper in procedure.documents:
        alive = tuple(key for key in paper.source if key in rows)
        if paper.source and not alive:
            changes.append(Change(procedure.code, "papers", f"bỏ: {paper.name}"))
            continue
        recounted = facts.counted(replace(paper, source=alive), (rows[key] for key in alive))
        if (recounted.originals, recounted.copies) != (paper.originals, paper.copies):
            changes.append(Change(procedure.code, "papers", f"số bản: {paper.name}"))
        kept.append(recounted)
    notes = [key for key in procedure.source_notes if key in rows]
    for key, row in rows.items():
        if key in known:
            continue
        if facts.is_note(row):
            notes.append(key)
            continue
        draft = facts.draft_paper(row)
        kept.append(draft)
        changes.append(Change(procedure.code, "papers", f"thêm: {draft.name}", review=True))
    return replace(procedure, documents=tuple(kept), source_notes=tuple(notes)), changes


def gone(old: Mapping[str, Procedure], wanted: set[str]) -> list[Change]:
    """Return the procedures that the export no longer has (their files stay until a person removes them)."""
    return [Change(code, "gone", old[code].title, review=True) for code in sorted(set(old) - wanted)]


def _brief(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "…"
