"""A real search over a handful of made-up procedures, with an encoder that only counts syllables."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from knowledge.encoder import Encoder
from knowledge.index import build_index, load_index
from knowledge.model import (
    PORTAL_PAGE,
    Act,
    Channel,
    Duration,
    Facets,
    Fee,
    LegalText,
    Level,
    LifeEvent,
    LifeEventStep,
    OnlineService,
    Paper,
    Procedure,
    Related,
    TimeUnit,
)
from knowledge.procedure_file import write_yaml
from knowledge.search import Search, SearchResult
from knowledge.verdict import Judge, Outcome, Verdict, named_rival
from knowledge.vietnamese import folded_syllables

EVERY_WAY = (Channel.ONLINE, Channel.COUNTER, Channel.POST)
DIMENSION = 256


class CountingEncoder(Encoder):
    """Texts with the same syllables get the same vector; no model, no files."""

    def __init__(self) -> None:
        self.fingerprint = "counting"
        self.dimension = DIMENSION

    def _encode(self, texts: list[str], batch_size: int) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), DIMENSION), np.float32)
        for row, text in enumerate(texts):
            for syllable in folded_syllables(text)[1:]:  # the first one is the encoder's prompt
                vectors[row, zlib.crc32(syllable.encode()) % DIMENSION] += 1
        lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
        return np.asarray(vectors / lengths, dtype=np.float32)


def make_procedure(code: str = "1.000001", title: str = "Cấp thẻ đọc sách", **facts: object) -> Procedure:
    """Return a procedure of which only these facts are stated."""
    bare = Procedure(
        code=code,
        title=title,
        short_title=title,
        field="Thư viện",
        levels=(Level.COMMUNE,),
        authority=None,
        audience=(),
        channels=EVERY_WAY,
        online=OnlineService.PARTIAL,
        durations=(),
        fees=(),
        documents=(),
        result=None,
        conditions=(),
        legal_basis=(),
        source_url=PORTAL_PAGE.format(code=code),
        as_of=date(2026, 4, 15),
        also_called=(),
        facets=Facets(Act.FIRST),
    )
    return replace(bare, **facts)  # type: ignore[arg-type]


READING_CARD = make_procedure(
    "1.000001",
    "Cấp thẻ đọc sách",
    short_title="Thẻ đọc sách: làm lần đầu",
    authority="Ủy ban nhân dân cấp xã",
    audience=("công dân", "người nước ngoài"),
    durations=(
        Duration((Channel.ONLINE, Channel.POST), 3, TimeUnit.WORKING_DAY),
        Duration((Channel.COUNTER,), 13, TimeUnit.DAY, case="khi phải xác minh", inferred=True),
    ),
    fees=(
        Fee((Channel.ONLINE,), amount_vnd=0),
        Fee((Channel.COUNTER, Channel.POST), amount_vnd=12_000, condition="người lớn"),
        Fee(EVERY_WAY, set_by="HĐND tỉnh", condition="tổ chức"),
    ),
    documents=(
        Paper("Tờ khai xin thẻ", originals=1, form="Mẫu số 07"),
        Paper("Ảnh chân dung", copies=2),
        Paper("Giấy giới thiệu"),
        Paper("Văn bản ủy quyền", originals=1, case="khi nhờ người khác nộp"),
        Paper("Căn cước của người nhận ủy quyền", copies=1, case="khi nhờ người khác nộp"),
    ),
    result="Thẻ đọc sách",
    conditions=("Từ đủ 6 tuổi",),
    legal_basis=(
        LegalText("46/2019/QH14", "Luật Thư viện", date(2019, 11, 21)),
        LegalText("93/2020/NĐ-CP", "Nghị định về thư viện"),
    ),
    also_called=("xin thẻ thư viện xã", "làm thẻ mượn sách"),
    facets=Facets(Act.FIRST),
    life_events=("di_hoc",),
    related=(Related("1.000003", "before"), Related("1.000005", "after"), Related("9.999999", "with")),
    essential=True,
)
LOST_CARD = make_procedure(
    "1.000002",
    "Cấp lại thẻ đọc sách",
    short_title="Thẻ đọc sách: cấp lại",
    online=OnlineService.FULL,
    also_called=("mất thẻ mượn sách xin lại", "làm lại thẻ mượn sách"),
    facets=Facets(Act.REISSUE),
)
FOREIGN_CARD = make_procedure(
    "1.000003",
    "Cấp thẻ đọc sách có yếu tố nước ngoài tại thư viện khu vực biên giới",
    short_title="Thẻ đọc sách người nước ngoài",
    levels=(Level.PROVINCE,),
    channels=(Channel.COUNTER,),
    online=None,
    facets=Facets(Act.FIRST, foreign=True, special="khu vực biên giới"),
)
BEEKEEPING = make_procedure(
    "1.000005",
    "Đăng ký nuôi ong",
    field="Chăn nuôi",
    levels=(Level.PROVINCE, Level.COMMUNE),
    also_called=("nuôi ong lấy mật",),
    vertical=True,
)
OTHERS = tuple(
    make_procedure(f"2.0000{number:02d}", f"{title} số {number}", field="Đường thủy", levels=(Level.PROVINCE,))
    for number, title in enumerate(["Bến phà", "Cầu phao", "Thuyền nan", "Đò ngang", "Phao tiêu", "Kè đá"] * 6, 10)
)
PROCEDURES = (READING_CARD, LOST_CARD, FOREIGN_CARD, BEEKEEPING, *OTHERS)
GOING_TO_SCHOOL = LifeEvent(
    "di_hoc",
    "Con đi học",
    ("con vào lớp một", "con em sắp tới trường"),
    (
        LifeEventStep("1.000001", "để mượn sách ở thư viện"),
        LifeEventStep("1.000005", "khi trường có vườn ong", optional=True),
        LifeEventStep("9.999999", "không còn trong danh mục"),
    ),
)


def make_search(procedures: Iterable[Procedure] = PROCEDURES, elsewhere: Path | None = None) -> Search:
    """Return a search over these procedures and one life event, built from data files as in real life.

    elsewhere: the folder of what other offices do; None = nothing is known of them.
    """
    encoder = CountingEncoder()
    with tempfile.TemporaryDirectory() as scratch:
        folder, events, out = (Path(scratch) / name for name in ("catalogue", "life_events", "index"))
        folder.mkdir()
        events.mkdir()
        for one in procedures:
            (folder / f"{one.code}.yml").write_text(write_yaml(one), encoding="utf8")
        plain = asdict(GOING_TO_SCHOOL)
        name = plain.pop("name")
        plain = {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}
        (events / f"{name}.yml").write_text(yaml.safe_dump(plain, allow_unicode=True), encoding="utf8")
        build_index(out, encoder, folder, events, report=lambda line: None, elsewhere=elsewhere or folder / "none")
        return Search(load_index(out, encoder.fingerprint), encoder)


class FixedJudge(Judge):
    """Always of one mind; without one, a hit with more than a word or two in common is clear."""

    def __init__(self, outcome: Outcome | None = None) -> None:
        self.outcome = outcome

    def judge(self, result: SearchResult, asked: bool = False) -> Verdict:
        alike = bool(result.hits) and result.hits[0].score > 1.0
        outcome = self.outcome or (Outcome.CLEAR if alike else Outcome.NOTHING)
        kept = {Outcome.CLEAR: 1, Outcome.AMBIGUOUS: 2, Outcome.NOTHING: 0}[outcome]
        return Verdict(outcome, result.hits[:kept], 0.5, 0.5, named_rival(result))
