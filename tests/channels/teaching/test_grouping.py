"""Questions that are alike stand together; others do not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from channels.teaching.grouping import centred, group_alike


def unit(*rows: tuple[float, float]) -> NDArray[np.float32]:
    vectors = np.array(rows, np.float32)
    lengths: NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / lengths


def test_near_ones_are_one_group() -> None:
    """In the order in which they came."""
    vectors = unit((1, 0), (0, 1), (0.95, 0.1), (0.1, 0.95), (-1, 0))

    assert group_alike(vectors, 0.9) == [[0, 2], [1, 3], [4]]


def test_a_chain_does_not_swallow_everything() -> None:
    """The mean counts: a neighbour of a neighbour is no neighbour."""
    angles = np.radians([0, 20, 40, 60, 80, 100, 120])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)

    assert len(group_alike(vectors, 0.9)) > 1


def test_nothing_gives_nothing() -> None:
    """An empty list is a good day."""
    assert group_alike(np.zeros((0, 4), np.float32), 0.5) == []
    assert group_alike(unit((1, 0)), 0.5) == [[0]]


def test_what_all_have_in_common_does_not_count() -> None:
    """Sentence encoders put all texts into one corner."""
    vectors = unit((10, 1), (10, -1), (10, 0.9))

    assert group_alike(vectors, 0.9) == [[0, 1, 2]]
    assert group_alike(centred(vectors, vectors.mean(axis=0)), 0.9) == [[0, 2], [1]]
