"""The built index in one folder: catalogue, passages, keyword matrices, vectors, restorer.

It is built aside and put in place by one rename, so a crash half-way leaves the last good index in service.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.catalogue import (
    CATALOGUE,
    LIFE_EVENTS,
    Catalogue,
    from_snapshot,
    load_catalogue,
    to_snapshot,
)
from knowledge.elsewhere import Elsewhere, load_elsewhere, read_stored, store
from knowledge.encoder import Encoder
from knowledge.encoder_weights.vocabulary import vietnamese_lines
from knowledge.errors import IndexFault
from knowledge.fingerprints import ELSEWHERE, FORMAT, META, OUTSIDE, content_fingerprint, projection_fingerprint
from knowledge.keyword_index import KeywordIndex
from knowledge.model import LifeEvent, Procedure
from knowledge.outside_index import OutsideIndex
from knowledge.projection import Projection
from knowledge.question import Question, QuestionReader
from knowledge.restorer import Restorer, count_text
from knowledge.vector_index import VectorIndex

SNAPSHOT = "catalogue.json"
#: The encoder's vectors of the passages, as the encoder gives them.
VECTORS = "vectors.faiss"
MAP = "projection.npz"
OTHERS = "elsewhere.json"


@dataclass(frozen=True)
class Passage:
    """One text that a question is compared with.

    kind: "title", "alias", "question", "life_event" or "elsewhere"; owner: the code of a procedure (of ours, or of
    another office), or a life event's name.
    """

    owner: str
    kind: str
    text: str


@dataclass(frozen=True)
class Index:
    """Everything the search needs.

    keywords, vectors: over passages, with the same numbers.  documents, centres: over owners, all their passages
    together, numbered as `items`.  projection: what a question's vector goes through before it is
    compared.
    """

    catalogue: Catalogue
    passages: tuple[Passage, ...]
    keywords: KeywordIndex
    documents: KeywordIndex
    vectors: VectorIndex
    centres: VectorIndex
    restorer: Restorer
    outside: OutsideIndex
    elsewhere: tuple[Elsewhere, ...]
    projection: Projection
    fingerprint: str

    @cached_property
    def items(self) -> tuple[Procedure | LifeEvent | Elsewhere, ...]:
        """Return the owners of the passages: every procedure, every life event, then what other offices do."""
        return (*self.catalogue, *self.catalogue.life_events.values(), *self.elsewhere)

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """Return the place of every procedure in `items`, by code."""
        return {code: place for place, code in enumerate(self.catalogue.procedures)}

    @cached_property
    def owner_spans(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return (first passage, number of passages) of every owner, in the order of `items`."""
        return owner_spans(self.passages)


def prepared_text(question: Question, restorer: Restorer) -> str:
    """Return what is encoded of a question: the matter, with marks restored when they were left out."""
    return question.text if question.marked else restorer.restore(question.text)


def passages_of(catalogue: Catalogue, elsewhere: Sequence[Elsewhere] = ()) -> tuple[Passage, ...]:
    """Return the passages of every procedure (title, label, aliases), life event and procedure of another office."""
    passages = []
    for procedure in catalogue:
        passages.append(Passage(procedure.code, "title", procedure.title))
        if procedure.short_title.lower() != procedure.title.lower():
            passages.append(Passage(procedure.code, "alias", procedure.short_title))
        passages += [Passage(procedure.code, "alias", text) for text in procedure.also_called]
        passages += [Passage(procedure.code, "question", text) for text in procedure.asked_as]
    for event in catalogue.life_events.values():
        passages += [Passage(event.name, "life_event", text) for text in (event.title, *event.also_called)]
    for other in elsewhere:
        passages += [Passage(other.code, "elsewhere", text) for text in (other.title, *other.asked)]
    return tuple(passages)


