"""Learning the map: names of one procedure come together, also names that were not learned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.projection import Projection
from knowledge.projection_fitting import Names, fit_projection, learn_projection, learning_set
from tests.fakes.tiny_search import LOST_CARD, make_search

DIMENSION, OWNERS, EACH = 12, 20, 400


def noisy_names(seed: int, loud: float = 1.5) -> Names:
    """Return names whose first four numbers tell the owner and whose last eight are loud noise."""
    chance = np.random.default_rng(seed)
    owners = np.repeat(np.arange(OWNERS), EACH)
    telling = np.random.default_rng(0).normal(size=(OWNERS, 4))[owners] + chance.normal(size=(len(owners), 4)) * 0.1
    rows = np.concatenate([telling, chance.normal(size=(len(owners), DIMENSION - 4)) * loud], axis=1).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return Names(rows, rows, owners, np.arange(len(owners)), {})


def share_right(projection: Projection, known: Names, new: NDArray[np.float32], owners: NDArray[np.int64]) -> float:
    """Return how many new names lie nearest to the middle of their own procedure's."""
    turned = projection(known.as_passages)
    centres = np.array([turned[known.owners == owner].mean(axis=0) for owner in range(OWNERS)])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    return float(((projection(new) @ centres.T).argmax(axis=1) == owners).mean())


def test_new_names_are_found_better_under_the_map() -> None:
    """It learns which directions tell procedures apart, not the names by heart."""
    known, new = noisy_names(1), noisy_names(2)
    matrix, floor = learn_projection(known)

    before = share_right(Projection(), known, new.as_questions, new.owners)
    after = share_right(Projection(matrix, floor), known, new.as_questions, new.owners)

    assert after > before + 0.02
    assert np.linalg.norm(matrix[:4, :4]) > np.linalg.norm(matrix[4:8, 4:8])


def test_the_floor_is_what_strangers_have_in_common() -> None:
    """Half of all pairs of a name and a procedure lie below."""
    names = noisy_names(1)
    matrix, floor = learn_projection(names)
    turned = Projection(matrix)(names.as_passages)
    centres = np.array([turned[names.owners == owner].mean(axis=0) for owner in range(OWNERS)])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)

    assert float((turned @ centres.T < floor).mean()) == pytest.approx(0.5, abs=0.01)


def test_the_same_names_give_the_same_map() -> None:
    """A refit without news leaves no trace in git."""
    assert (learn_projection(noisy_names(1))[0] == learn_projection(noisy_names(1))[0]).all()


def test_records_of_one_matter_need_not_be_told_apart() -> None:
    """Where every record is as right as the other there is nothing to learn."""
    everyone = {owner: list(range(OWNERS)) for owner in range(OWNERS)}
    matrix, _ = learn_projection(replace(noisy_names(1), same_matter=everyone))

    assert matrix == pytest.approx(np.eye(DIMENSION), abs=1e-4)


def test_names_are_learned_and_titles_are_known() -> None:
    """A title is what the state says: something to compare with, nothing that a person would ask."""
    search = make_search()
    names = learning_set(search, search.index.vectors.rows())
    kinds = {search.index.passages[row].kind for row in names.to_learn}

    assert kinds <= {"alias", "question"} and len(names.to_learn) > 0
    assert len(names.as_questions) == len(names.owners) == len(search.index.passages)
    assert search.index.place_of[LOST_CARD.code] in set(names.owners[names.to_learn])


def test_a_fitted_map_knows_its_encoder() -> None:
    """It is used for that one again."""
    search = make_search()
    fitted = fit_projection(learning_set(search, search.index.vectors.rows()), search.encoder)

    assert fitted.probes is not None and fitted.matrix is not None
