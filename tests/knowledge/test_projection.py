"""The map of the encoder's space: for its own encoder, told when damaged, unit vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.errors import IndexFault
from knowledge.projection import FLOOR, PROBES, Projection
from tests.fakes.cut_file import cut

MATRIX = np.array([[2.0, 0.0, 0.0], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]], np.float32)


class ThreeNumbers:
    """An encoder whose vectors are (1, 0, 0), turned a little by `slip`."""

    def __init__(self, slip: float = 0.0, dimension: int = 3) -> None:
        self._vector = np.zeros(dimension, np.float32)
        self._vector[:2] = (1 - slip**2) ** 0.5, slip

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.repeat(self._vector[None], len(texts), axis=0)


def stored(folder: Path) -> Path:
    path = folder / "projection.npz"
    Projection(MATRIX, 0.2, ThreeNumbers().encode_questions(PROBES)).save(path)
    return path


def test_without_a_matrix_nothing_changes() -> None:
    """An encoder nobody fitted answers as it did."""
    rows = np.eye(3, dtype=np.float32)

    assert Projection()(rows) is rows
    assert Projection().floor == FLOOR


@pytest.mark.parametrize("rows", [np.eye(3, dtype=np.float32), np.array([0.6, 0.8, 0.0], np.float32)])
def test_mapped_vectors_have_length_one(rows: NDArray[np.float32]) -> None:
    """One vector or many; a cosine stays a product."""
    assert np.linalg.norm(Projection(MATRIX)(rows), axis=-1) == pytest.approx(1.0)


def test_it_turns_what_the_matrix_says() -> None:
    """The third direction leans towards the second."""
    assert Projection(MATRIX)(np.array([0, 0, 1], np.float32)) == pytest.approx([0, 0.5 / 1.25**0.5, 1 / 1.25**0.5])


def test_it_comes_back_from_a_file(tmp_path: Path) -> None:
    """Half precision loses nothing that matters; the floor comes along."""
    read = Projection.load(stored(tmp_path))

    assert read.matrix == pytest.approx(MATRIX, abs=1e-3)
    assert read.floor == 0.2


@pytest.mark.parametrize(
    ("encoder", "is_used"),
    [
        (ThreeNumbers(), True),
        (ThreeNumbers(slip=0.1), True),
        (ThreeNumbers(slip=0.5), False),
        (ThreeNumbers(0, 4), False),
    ],
    ids=["its own", "the same weights, rounded otherwise", "another", "another dimension"],
)
def test_it_serves_the_encoder_it_was_learned_with(tmp_path: Path, encoder: ThreeNumbers, is_used: bool) -> None:
    """A model from a hub has another space: the map would only shuffle it."""
    assert (Projection.for_encoder(encoder, stored(tmp_path)).matrix is not None) == is_used


def test_without_a_file_the_encoder_is_taken_as_it_is(tmp_path: Path) -> None:
    """A province may delete it."""
    assert Projection.for_encoder(ThreeNumbers(), tmp_path / "none.npz") == Projection()


@pytest.mark.parametrize("kept", [None, 0, 20, -20])
def test_a_missing_or_cut_file_is_told(tmp_path: Path, kept: int | None) -> None:
    """Never half a map."""
    path = stored(tmp_path)
    cut(path, kept)

    with pytest.raises(IndexFault):
        Projection.load(path)
