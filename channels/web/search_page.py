"""What the search page shows for a query and its filters: hits with reasons, or a list to look through."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from actions.life_events import MIN_SCORE
from channels.web.labels import ACT_WORDS, ONLINE_WORDS, Piece, field_key, highlight, level_words
from knowledge.catalogue import Catalogue
from knowledge.codes import find_application_codes, find_procedure_codes
from knowledge.model import Level, LifeEvent, OnlineService, Procedure
from knowledge.search import Search, SearchHit
from knowledge.verdict import Judge, Outcome
from knowledge.vietnamese import folded_syllables, nfc

MAX_QUERY = 200
MAX_HITS = 20
PER_PAGE = 30
SHOWN_FIELDS = 12
MAX_EVENTS = 2
#: Hits below this share of the best score have a word in common and nothing else.
_WORTH_SHOWING = 0.6
#: Without a clear or likely hit, the nearest ones are offered as such only from this score on.
_WORTH_OFFERING = 1.0
_NEAREST = 5
#: A second life event is shown beside the best one from this share of its score on.
_NEAR_EVENT = 0.85
_POOL = 150
#: The much-asked procedures are those with at least so many everyday names.
_MUCH_ASKED = 8

LEVEL_KEYS: Mapping[str, tuple[Level, str]] = {
    "xa": (Level.COMMUNE, "Cấp xã"),
    "tinh": (Level.PROVINCE, "Cấp tỉnh"),
    "trung-uong": (Level.MINISTRY, "Trung ương"),
}
ONLINE_KEYS: Mapping[str, tuple[OnlineService | None, str]] = {
    "toan-trinh": (OnlineService.FULL, "Toàn trình"),
    "mot-phan": (OnlineService.PARTIAL, "Một phần"),
    "khong": (None, "Không nộp qua mạng"),
}


@dataclass(frozen=True)
class Field:
    """A legal field (lĩnh vực) and how many procedures it holds; spellings that fold alike are one field."""

    key: str
    name: str
    count: int


@dataclass(frozen=True)
class Wanted:
    """What was asked for. Unknown filter values count as not given.

    cut: the query was longer than `MAX_QUERY` and only its beginning was read.
    """

    query: str = ""
    cut: bool = False
    field: str = ""
    level: str = ""
    online: str = ""
    life_event: str = ""
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Wanted:
        """Read the query parameters (q, linh-vuc, cap, truc-tuyen, su-kien, trang); never fails."""
        text = " ".join(_printable(nfc(given.get("q", "")[: 4 * MAX_QUERY])).split())
        level, online = given.get("cap", ""), given.get("truc-tuyen", "")
        page = given.get("trang", "1")
        return cls(
            query=text[:MAX_QUERY].strip(),
            cut=len(text) > MAX_QUERY,
            field=given.get("linh-vuc", "")[:MAX_QUERY],
            level=level if level in LEVEL_KEYS else "",
            online=online if online in ONLINE_KEYS else "",
            life_event=given.get("su-kien", "")[:MAX_QUERY],
            page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 5 else 1,
        )

    @property
    def filtered(self) -> bool:
        return bool(self.field or self.level or self.online)

    def address(self, **changes: str) -> str:
        """Return the address of this search with some parameters changed; from the first page on."""
        given = {"q": self.query, "linh-vuc": self.field, "cap": self.level, "truc-tuyen": self.online}
        given |= changes
        query = urlencode({name: value for name, value in given.items() if value})
        return f"/tim-kiem?{query}" if query else "/tim-kiem"

    def page_address(self, page: int) -> str:
        return self.address(trang=str(page))


@dataclass(frozen=True)
class Row:
    """One procedure in a list.

    why: the matched name with the query's words marked; empty in a plain list.
    by_title: the matched name is the procedure's own, not one that people use.
    """

    procedure: Procedure
    levels: str
    online: str
    act: str
    clear: bool = False
    why: tuple[Piece, ...] = ()
    by_title: bool = False


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
    unknown_codes: procedure codes typed that the catalogue does not hold.
    application_code: an application code was typed, which this page does not look up.
    own_field: the field that the query names.
    """

    wanted: Wanted
    fields: tuple[Field, ...]
    outcome: Outcome | None = None
    rows: tuple[Row, ...] = ()
    total: int = 0
    pages: int = 1
    nearest: bool = False
    events: tuple[ShownEvent, ...] = ()
    unknown_codes: tuple[str, ...] = ()
    application_code: bool = False
    own_field: Field | None = None


