"""Questions that are none of ours, as something to be like."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import IndexFault
from knowledge.outside_index import OutsideIndex
from knowledge.projection import Projection
from knowledge.vector_index import VectorIndex

ROWS = np.eye(4, dtype=np.float32)
ASKED = ("trời mưa không", "giá vàng", "bóng đá", "visa Mỹ")


def index() -> OutsideIndex:
    return OutsideIndex(ASKED, VectorIndex.build(ROWS))


def test_likeness_is_the_mean_of_the_three_nearest() -> None:
    """One chance likeness does not refuse a citizen."""
    vector = np.array([0.6, 0.8, 0.0, 0.0], np.float32)

    assert index().likeness(vector) == pytest.approx((0.8 + 0.6 + 0.0) / 3)


def test_a_question_may_be_left_out_of_its_own_likeness() -> None:
    """Fitting must not learn that a question is like itself."""
    assert index().likeness(ROWS[0]) == pytest.approx(1 / 3)
    assert index().likeness(ROWS[0], but="trời mưa không") == pytest.approx(0.0)


def test_the_only_question_is_like_none_but_itself() -> None:
    """A list of one breaks no fit."""
    alone = OutsideIndex(ASKED[:1], VectorIndex.build(ROWS[:1]))

    assert alone.likeness(ROWS[0], but=ASKED[0]) == 0.0


def test_without_such_questions_nothing_is_like_them(tmp_path: Path) -> None:
    """A province may start without the list."""
    empty = OutsideIndex((), VectorIndex.build(np.zeros((0, 4), np.float32)))
    empty.save(tmp_path)

    assert OutsideIndex.load(tmp_path, Projection()).likeness(ROWS[0]) == 0.0
    assert OutsideIndex.read(tmp_path / "none") == []


def test_it_comes_back_from_its_folder_as_it_was(tmp_path: Path) -> None:
    """The app loads what the build wrote."""
    index().save(tmp_path)

    assert OutsideIndex.load(tmp_path, Projection()).likeness(ROWS[3]) == pytest.approx(1 / 3)


def test_a_missing_part_is_told(tmp_path: Path) -> None:
    """A half-copied index must not answer."""
    index().save(tmp_path)
    (tmp_path / "outside.json").unlink()

    with pytest.raises(IndexFault):
        OutsideIndex.load(tmp_path, Projection())
