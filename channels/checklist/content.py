"""What a checklist holds: the papers of a procedure for the cases a citizen picked, and the facts to go with."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from actions import wording
from actions.answers import taken_at_any_counter
from channels.web.labels import portal_url
from knowledge.model import Paper, Procedure

#: "nộp một trong các giấy tờ chứng minh": no case to pick, only a choice among papers.
_ONLY_ONE_OF = re.compile(r"(?:nộp |xuất trình )?(?:ít nhất )?một trong(?: [^:,]*|: .*)")
#: A longer official title would push the papers off the first page; it is found at the source.
LONGEST_TITLE = 260


@dataclass(frozen=True)
class PaperGroup:
    """Papers that belong together.

    case: None for those always needed; else when they are needed, or how many of them ("một trong các giấy").
    """

    case: str | None
    papers: tuple[Paper, ...]


@dataclass(frozen=True)
class Amount:
    """A time or a fee in words; `inferred` as in `knowledge.model.Duration`."""

    text: str
    inferred: bool = False


@dataclass(frozen=True)
class Checklist:
    """One list to print.

    cases: all that can be picked, in the order of the source.  chosen: those picked; none = the list shows all.
    official_title: None when it is the heading already, or too long to print.
    """

    procedure: Procedure
    official_title: str | None
    cases: tuple[str, ...]
    chosen: tuple[str, ...]
    groups: tuple[PaperGroup, ...]
    durations: tuple[Amount, ...]
    fees: tuple[Amount, ...]
    channels: str
    anywhere: bool
    source_url: str
    as_of: str

    @property
    def shows_all_cases(self) -> bool:
        """Tell whether the reader still has to leave out what does not concern them."""
        return bool(self.cases) and not self.chosen

    @property
    def has_uncounted(self) -> bool:
        """Tell whether the source counts neither originals nor copies of some paper."""
        return any(not paper.originals and not paper.copies for group in self.groups for paper in group.papers)


def checklist_of(procedure: Procedure, chosen: Collection[str] = ()) -> Checklist:
    """Return the list for the cases picked; a case that the procedure does not have is passed over."""
    cases = cases_of(procedure)
    picked = tuple(case for case in cases if case in chosen)
    title = procedure.title
    return Checklist(
        procedure=procedure,
        official_title=title if title != procedure.short_title and len(title) <= LONGEST_TITLE else None,
        cases=cases,
        chosen=picked,
        groups=_groups(procedure, picked or cases),
        durations=tuple(
            Amount(wording.upper_first(wording.duration(item, procedure)), item.inferred)
            for item in procedure.durations
        ),
        fees=tuple(Amount(wording.upper_first(wording.fee(item, procedure))) for item in procedure.fees),
        channels=wording.upper_first(wording.channel_words(procedure.channels)),
        anywhere=taken_at_any_counter(procedure),
        source_url=portal_url(procedure),
        as_of=wording.day(procedure.as_of),
    )


def cases_of(procedure: Procedure) -> tuple[str, ...]:
    """Return the cases that a citizen can pick, in the order of the source."""
    cases = dict.fromkeys(paper.case for paper in procedure.documents if paper.case)
    return tuple(case for case in cases if not _ONLY_ONE_OF.fullmatch(case))


def _groups(procedure: Procedure, wanted: Collection[str]) -> tuple[PaperGroup, ...]:
    """Return the papers always needed first, then choices among papers, then the wanted cases."""
    by_case: dict[str | None, list[Paper]] = {None: []}
    for paper in procedure.documents:
        by_case.setdefault(paper.case or None, []).append(paper)
    pickable = set(cases_of(procedure))
    order = sorted(by_case, key=lambda case: (case is not None, case in pickable))
    return tuple(
        PaperGroup(case, tuple(by_case[case]))
        for case in order
        if by_case[case] and (case is None or case not in pickable or case in wanted)
    )
