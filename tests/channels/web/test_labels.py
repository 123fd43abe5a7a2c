"""Labels of the pages, and words marked inside a text."""

from __future__ import annotations

import pytest

from channels.web.labels import ACT_WORDS, LEVEL_WORDS, ONLINE_WORDS, highlight, portal_url
from knowledge.model import Act, Level, OnlineService
from tests.fakes.tiny_search import make_procedure


def test_every_value_of_the_catalogue_has_words() -> None:
    """A new act without a label would break its page."""
    assert set(ACT_WORDS) == set(Act)
    assert set(LEVEL_WORDS) == set(Level)
    assert set(ONLINE_WORDS) == {*OnlineService, None}


@pytest.mark.parametrize("text", ["Đăng ký lại khai sinh", "  A, b – c!", "", "khai sinh", "(khai) (sinh)"])
def test_marking_changes_no_letter(text: str) -> None:
    """Titles are official."""
    assert "".join(piece.text for piece in highlight(text, {"khai", "sinh"})) == text


def test_neighbours_are_one_mark_and_commas_are_left_out() -> None:
    """Marks that follow the phrase read better than single syllables."""
    marked = [piece.text for piece in highlight("Khai sinh, giấy KHAI", {"khai", "sinh", "giay"}) if piece.marked]
    assert marked == ["Khai sinh", "giấy KHAI"]


@pytest.mark.parametrize(
    "source",
    [
        "http://dichvucong.gov.vn/x",
        "https://dichvucong.gov.vn.example/x",
        "https://gov.vn@example.com/",
        "javascript:alert(1)",
        "https://examplegov.vn/",
        "",
    ],
)
def test_a_source_elsewhere_is_never_linked(source: str) -> None:
    """A wrong line in a data file must not send people to a stranger."""
    linked = portal_url(make_procedure("1.000001", source_url=source))
    assert linked.startswith("https://dichvucong.gov.vn/p/home/")
    assert linked.endswith("=1.000001")


def test_a_ministry_of_the_state_is_linked() -> None:
    """Some procedures have their page at a ministry."""
    source = "https://dichvucong.bocongan.gov.vn/tthc/1"
    assert portal_url(make_procedure(source_url=source)) == source
