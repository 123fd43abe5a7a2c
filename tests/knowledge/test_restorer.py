"""Marks put back for the encoder."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import IndexFault
from knowledge.restorer import Restorer, count_text
from tests.fakes.cut_file import cut

TEXTS = ["đăng ký khai sinh", "giấy khai sinh", "đăng ký khai tử", "sổ đỏ bị mất", "đỏ mặt"]


def restorer() -> Restorer:
    return count_text([(TEXTS, 1)])


def test_neighbours_decide_between_readings() -> None:
    """ "khai tu" is khai tử because khai stands before it."""
    assert restorer().restore("dang ky khai tu") == "đăng ký khai tử"


def test_what_was_typed_with_marks_stays() -> None:
    """A person who marks one word means it."""
    assert restorer().restore("sổ do") == "sổ đỏ"


def test_unknown_syllables_stay_as_typed() -> None:
    """Names and numbers are not guessed at."""
    assert restorer().restore("khai sinh zalo 2026") == "khai sinh zalo 2026"


def test_an_empty_text_stays_empty() -> None:
    """A question of frame words alone reaches it so."""
    assert restorer().restore("") == ""


def test_it_comes_back_from_a_file_as_it_was(tmp_path: Path) -> None:
    """The app loads what the build counted."""
    restorer().save(tmp_path / "r.json.gz")

    assert Restorer.load(tmp_path / "r.json.gz").restore("giay khai sinh") == "giấy khai sinh"


@pytest.mark.parametrize("kept", [0, 5, 40, -3, None])
def test_a_cut_file_is_told(tmp_path: Path, kept: int | None) -> None:
    """A crash while writing must not stop the app with a riddle."""
    path = tmp_path / "r.json.gz"
    restorer().save(path)
    cut(path, kept)

    with pytest.raises(IndexFault):
        Restorer.load(path)
