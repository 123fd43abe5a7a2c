"""Near twins: who is near whom, and what tells them apart."""

from __future__ import annotations

from channels.web.twins import Twins, compare
from knowledge.model import Act, Facets
from tests.fakes.tiny_search import BEEKEEPING, FOREIGN_CARD, LOST_CARD, READING_CARD, make_procedure


def codes(of: str, *procedures_titles: str, field: str = "Thư viện") -> list[str]:
    """Return the titles of the twins of the first procedure among the given ones."""
    procedures = [
        make_procedure(f"1.00000{number}", title, field=field) for number, title in enumerate([of, *procedures_titles])
    ]
    return [twin.title for twin in Twins(procedures).of(procedures[0])]


def test_titles_that_share_most_words_are_near() -> None:
    """Cấp mới and cấp lại is the pair people confuse most."""
    assert codes("Cấp thẻ đọc sách", "Cấp lại thẻ đọc sách", "Đăng ký nuôi ong") == ["Cấp lại thẻ đọc sách"]


def test_the_special_case_of_a_title_is_near_although_its_title_is_long() -> None:
    """With a foreign element the title doubles its length and the overlap falls below the limit."""
    long = "Cấp thẻ đọc sách có yếu tố nước ngoài tại khu vực biên giới"
    assert codes("Cấp thẻ đọc sách", long) == [long]


def test_the_same_words_in_another_field_are_not_near() -> None:
    """Fields reuse phrases; only a shared everyday name joins them."""
    card = make_procedure("1.000001", "Cấp thẻ hành nghề", field="Du lịch", short_title="Thẻ hướng dẫn viên")
    other = make_procedure("1.000002", "Cấp lại thẻ hành nghề", field="Công chứng", short_title="Thẻ công chứng viên")
    assert Twins([card, other]).of(card) == ()


def test_a_shared_everyday_name_joins_two_fields() -> None:
    """People do not know fields: "sổ hồng chung cư" is what they say for both."""
    one = make_procedure("1.000001", "Đăng ký biến động", field="Đất đai", also_called=("cấp lại sổ hồng chung cư",))
    other = make_procedure("1.000002", "Xác nhận tài sản", field="Xây dựng", also_called=("làm sổ hồng chung cư",))
    assert Twins([one, other]).of(one) == (other,)


def test_at_most_four_are_shown_nearest_first() -> None:
    """More cannot be compared on one screen."""
    found = codes("Cấp thẻ A B C D", *[f"Cấp thẻ A B C D {' '.join('EFGHI'[: n + 1])}" for n in range(5)])
    assert found == [f"Cấp thẻ A B C D {' '.join('EFGHI'[: n + 1])}" for n in range(4)]


def test_a_name_that_half_the_catalogue_shares_joins_nobody() -> None:
    """Else every procedure of a ministry would be everybody's twin."""
    animals = ["mèo", "chó", "gà", "vịt", "ngan", "dê", "cừu", "thỏ"]
    many = [
        make_procedure(f"1.00000{n}", f"Nuôi {name}", field=name, also_called=("giấy phép con",))
        for n, name in enumerate(animals)
    ]
    assert Twins(many).of(many[0]) == ()


def test_nearness_goes_both_ways() -> None:
    """From either page one finds the other."""
    twins = Twins([READING_CARD, LOST_CARD, FOREIGN_CARD, BEEKEEPING])
    assert {one.code for one in twins.of(READING_CARD)} == {LOST_CARD.code, FOREIGN_CARD.code}
    assert READING_CARD in twins.of(LOST_CARD)
    assert READING_CARD in twins.of(FOREIGN_CARD)
    assert twins.of(BEEKEEPING) == ()


def test_warming_finds_them_all_before_anybody_asks() -> None:
    """The first page after a start is then as quick as the others."""
    twins = Twins([READING_CARD, LOST_CARD])
    twins.warm()
    found = twins._near
    assert found is not None and found[READING_CARD.code]
    assert twins.of(READING_CARD) == (LOST_CARD,)
    assert twins._near is found


def test_only_attributes_that_tell_something_are_compared() -> None:
    """Rows in which all agree hide the one that matters."""
    own, twin = compare(READING_CARD, [LOST_CARD])
    assert [trait.name for trait in own.traits] == ["Việc", "Nộp qua mạng"]
    assert not any(trait.differs for trait in own.traits)
    assert [(trait.value, trait.differs) for trait in twin.traits] == [
        ("cấp lại", True),
        ("trực tuyến toàn trình", True),
    ]


def test_a_foreign_element_that_makes_no_difference_counts_as_none() -> None:
    """None and False are the same thing to a citizen."""
    plain = make_procedure("1.000001", "Cấp thẻ", facets=Facets(Act.FIRST))
    without = make_procedure("1.000002", "Cấp thẻ mới", facets=Facets(Act.FIRST, foreign=False))
    assert compare(plain, [without])[1].traits == ()


def test_the_words_by_which_titles_differ_are_marked() -> None:
    """One short word, "lại", is all the difference."""
    _, twin = compare(READING_CARD, [LOST_CARD])
    assert [piece.text for piece in twin.title if piece.marked] == ["lại"]
    assert "".join(piece.text for piece in twin.title) == LOST_CARD.title