class SearchPages:
    """Answers searches over one index. Pure CPU work: call it in a thread."""

    def __init__(self, search: Search, judge: Judge) -> None:
        self._search = search
        self._judge = judge
        self._field_of = {procedure.code: field_key(procedure.field) for procedure in self.catalogue}
        self._fields = _fields_of(self.catalogue)
        self.asked_fields = _most_asked(self.catalogue, self._fields)

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
        nothing = verdict.outcome is Outcome.NOTHING
        kept = _nearest(hits) if nothing else _worth_showing(hits, result.hits)
        clear = verdict.hits[0].procedure.code if verdict.outcome is Outcome.CLEAR and not own_field else None
        words = frozenset(result.question.terms)
        rows = tuple(_hit_row(hit, words, hit.procedure.code == clear) for hit in kept)
        events = _near_events(result.life_events)
        if nothing and events:
            kept = []
        return SearchView(
            wanted,
            self._fields,
            outcome=verdict.outcome,
            rows=rows,
            total=len(rows),
            nearest=nothing and not events,
            events=tuple(self._event(event) for event in events),
            own_field=own_field,
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


def _fields_of(catalogue: Catalogue) -> tuple[Field, ...]:
    """Return the fields by name, each under its most frequent spelling."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for procedure in catalogue:
        spellings[field_key(procedure.field)][procedure.field] += 1
    fields = (Field(key, names.most_common(1)[0][0], names.total()) for key, names in spellings.items())
    return tuple(sorted(fields, key=lambda field: field.key))


def _most_asked(catalogue: Catalogue, fields: Iterable[Field]) -> tuple[Field, ...]:
    """Return the fields with the essential services first, then those with most of the much-asked procedures."""
    essential: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for procedure in catalogue:
        key = field_key(procedure.field)
        essential[key] += procedure.essential
        asked[key] += len(procedure.also_called) >= _MUCH_ASKED
    ranked = sorted(fields, key=lambda field: (-essential[field.key], -asked[field.key], field.key))
    return tuple(ranked[:SHOWN_FIELDS])


def _printable(text: str) -> str:
    return "".join(" " if unicodedata.category(letter).startswith("C") else letter for letter in text)


def _worth_showing(hits: Sequence[SearchHit], unfiltered: Sequence[SearchHit]) -> list[SearchHit]:
    best = unfiltered[0].score if unfiltered else 0.0
    return [hit for hit in hits if hit.score >= _WORTH_SHOWING * best][:MAX_HITS]


def _nearest(hits: Sequence[SearchHit]) -> list[SearchHit]:
    return [hit for hit in hits if hit.score >= _WORTH_OFFERING][:_NEAREST]


def _near_events(hits: Sequence[SearchHit]) -> list[LifeEvent]:
    best = hits[0].score if hits else 0.0
    enough = max(MIN_SCORE, _NEAR_EVENT * best)
    events = (hit.item for hit in hits[:MAX_EVENTS] if hit.score >= enough)
    return [event for event in events if isinstance(event, LifeEvent)]


def _row(procedure: Procedure) -> Row:
    act = ACT_WORDS[procedure.facets.act]
    return Row(procedure, level_words(procedure), ONLINE_WORDS[procedure.online], act)


def _hit_row(hit: SearchHit, words: frozenset[str], clear: bool) -> Row:
    procedure = hit.procedure
    by_title = hit.passage in {procedure.title, procedure.short_title}
    return replace(_row(procedure), clear=clear, why=highlight(hit.passage, words), by_title=by_title)
