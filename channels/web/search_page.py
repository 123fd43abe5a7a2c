"""What the search page shows for a query and its filters: hits with reasons, or a list to look through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from channels.web.labels import ACT_WORDS, ONLINE_WORDS, Piece, field_key, highlight, level_words
from channels.web.search_filters import LEVEL_KEYS, ONLINE_KEYS, Field, Wanted, fields_of, most_asked_fields
from knowledge.catalogue import Catalogue
from knowledge.codes import find_application_codes, find_procedure_codes
from knowledge.elsewhere import Elsewhere
from knowledge.model import LifeEvent, Procedure, Wording
from knowledge.search import Search, SearchHit, SearchResult, held_words
from knowledge.verdict import Judge, Outcome
from knowledge.vietnamese import folded_syllables

MAX_HITS = 20
PER_PAGE = 30
MAX_EVENTS = 2
#: Hits below these shares of the best score have little in common; the lower one holds with the words held too.
_WORTH_SHOWING = 0.7
_WORTH_SHOWING_BY_WORDS = 0.55
#: Life events, and hits when nothing fits, must hold this share of the query's words in the name that matched.
_WORDS_HELD = 0.6
#: A life event counts from this share of the best procedure's score on.
_BESIDE_PROCEDURES = 0.75
_NEAREST = 5
#: A second life event is shown beside the best one from this share of its score on.
_NEAR_EVENT = 0.85
_POOL = 150


@dataclass(frozen=True)
class Row:
    """One procedure in a list.

    why: the matched name with the query's words marked; empty in a plain list.
    wording: whose words matched.
    """

    procedure: Procedure
    levels: str
    online: str
    act: str
    clear: bool = False
    why: tuple[Piece, ...] = ()
    wording: Wording = Wording.NAME


@dataclass(frozen=True)
class Step:
    """One step of a life event with its procedure."""

    procedure: Procedure
    line: str
    optional: bool


@dataclass(frozen=True)
class ShownEvent:
    """A life event with those of its procedures that the catalogue holds, in a family's order."""

    event: LifeEvent
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class SearchView:
    """The page.

    outcome: None when nothing was searched for (empty query, or only filters).
    nearest: nothing fits, and the rows are only what comes nearest.
    events_first: the life events stand above the rows with all their steps, else below them as links.
    unknown_codes: procedure codes typed that the catalogue does not hold.
    application_code: an application code was typed, which this page does not look up.
    own_field: the field that the query names.
    elsewhere: the procedure of another office that the query seems to ask for.
    """

    wanted: Wanted
    fields: tuple[Field, ...]
    outcome: Outcome | None = None
    rows: tuple[Row, ...] = ()
    total: int = 0
    pages: int = 1
    nearest: bool = False
    events: tuple[ShownEvent, ...] = ()
    events_first: bool = True
    unknown_codes: tuple[str, ...] = ()
    application_code: bool = False
    own_field: Field | None = None
    elsewhere: Elsewhere | None = None


