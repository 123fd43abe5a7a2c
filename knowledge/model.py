"""What the catalogue holds: procedures (thủ tục hành chính) as plain facts.

A field that is `None` or empty means "the source does not state it"; zero means that the source states zero.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

PORTAL_PAGE = "https://dichvucong.gov.vn/p/home/dvc-chi-tiet-thu-tuc-hanh-chinh.html?ma_thu_tuc={code}"


class Channel(str, Enum):
    """A way of handing an application in (hình thức nộp)."""

    ONLINE = "online"
    COUNTER = "counter"
    POST = "post"


class OnlineService(str, Enum):
    """How much can be done online (NĐ 42/2022/NĐ-CP): toàn trình or một phần."""

    FULL = "full"
    PARTIAL = "partial"


class Level(str, Enum):
    """Who decides: since 1 July 2025 a province has two levels only; some procedures also run above it."""

    PROVINCE = "tinh"
    COMMUNE = "xa"
    MINISTRY = "trung_uong"
    OTHER = "khac"


class TimeUnit(str, Enum):
    MINUTE = "minute"
    HOUR = "hour"
    WORKING_HOUR = "working_hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Act(str, Enum):
    """What is done to the paper: the first attribute that tells near twins apart."""

    FIRST = "first"
    REISSUE = "reissue"
    EXCHANGE = "exchange"
    RENEW = "renew"
    EXTEND = "extend"
    CHANGE = "change"
    CORRECT = "correct"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    REVOKE = "revoke"
    CONFIRM = "confirm"
    APPROVE = "approve"
    NOTIFY = "notify"
    COPY = "copy"
    SUPPORT = "support"
    APPRAISE = "appraise"
    REGISTER_AGAIN = "register_again"
    TRANSFER = "transfer"
    LICENSE = "license"
    OTHER = "other"


class Applicant(str, Enum):
    """Who applies, as a facet: a person, a household, a company …"""

    PERSON = "person"
    HOUSEHOLD = "household"
    COMPANY = "company"
    ORGANISATION = "organisation"
    STATE_BODY = "state_body"


@dataclass(frozen=True)
class Duration:
    """A processing time (thời hạn giải quyết) for some ways of handing in.

    inferred: the source gives it only second-hand, not for a way of handing in; answers say so.
    """

    channels: tuple[Channel, ...]
    amount: int
    unit: TimeUnit
    case: str | None = None
    inferred: bool = False


@dataclass(frozen=True)
class Fee:
    """A fee (phí, lệ phí): an amount, a share, or who sets it. Exactly one of the five is given.

    amount_vnd: đồng; 0 = free.  amount_usd: US dollars, for some papers of foreigners.
    percent: of what the condition names.
    set_by: the body that sets it ("HĐND tỉnh").  per_law: the legal text that holds the amount.
    """

    channels: tuple[Channel, ...]
    amount_vnd: int | None = None
    percent: float | None = None
    set_by: str | None = None
    per_law: str | None = None
    condition: str | None = None
    amount_usd: int | None = None


@dataclass(frozen=True)
class Paper:
    """One paper of the file (thành phần hồ sơ), as a short noun phrase of our own.

    originals, copies: how many (0 and 0 = the source counts none).  case: when it is needed; None = always.
    source: fingerprints of the source rows it stands for.  draft: named by the importer, not yet by a person.
    """

    name: str
    originals: int = 0
    copies: int = 0
    case: str | None = None
    form: str | None = None
    source: tuple[str, ...] = ()
    draft: bool = False


@dataclass(frozen=True)
class LegalText:
    """A legal text (văn bản pháp luật): number, what it is, its date where known."""

    number: str
    title: str
    issued_on: date | None = None


@dataclass(frozen=True)
class Related:
    """A procedure that usually comes before, with or after this one."""

    code: str
    when: str


@dataclass(frozen=True)
class Facets:
    """What tells a procedure from its near twins.

    foreign: with a foreign element (yếu tố nước ngoài); None = it makes no difference here.
    special: the special case, in a few words; None for the ordinary twin.
    """

    act: Act
    who: tuple[Applicant, ...] = ()
    foreign: bool | None = None
    special: str | None = None


class Wording(str, Enum):
    """Whose words a text of a procedure is: its own name, what people call it, or what somebody asks."""

    NAME = "name"
    CALLED = "called"
    ASKED = "asked"


@dataclass(frozen=True)
class Procedure:
    """An administrative procedure (thủ tục hành chính).

    also_called: names and short ways to say it.  asked_as: whole questions and stories, as people tell them.
    source_notes, source_marks: fingerprints of the source texts that were read (rows that are no papers; title,
    time, fee, result, conditions), so that the importer sees later what changed.
    """

    code: str
    title: str
    short_title: str
    field: str
    levels: tuple[Level, ...]
    authority: str | None
    audience: tuple[str, ...]
    channels: tuple[Channel, ...]
    online: OnlineService | None
    durations: tuple[Duration, ...]
    fees: tuple[Fee, ...]
    documents: tuple[Paper, ...]
    result: str | None
    conditions: tuple[str, ...]
    legal_basis: tuple[LegalText, ...]
    source_url: str
    as_of: date
    also_called: tuple[str, ...]
    facets: Facets
    life_events: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    essential: bool = False
    vertical: bool = False
    asked_as: tuple[str, ...] = ()
    source_notes: tuple[str, ...] = dataclasses.field(default=(), repr=False)
    source_marks: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def wording_of(self, text: str) -> Wording:
        """Return whose words one of its texts is."""
        if text in (self.title, self.short_title):
            return Wording.NAME
        return Wording.ASKED if text in self.asked_as else Wording.CALLED


@dataclass(frozen=True)
class LifeEvent:
    """A life event (sự kiện trong đời): an entry point that leads to several procedures, in a family's order."""

    name: str
    title: str
    also_called: tuple[str, ...]
    steps: tuple[LifeEventStep, ...]


@dataclass(frozen=True)
class LifeEventStep:
    """One procedure of a life event: why it is due, in one line; `optional` when only some families need it."""

    code: str
    line: str
    optional: bool = False
