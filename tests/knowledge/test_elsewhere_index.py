"""Whose procedure a question asks for, by the nearest way of asking."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge.elsewhere_index import ENTRIES, ElsewhereIndex
from knowledge.errors import IndexFault
from knowledge.projection import Projection
from knowledge.vector_index import VectorIndex
from tests.fakes.elsewhere import make_elsewhere

ROWS = np.eye(4, dtype=np.float32)


LICENCE, VISA = (
    make_elsewhere("1.000001", ("bằng hết hạn", "đổi bằng")),
    make_elsewhere("1.000002", ("visa Mỹ", "visa Nhật")),
)


def index() -> ElsewhereIndex:
    return ElsewhereIndex((LICENCE, VISA), VectorIndex.build(ROWS))


def test_the_nearest_question_tells_whose_it_is() -> None:
    entry, cosine = index().nearest(np.array([0.0, 0.0, 0.6, 0.8], np.float32))

    assert entry == VISA
    assert cosine == pytest.approx(0.8)


def test_the_words_of_an_entry_are_those_of_its_title_and_questions() -> None:
    assert index().held(VISA, ("visa", "my")) == 1.0
    assert index().held(VISA, ("visa", "canada")) == 0.5


def test_without_entries_nothing_is_asked_elsewhere(tmp_path: Path) -> None:
    """A province may start without the list."""
    ElsewhereIndex((), VectorIndex.build(np.zeros((0, 4), np.float32))).save(tmp_path)

    assert ElsewhereIndex.load(tmp_path, Projection()).nearest(ROWS[0]) == (None, 0.0)


def test_it_comes_back_from_its_folder_as_it_was(tmp_path: Path) -> None:
    """The app loads what the build wrote."""
    index().save(tmp_path)

    assert ElsewhereIndex.load(tmp_path, Projection()).nearest(ROWS[1])[0] == LICENCE


def test_a_missing_part_is_told(tmp_path: Path) -> None:
    """A half-copied index must not answer."""
    index().save(tmp_path)
    (tmp_path / ENTRIES).unlink()

    with pytest.raises(IndexFault):
        ElsewhereIndex.load(tmp_path, Projection())