class SearchPages:
    """Answers searches over one index. Pure CPU work: call it in a thread."""

    def __init__(self, search: Search, judge: Judge) -> None:
        self._search = search
        self._judge = judge
        self._field_of = {procedure.code: field_key(procedure.field) for procedure in self.catalogue}
        self._fields = fields_of(self.catalogue)
        self.asked_fields = most_asked_fields(self.catalogue, self._fields)

    @property
    def catalogue(self) -> Catalogue:
        return self._search.index.catalogue

    def code_in(self, query: str) -> str | None:
        """Return the one known procedure code that a query holds, if it holds just one code."""
        codes = find_procedure_codes(query)
        return codes[0] if len(codes) == 1 and self.catalogue.get(codes[0]) else None

    def show(self, wanted: Wanted) -> SearchView:
        """Return the page for what was asked."""
        if wanted.field and wanted.field not in {field.key for field in self._fields}:
            wanted = replace(wanted, field="")
        event = self.catalogue.life_events.get(wanted.life_event)
        if wanted.query:
            return self._searched(wanted)
        if event is not None:
            return SearchView(wanted, self._fields, events=(self._event(event),))
        if wanted.filtered:
            return self._listed(wanted)
        return SearchView(wanted, self._fields)

    def _searched(self, wanted: Wanted) -> SearchView:
        if find_application_codes(wanted.query):
            return SearchView(wanted, self._fields, application_code=True)
        codes = find_procedure_codes(wanted.query)
        if codes:
            known = [procedure for code in codes if (procedure := self.catalogue.get(code))]
            unknown = tuple(code for code in codes if code not in self.catalogue.procedures)
            rows = tuple(_row(procedure) for procedure in known)
            return SearchView(wanted, self._fields, rows=rows, total=len(rows), unknown_codes=unknown)
        return self._found(wanted)

    def _found(self, wanted: Wanted) -> SearchView:
        result = self._search.find(wanted.query, limit=_POOL)
        verdict = self._judge.judge(result)
        own_field = self._field_named(wanted.query)
        hits = [hit for hit in result.hits if self._passes(hit.procedure, wanted)]
        nothing = verdict.outcome is Outcome.NOTHING and own_field is None
        events = [] if own_field else _near_events(result)
        kept = _nearest(hits, result) if nothing else _worth_showing(hits, result)
        clear = verdict.hits[0].procedure.code if verdict.outcome is Outcome.CLEAR and not own_field else None
        words = frozenset(result.question.terms)
        rows = tuple(_hit_row(hit, words, hit.procedure.code == clear) for hit in kept)
        if nothing and events:
            rows = ()
        return SearchView(
            wanted,
            self._fields,
            outcome=verdict.outcome,
            rows=rows,
            total=len(rows),
            nearest=nothing and not events,
            events=tuple(self._event(event) for event in events),
            events_first=clear is None or _best(result.life_events) > _best(result.hits),
            own_field=own_field,
            elsewhere=None if own_field else verdict.elsewhere,
        )

    def _listed(self, wanted: Wanted) -> SearchView:
        """Return everything that passes the filters, by its short title, page by page."""
        found = [procedure for procedure in self.catalogue if self._passes(procedure, wanted)]
        found.sort(key=lambda procedure: (folded_syllables(procedure.short_title), procedure.code))
        pages = max(1, -(-len(found) // PER_PAGE))
        page = min(wanted.page, pages)
        rows = tuple(_row(procedure) for procedure in found[(page - 1) * PER_PAGE : page * PER_PAGE])
        return SearchView(replace(wanted, page=page), self._fields, rows=rows, total=len(found), pages=pages)

    def _passes(self, procedure: Procedure, wanted: Wanted) -> bool:
        if wanted.field and self._field_of[procedure.code] != wanted.field:
            return False
        if wanted.level and LEVEL_KEYS[wanted.level][0] not in procedure.levels:
            return False
        return not wanted.online or procedure.online is ONLINE_KEYS[wanted.online][0]

    def _field_named(self, query: str) -> Field | None:
        key = field_key(query)
        return next((field for field in self._fields if field.key == key), None)

    def _event(self, event: LifeEvent) -> ShownEvent:
        steps = (
            Step(procedure, step.line, step.optional)
            for step in event.steps
            if (procedure := self.catalogue.get(step.code))
        )
        return ShownEvent(event, tuple(steps))


def _worth_showing(hits: Sequence[SearchHit], result: SearchResult) -> list[SearchHit]:
    best = _best(result.hits)
    return [
        hit
        for hit in hits
        if hit.score >= _WORTH_SHOWING * best
        or (hit.score >= _WORTH_SHOWING_BY_WORDS * best and held_words(hit, result.question) >= _WORDS_HELD)
    ][:MAX_HITS]


def _nearest(hits: Sequence[SearchHit], result: SearchResult) -> list[SearchHit]:
    return [hit for hit in hits if held_words(hit, result.question) >= _WORDS_HELD][:_NEAREST]


def _near_events(result: SearchResult) -> list[LifeEvent]:
    """Return the life events that the query is about; their scores lack what only procedures have."""
    enough = max(_NEAR_EVENT * _best(result.life_events), _BESIDE_PROCEDURES * _best(result.hits))
    near = [
        hit for hit in result.life_events if hit.score >= enough and held_words(hit, result.question) >= _WORDS_HELD
    ]
    return [hit.item for hit in near[:MAX_EVENTS] if isinstance(hit.item, LifeEvent)]


def _best(hits: Sequence[SearchHit]) -> float:
    return hits[0].score if hits else 0.0


def _row(procedure: Procedure) -> Row:
    act = ACT_WORDS[procedure.facets.act]
    return Row(procedure, level_words(procedure), ONLINE_WORDS[procedure.online], act)


def _hit_row(hit: SearchHit, words: frozenset[str], clear: bool) -> Row:
    procedure = hit.procedure
    wording = procedure.wording_of(hit.passage)
    return replace(_row(procedure), clear=clear, why=highlight(hit.passage, words), wording=wording)
