"""The keyword channel: syllables and pairs, with and without marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import IndexFault
from knowledge.keyword_index import KeywordIndex
from tests.fakes.cut_file import cut

PASSAGES = ["đăng ký khai sinh", "đăng ký khai tử", "cấp lại thẻ đọc sách", "sinh đăng khai ký"]


@pytest.fixture(scope="module")
def index() -> KeywordIndex:
    return KeywordIndex.build(PASSAGES)


def test_the_passage_that_says_it_all_scores_best(index: KeywordIndex) -> None:
    """A score of about one means: everything asked stands there."""
    bm25, cosine = index.scores(["dang", "ky", "khai", "tu"])

    assert bm25.argmax() == cosine.argmax() == 1
    assert cosine.max() == pytest.approx(1.0, abs=0.01)


def test_the_order_of_words_counts(index: KeywordIndex) -> None:
    """The same syllables in another order are another matter."""
    _bm25, cosine = index.scores(["dang", "ky", "khai", "sinh"])

    assert cosine[0] > cosine[3] > 0


def test_added_names_count_less_than_the_persons_own_words(index: KeywordIndex) -> None:
    """A guess at a synonym must not beat what was typed."""
    _, own = index.scores(["khai", "tu"])
    _, added = index.scores(["khai"], added=["tu"])
    _, neither = index.scores(["khai"])

    assert added[1] > neither[1]
    assert added[1] - neither[1] < own[1]


def test_unknown_words_score_nothing_and_break_nothing(index: KeywordIndex) -> None:
    """Nobody has heard of it."""
    bm25, cosine = index.scores(["zalo", "bitcoin"])

    assert bm25.max() == cosine.max() == 0.0
    assert index.known_share(["zalo", "khai"]) == 0.5
    assert index.known_share([]) == 0.0


def test_coverage_names_how_much_is_said_and_how_rare_the_rest_is(index: KeywordIndex) -> None:
    """What is missing decides whether the answer is about the question."""
    said, missing = index.coverage(0, ["khai", "sinh"])
    half, rare = index.coverage(0, ["khai", "bitcoin"])

    assert said == pytest.approx(1.0) and missing == 0.0
    assert half < 1.0 and rare == pytest.approx(1.0)


def test_it_comes_back_from_a_file_as_it_was(index: KeywordIndex, tmp_path: Path) -> None:
    """The app loads what the build wrote."""
    index.save(tmp_path / "k.npz")
    loaded = KeywordIndex.load(tmp_path / "k.npz")

    assert (loaded.scores(["khai", "tu"])[0] == index.scores(["khai", "tu"])[0]).all()


@pytest.mark.parametrize("kept", [0, 10, 400, -20, None])
def test_a_cut_file_is_told(index: KeywordIndex, tmp_path: Path, kept: int | None) -> None:
    """A crash while writing must not become wrong answers, wherever it cut the file."""
    path = tmp_path / "k.npz"
    index.save(path)
    cut(path, kept)

    with pytest.raises(IndexFault):
        KeywordIndex.load(path)


def test_the_passages_that_hold_every_word(index: KeywordIndex) -> None:
    """How many procedures a vague request fits; a word that nobody knows does not make it less vague."""
    assert set(index.holding_all(["dang", "ky"])) == {0, 1, 3}
    assert set(index.holding_all(["dang", "sinh", "zalo"])) == {0, 3}
    assert len(index.holding_all(["tu", "sach"])) == len(index.holding_all(["zalo"])) == 0
