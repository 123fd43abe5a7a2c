"""A reply to "which of these?" as people give it."""

from __future__ import annotations

import pytest

from actions.choices import chosen_number, differing_attribute
from knowledge.model import Act, Facets, Level
from tests.actions.builders import make_procedure


@pytest.mark.parametrize(
    ("reply", "place"),
    [
        ("1", 0),
        ("2", 1),
        ("số 2", 1),
        ("so 3", 2),
        ("cái thứ hai", 1),
        ("cai thu hai ay", 1),
        ("cái đầu", 0),
        ("cái đầu tiên nhé", 0),
        ("cái thứ nhất", 0),
        ("cai thu ba", 2),
        ("cái cuối", 3),
        ("cái cuối cùng", 3),
        ("dưới cùng", 3),
        ("trên cùng", 0),
        ("cái thứ tư", 3),
        ("cái thứ bốn", 3),
        ("chọn 4", 3),
        ("số 2 cho em nhé", 1),
        ("Mục 2.", 1),
    ],
)
def test_a_number_or_ordinal_names_the_place(reply: str, place: int) -> None:
    """With and without marks, polite and curt."""
    assert chosen_number(reply, 4) == place


def test_the_one_with_number_two_is_the_second() -> None:
    """ "Cái số 2" is how most people say it."""
    assert chosen_number("lấy cái số 2", 4) == 1


@pytest.mark.parametrize(
    "reply",
    [
        "khai sinh",
        "5",
        "cái thứ năm",
        "0",
        "3 sao",
        "2 phòng hát",
        "2 hội gộp thành 1",
        "đăng ký lại cho con tôi ở xã hai năm trước nhé",
        "không phải",
        "",
        "…",
    ],
)
def test_other_words_name_none(reply: str) -> None:
    """A long sentence with a number in it is not a choice."""
    assert chosen_number(reply, 4) is None


def test_without_an_offer_nothing_is_chosen() -> None:
    """ "2" out of the blue is not the second of nothing."""
    assert chosen_number("2", 0) is None


def test_a_place_beyond_the_offer_is_not_taken() -> None:
    """Two choices have no third."""
    assert chosen_number("cái thứ ba", 2) is None


@pytest.mark.parametrize("reply", ["nộp ở đâu", "ở đâu vậy", "làm ở đâu"])
def test_where_is_not_the_first(reply: str) -> None:
    """A question for the place must not choose somebody's procedure."""
    assert chosen_number(reply, 4) is None


@pytest.mark.parametrize("reply", ["cho ba tôi", "con tôi 4 tuổi", "hai vợ chồng tôi", "mất một cái"])
def test_family_and_ages_are_no_numbers(reply: str) -> None:
    """ "ba" is father as often as three: the words must settle it, not the count."""
    assert chosen_number(reply, 4) is None


def test_twins_are_asked_apart_by_what_differs() -> None:
    """ "Lần đầu hay làm lại?" settles more than a list of titles."""
    first = make_procedure("1.1", "Cấp thẻ bảo hiểm y tế", facets=Facets(Act.FIRST))
    again = make_procedure("1.2", "Cấp lại thẻ bảo hiểm y tế", facets=Facets(Act.REISSUE))
    abroad = make_procedure("1.3", "Cấp thẻ bảo hiểm y tế quốc tế", facets=Facets(Act.FIRST, foreign=True))
    above = make_procedure("1.4", "Cấp thẻ bảo hiểm y tế tỉnh", levels=(Level.PROVINCE,))

    assert differing_attribute([first, again]) == "act"
    assert differing_attribute([first, abroad]) == "foreign"
    assert differing_attribute([first, above]) == "level"
    assert differing_attribute([first, first]) is None


def test_the_lead_asks_only_what_its_answer_settles() -> None:
    """ "First, again or change?" before closing one, or "commune or province?" before two of the commune, fits none."""
    first = make_procedure("1.1", "Thẻ đọc sách", facets=Facets(Act.FIRST))
    closing = make_procedure("1.2", "Thẻ đọc sách", facets=Facets(Act.CANCEL))
    both = make_procedure("1.3", "Thẻ đọc sách", levels=(Level.COMMUNE, Level.PROVINCE), facets=Facets(Act.FIRST))

    assert differing_attribute([first, closing]) is None
    assert differing_attribute([first, both]) is None


def test_different_matters_have_no_differing_attribute() -> None:
    """ "First or again?" between a birth and a wedding would be silly."""
    birth = make_procedure("1.1", "Khai sinh", facets=Facets(Act.FIRST))
    land = make_procedure("1.2", "Cấp đổi sổ đỏ", facets=Facets(Act.EXCHANGE))

    assert differing_attribute([birth, land]) is None
    assert differing_attribute([]) is None
