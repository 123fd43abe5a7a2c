"""The built index: put in place by one rename, told when it is damaged or another's."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import CatalogueError, IndexFault
from knowledge.fingerprints import META, is_current
from knowledge.index import MAP, OTHERS, build_index, load_index, put_projection
from knowledge.procedure_file import write_yaml
from knowledge.projection import Projection
from knowledge.search import Search
from tests.fakes.cut_file import cut
from tests.fakes.tiny_search import LOST_CARD, READING_CARD, CountingEncoder

PARTS = ("keywords.npz", "documents.npz", "vectors.faiss", MAP, "restorer.json.gz", "catalogue.json", OTHERS, META)


def build(folder: Path) -> Path:
    catalogue, events = folder / "catalogue", folder / "events"
    catalogue.mkdir(exist_ok=True)
    events.mkdir(exist_ok=True)
    (catalogue / "1.000001.yml").write_text(write_yaml(READING_CARD), encoding="utf8")
    (catalogue / "1.000002.yml").write_text(write_yaml(LOST_CARD), encoding="utf8")
    build_index(folder / "index", CountingEncoder(), catalogue, events, report=lambda line: None)
    return folder / "index"


def test_what_was_built_answers(tmp_path: Path) -> None:
    """Built, loaded, asked."""
    encoder = CountingEncoder()
    search = Search(load_index(build(tmp_path), encoder.fingerprint), encoder)

    assert search.find("mất thẻ mượn sách").hits[0].procedure.code == LOST_CARD.code


@pytest.mark.parametrize("part", [*PARTS, "outside.faiss", "outside.json"])
@pytest.mark.parametrize("kept", [None, 0, 12])
def test_a_missing_or_cut_part_is_told(tmp_path: Path, part: str, kept: int | None) -> None:
    """A half-written index must not answer, and says what to do instead of a traceback."""
    out = build(tmp_path)
    cut(out / part, kept)

    with pytest.raises(IndexFault):
        load_index(out, "counting")


def test_the_index_of_another_encoder_is_refused(tmp_path: Path) -> None:
    """Vectors of two models have nothing in common."""
    with pytest.raises(IndexFault, match="another encoder"):
        load_index(build(tmp_path), "another")


def test_a_fault_in_the_data_leaves_the_last_good_index_in_service(tmp_path: Path) -> None:
    """A clerk's slip at five in the afternoon must not end the service."""
    out = build(tmp_path)
    before = json.loads((out / META).read_text(encoding="utf8"))
    (tmp_path / "catalogue" / "1.000003.yml").write_text("code: 1.000003\nlộn xộn", encoding="utf8")

    with pytest.raises(CatalogueError):
        build_index(out, CountingEncoder(), tmp_path / "catalogue", tmp_path / "events", report=lambda line: None)

    assert json.loads((out / META).read_text(encoding="utf8")) == before
    assert load_index(out, "counting").catalogue.procedures.keys() == {"1.000001", "1.000002"}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(("index", "tmp"))] == ["index"]


def test_a_changed_file_makes_the_index_stale(tmp_path: Path) -> None:
    """Set-up builds anew when a clerk edited something, and only then."""
    out = build(tmp_path)
    assert is_current(out, "counting", tmp_path / "catalogue", tmp_path / "events")

    with (tmp_path / "catalogue" / "1.000001.yml").open("a", encoding="utf8") as file:
        file.write("\n")

    assert not is_current(out, "counting", tmp_path / "catalogue", tmp_path / "events")


def test_another_map_is_put_into_a_built_index(tmp_path: Path) -> None:
    """A fit need not encode every name again: vectors, centres and questions go through the new map when loaded."""
    out = build(tmp_path)
    flipped = np.eye(CountingEncoder().dimension, dtype=np.float32)[::-1].copy()
    before = load_index(out, "counting")
    put_projection(out, Projection(flipped, 0.1))
    after = load_index(out, "counting")

    assert after.vectors.rows() == pytest.approx(before.vectors.rows()[:, ::-1], abs=1e-6)
    assert after.centres.rows() == pytest.approx(before.centres.rows()[:, ::-1], abs=1e-6)
    assert after.projection.floor == 0.1
    found = Search(after, CountingEncoder()).find("mất thẻ mượn sách").hits[0]
    assert found.procedure.code == LOST_CARD.code