def owner_spans(passages: Sequence[Passage]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (first passage, number of passages) of every owner; an owner's passages stand together."""
    owners = np.array([passage.owner for passage in passages])
    first = np.flatnonzero(np.concatenate([[True], owners[1:] != owners[:-1]]))
    return first, np.diff(np.concatenate([first, [len(owners)]]))


def build_index(
    out: Path,
    encoder: Encoder,
    folder: Path = CATALOGUE,
    life_events: Path = LIFE_EVENTS,
    report: Callable[[str], None] = print,
    catalogue: Catalogue | None = None,
    outside: Path = OUTSIDE,
    elsewhere: Path = ELSEWHERE,
) -> None:
    """Build the index of the catalogue into `out`.

    catalogue: another one than the folders hold, e.g. a wider one to measure with.  outside: the folder of questions
    that are none of ours.  elsewhere: the folder of other offices' procedures.

    Raises:
        CatalogueError: the data files have faults; nothing is replaced.
    """
    catalogue = catalogue or load_catalogue(folder, life_events)
    others = tuple(one for one in load_elsewhere(elsewhere) if one.code not in catalogue.procedures)
    passages = passages_of(catalogue, others)
    report(f"  {len(catalogue):,} thủ tục, {len(passages):,} cách gọi")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as scratch:
        made = Path(scratch) / "index"
        made.mkdir()
        texts = [passage.text for passage in passages]
        first, count = owner_spans(passages)
        KeywordIndex.build(texts).save(made / "keywords.npz")
        together = [" . ".join(texts[at : at + n]) for at, n in zip(first, count, strict=True)]
        KeywordIndex.build(together).save(made / "documents.npz")
        restorer = count_text([(texts, 3), (vietnamese_lines(), 1)])
        restorer.save(made / "restorer.json.gz")
        report("  mã hoá các cách gọi thành véc-tơ (vectors)")
        VectorIndex.build(encoder.encode_passages(texts)).save(made / VECTORS)
        Projection.for_encoder(encoder).save(made / MAP)
        questions, reader = OutsideIndex.read(outside), QuestionReader()

        def vectors_of(texts: Sequence[str]) -> VectorIndex:
            prepared = [prepared_text(reader.read(text), restorer) for text in texts]
            return VectorIndex.build(encoder.encode_questions(prepared))

        OutsideIndex(questions, vectors_of(questions)).save(made)
        store(others, made / OTHERS)
        (made / SNAPSHOT).write_text(json.dumps(to_snapshot(catalogue), ensure_ascii=False), encoding="utf8")
        meta = {
            "format": FORMAT,
            "catalogue": content_fingerprint(folder, life_events, outside, elsewhere),
            "encoder": encoder.fingerprint,
            "projection": projection_fingerprint(),
            "procedures": len(catalogue),
            "passages": len(passages),
        }
        (made / META).write_text(json.dumps(meta, indent=2), encoding="utf8")
        _put_in_place(made, out)


def _put_in_place(made: Path, out: Path) -> None:
    retired = out.with_name(out.name + ".old")
    shutil.rmtree(retired, ignore_errors=True)
    if out.exists():
        out.rename(retired)
    made.rename(out)
    shutil.rmtree(retired, ignore_errors=True)


def load_index(out: Path, encoder_fingerprint: str) -> Index:
    """Load a built index.

    Raises:
        IndexFault: none there, cut short, or built with another encoder.
    """
    try:
        meta = json.loads((out / META).read_text(encoding="utf8"))
        catalogue = from_snapshot(json.loads((out / SNAPSHOT).read_text(encoding="utf8")))
    except (OSError, ValueError, KeyError) as error:
        raise IndexFault(f"no usable index at {out}: run `make setup`") from error
    if meta["format"] != FORMAT or meta["encoder"] != encoder_fingerprint:
        raise IndexFault("the index belongs to another encoder or version: run `make setup`")
    elsewhere = read_stored(out / OTHERS)
    passages = passages_of(catalogue, elsewhere)
    projection = Projection.load(out / MAP)
    vectors = projection(VectorIndex.load(out / VECTORS).rows())
    return Index(
        catalogue,
        passages,
        KeywordIndex.load(out / "keywords.npz"),
        KeywordIndex.load(out / "documents.npz"),
        VectorIndex.build(vectors),
        VectorIndex.build(centres_of(vectors, passages)),
        Restorer.load(out / "restorer.json.gz"),
        OutsideIndex.load(out, projection),
        elsewhere,
        projection,
        f"{meta['catalogue']}-{meta['encoder']}",
    )


def put_projection(out: Path, projection: Projection) -> None:
    """Put another map into a built index; its vectors stay as the encoder gave them."""
    projection.save(out / MAP)
    meta = json.loads((out / META).read_text(encoding="utf8"))
    meta["projection"] = projection_fingerprint()
    (out / META).write_text(json.dumps(meta, indent=2), encoding="utf8")


def centres_of(vectors: NDArray[np.float32], passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Return the middle of every owner's passages, (n_owners, dimension), rows of length 1."""
    first, _ = owner_spans(passages)
    centres = np.add.reduceat(vectors, first)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    return np.asarray(centres, dtype=np.float32)
