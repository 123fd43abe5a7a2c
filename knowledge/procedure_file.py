"""One procedure as a YAML file: the schema that a clerk edits, and its way to and from the dataclass."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from knowledge.model import (
    Act,
    Applicant,
    Channel,
    Duration,
    Facets,
    Fee,
    LegalText,
    Level,
    OnlineService,
    Paper,
    Procedure,
    Related,
    TimeUnit,
)
from knowledge.vietnamese import fold

CODE = re.compile(r"^\d\.\d{6}$")
MAX_PAPER_NAME = 120
MAX_SHORT_TITLE = 60

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Code = Annotated[str, StringConstraints(pattern=CODE.pattern)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False, str_strip_whitespace=True)


class DurationEntry(_Strict):
    channels: list[Channel]
    amount: Annotated[int, Field(ge=0)]
    unit: TimeUnit
    case: Text | None = None
    inferred: bool = False


class FeeEntry(_Strict):
    channels: list[Channel]
    amount_vnd: Annotated[int, Field(ge=0)] | None = None
    amount_usd: Annotated[int, Field(ge=1)] | None = None
    percent: Annotated[float, Field(ge=0, le=100)] | None = None
    set_by: Text | None = None
    per_law: Text | None = None
    condition: Text | None = None

    @model_validator(mode="after")
    def _exactly_one_kind(self) -> FeeEntry:
        given = [x is not None for x in (self.amount_vnd, self.amount_usd, self.percent, self.set_by, self.per_law)]
        if sum(given) != 1:
            raise ValueError("fee_kind")
        return self


class PaperEntry(_Strict):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_PAPER_NAME)]
    originals: Annotated[int, Field(ge=0)] = 0
    copies: Annotated[int, Field(ge=0)] = 0
    case: Text | None = None
    form: Text | None = None
    source: list[Text] = []
    draft: bool = False


class LegalEntry(_Strict):
    number: Text
    title: Text
    issued_on: date | None = None


class RelatedEntry(_Strict):
    code: Code
    when: Literal["before", "with", "after"]


class FacetsEntry(_Strict):
    act: Act
    who: list[Applicant] = []
    foreign: bool | None = None
    special: Text | None = None


class ProcedureFile(_Strict):
    """The keys of a procedure's file, in the order they are written."""

    code: Code
    title: Text
    short_title: Annotated[str, StringConstraints(min_length=1, max_length=MAX_SHORT_TITLE)]
    field: Text
    levels: list[Level]
    authority: Text | None = None
    vertical: bool = False
    audience: list[Text] = []
    channels: list[Channel]
    online: OnlineService | None = None
    durations: list[DurationEntry] = []
    fees: list[FeeEntry] = []
    documents: list[PaperEntry] = []
    result: Text | None = None
    conditions: list[Text] = []
    legal_basis: list[LegalEntry] = []
    source_url: Text
    as_of: date
    also_called: list[Text] = []
    asked_as: list[Text] = []
    facets: FacetsEntry
    life_events: list[Text] = []
    related: list[RelatedEntry] = []
    essential: bool = False
    source_notes: list[Text] = []
    source_marks: dict[str, str] = {}

    def to_procedure(self) -> Procedure:
        """Return the frozen dataclass."""
        return Procedure(
            code=self.code,
            title=self.title,
            short_title=self.short_title,
            field=self.field,
            levels=tuple(self.levels),
            authority=self.authority,
            audience=tuple(self.audience),
            channels=tuple(self.channels),
            online=self.online,
            durations=tuple(Duration(tuple(d.channels), d.amount, d.unit, d.case, d.inferred) for d in self.durations),
            fees=tuple(
                Fee(tuple(f.channels), f.amount_vnd, f.percent, f.set_by, f.per_law, f.condition, f.amount_usd)
                for f in self.fees
            ),
            documents=tuple(
                Paper(p.name, p.originals, p.copies, p.case, p.form, tuple(p.source), p.draft) for p in self.documents
            ),
            result=self.result,
            conditions=tuple(self.conditions),
            legal_basis=tuple(LegalText(entry.number, entry.title, entry.issued_on) for entry in self.legal_basis),
            source_url=self.source_url,
            as_of=self.as_of,
            also_called=tuple(self.also_called),
            facets=Facets(self.facets.act, tuple(self.facets.who), self.facets.foreign, self.facets.special),
            life_events=tuple(self.life_events),
            related=tuple(Related(entry.code, entry.when) for entry in self.related),
            essential=self.essential,
            vertical=self.vertical,
            asked_as=tuple(self.asked_as),
            source_notes=tuple(self.source_notes),
            source_marks=dict(self.source_marks),
        )


#: Keys that the schema asks for, even when the source leaves them empty; the check then asks a person.
_ALWAYS_WRITTEN = frozenset({"levels", "channels"})


def to_plain(procedure: Procedure) -> dict[str, Any]:
    """Return the procedure as the plain mapping its file holds: keys in file order, absent facts left out."""
    facts: dict[str, Any] = {}
    for key in ProcedureFile.model_fields:
        value = getattr(procedure, key)
        plain = _plain(value)
        if plain not in (None, [], {}, False) or key in _ALWAYS_WRITTEN:
            facts[key] = plain
    return facts


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        pairs = {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
        if isinstance(value, Facets):
            return {k: v for k, v in pairs.items() if v not in (None, [])}
        kept = {"channels"} | ({"amount_vnd"} if pairs.get("amount_vnd") == 0 else set())
        return {k: v for k, v in pairs.items() if v not in (None, [], False) or k in kept}
    if hasattr(value, "value"):
        return value.value
    return value


class _Dumper(yaml.SafeDumper):
    """Writes codes and other number-like strings in quotes, short lists on one line."""


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    quoted = '"' if re.fullmatch(r"[\d.]+", text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=quoted)


class _Inline(list[Any]):
    """A list written on one line."""


class _InlineMap(dict[str, Any]):
    """A mapping written on one line."""


_Dumper.add_representer(str, _string)
_Dumper.add_representer(
    _Inline, lambda dumper, items: dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)
)
_Dumper.add_representer(
    _InlineMap, lambda dumper, items: dumper.represent_mapping("tag:yaml.org,2002:map", items, flow_style=True)
)
_ON_ONE_LINE = frozenset({"levels", "audience", "channels", "life_events", "source_notes", "source", "who"})


def _inline(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        if key == "source_marks":
            return _InlineMap(value)
        return {k: _inline(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return _Inline(value) if key in _ON_ONE_LINE else [_inline(item) for item in value]
    return value


def write_yaml(procedure: Procedure) -> str:
    """Return the file's text: keys in a fixed order, so that a diff reads like an edit."""
    return yaml.dump(
        _inline(to_plain(procedure)), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=118, indent=2
    )


def slug(title: str, limit: int = 60) -> str:
    """Return a file name part: folded syllables joined by dashes.

    >>> slug("Đăng ký khai sinh")
    'dang-ky-khai-sinh'
    """
    words = re.findall(r"[a-z0-9]+", fold(title))
    text = ""
    for word in words:
        if len(text) + len(word) + 1 > limit:
            break
        text = f"{text}-{word}" if text else word
    return text


def field_folder(field: str) -> str:
    """Return the folder of a legal field (lĩnh vực): "Hộ tịch" → "ho_tich"."""
    return slug(field, 40).replace("-", "_")
