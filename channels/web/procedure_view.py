"""One procedure as its page shows it: every fact in words, and what the source does not state left empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from actions import wording
from actions.answers import taken_at_any_counter
from channels.web.labels import ONLINE_WORDS, field_key, level_words, portal_url
from channels.web.twins import Compared, Twins, compare
from knowledge.catalogue import Catalogue
from knowledge.model import Duration, Fee, LegalText, LifeEvent, Paper, Procedure

COUNT_NOT_STATED = "nguồn không nêu số bản"
#: So many legal texts are shown at once; the others are folded, unless that would fold a single one.
SHOWN_LEGAL_TEXTS = 6
RELATION_WORDS: Mapping[str, str] = {
    "before": "Thường làm trước",
    "with": "Thường làm cùng",
    "after": "Thường làm sau",
}


@dataclass(frozen=True)
class Amount:
    """A time or a fee in words.

    channels: the ways of handing in it holds for; None = all of several.  inferred: see `Duration`.
    """

    value: str
    channels: str | None
    case: str | None
    inferred: bool = False


@dataclass(frozen=True)
class PaperLine:
    """One paper with its form number and how many originals and copies; None = as said for the whole list."""

    name: str
    form: str | None
    counts: str | None


@dataclass(frozen=True)
class PaperCase:
    """The papers that one case needs."""

    case: str
    papers: tuple[PaperLine, ...]


@dataclass(frozen=True)
class LegalLine:
    """One legal text; `issued_on` in words, None = not stated."""

    title: str
    number: str
    issued_on: str | None


@dataclass(frozen=True)
class ProcedureView:
    """Everything known about a procedure, ready for the template.

    usual_counts: what holds for all papers that say nothing else, None = each says its own.
    counts_differ: some paper says something else.
    legal_basis, more_legal_basis: the weightiest texts, and the others.
    related: heading → procedures.  compared: this procedure, then its near twins; empty without twins.
    anywhere: any one-stop counter of the province takes it (NĐ 118/2025; not for the vertical sectors).
    """

    procedure: Procedure
    field_key: str
    levels: str
    channels: str
    online: str
    anywhere: bool
    audience: str
    durations: tuple[Amount, ...]
    fees: tuple[Amount, ...]
    papers: tuple[PaperLine, ...]
    paper_cases: tuple[PaperCase, ...]
    usual_counts: str | None
    counts_differ: bool
    legal_basis: tuple[LegalLine, ...]
    more_legal_basis: tuple[LegalLine, ...]
    related: Mapping[str, tuple[Procedure, ...]]
    life_events: tuple[LifeEvent, ...]
    compared: tuple[Compared, ...]
    portal_url: str
    as_of: str


def view_of(procedure: Procedure, catalogue: Catalogue, twins: Twins) -> ProcedureView:
    """Return the view of a procedure. CPU work: the first call looks for twins in the whole catalogue."""
    usual = _usual_counts(procedure.documents)
    legal = [_legal(text) for text in _weightiest_first(procedure.legal_basis)]
    shown = SHOWN_LEGAL_TEXTS if len(legal) > SHOWN_LEGAL_TEXTS + 1 else len(legal)
    return ProcedureView(
        procedure=procedure,
        field_key=field_key(procedure.field),
        levels=level_words(procedure),
        channels=wording.channel_words(procedure.channels),
        online=ONLINE_WORDS[procedure.online],
        anywhere=taken_at_any_counter(procedure),
        audience=wording.joined(procedure.audience, "và"),
        durations=tuple(_time(item, procedure) for item in procedure.durations),
        fees=tuple(_fee(item, procedure) for item in procedure.fees),
        papers=tuple(_paper(item, usual) for item in procedure.documents if not item.case),
        paper_cases=_cases(procedure, usual),
        usual_counts=usual,
        counts_differ=any(_counts(item) != usual for item in procedure.documents),
        legal_basis=tuple(legal[:shown]),
        more_legal_basis=tuple(legal[shown:]),
        related=_related(procedure, catalogue),
        life_events=tuple(
            catalogue.life_events[name] for name in procedure.life_events if name in catalogue.life_events
        ),
        compared=compare(procedure, twins.of(procedure)),
        portal_url=portal_url(procedure),
        as_of=wording.day(procedure.as_of),
    )


def _time(item: Duration, procedure: Procedure) -> Amount:
    bare = replace(item, channels=procedure.channels, case=None)
    value = wording.duration(bare, procedure)
    return Amount(value, _some_channels(item, procedure), item.case, item.inferred)


def _fee(item: Fee, procedure: Procedure) -> Amount:
    bare = replace(item, channels=procedure.channels, condition=None)
    return Amount(wording.fee(bare, procedure), _some_channels(item, procedure), item.condition)


def _some_channels(item: Duration | Fee, procedure: Procedure) -> str | None:
    if not item.channels or (len(procedure.channels) > 1 and set(item.channels) == set(procedure.channels)):
        return None
    return wording.channel_words(item.channels, "và")


def _counts(item: Paper) -> str:
    numbers = ((item.originals, "bản chính"), (item.copies, "bản sao"))
    return ", ".join(f"{number} {kind}" for number, kind in numbers if number) or COUNT_NOT_STATED


def _usual_counts(papers: Sequence[Paper]) -> str | None:
    """Return the counts that more than half of several papers have; said once, the list reads faster."""
    if len(papers) < 2:
        return None
    [(counts, number)] = Counter(_counts(item) for item in papers).most_common(1)
    return counts if number > len(papers) / 2 else None


def _paper(item: Paper, usual: str | None) -> PaperLine:
    counts = _counts(item)
    form = item.form if item.form and item.form not in item.name else None
    return PaperLine(item.name, form, counts if counts != usual else None)


def _cases(procedure: Procedure, usual: str | None) -> tuple[PaperCase, ...]:
    """Return the papers by case, in the order in which the cases first come."""
    cases: dict[str, list[PaperLine]] = {}
    for item in procedure.documents:
        if item.case:
            cases.setdefault(item.case, []).append(_paper(item, usual))
    return tuple(PaperCase(case, tuple(papers)) for case, papers in cases.items())


def _legal(text: LegalText) -> LegalLine:
    return LegalLine(text.title, text.number, wording.day(text.issued_on) if text.issued_on else None)


def _weightiest_first(texts: Sequence[LegalText]) -> list[LegalText]:
    """Return the texts in the order in which the assistant names them: laws, then decrees, then circulars."""
    spoken, _ = wording.legal_texts(texts, most=len(texts))
    places = {line.removeprefix(wording.BULLET): place for place, line in enumerate(spoken.splitlines())}
    return sorted(texts, key=lambda text: places[wording.legal_text(text)])


def _related(procedure: Procedure, catalogue: Catalogue) -> Mapping[str, tuple[Procedure, ...]]:
    groups: dict[str, tuple[Procedure, ...]] = {}
    for when, heading in RELATION_WORDS.items():
        known = (catalogue.get(related.code) for related in procedure.related if related.when == when)
        found = tuple(one for one in known if one is not None)
        if found:
            groups[heading] = found
    return groups
