"""Titles, short titles, aliases, papers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.checks.names import check_aliases, check_papers, check_titles
from knowledge.model import Act, Facets, Level, Paper
from tests.knowledge.builders import make_procedure
from tests.knowledge.checks.records import messages, run_check


def test_fewer_than_four_ways_of_calling_are_too_few() -> None:
    """People who call it otherwise would find nothing."""
    found = run_check(check_aliases, make_procedure(also_called=("thả diều", "chơi diều", "Thả Diều")))

    assert "mới có 2 cách gọi, cần ít nhất 4" in messages(found)[-1]


def test_an_alias_on_two_procedures_is_told_on_the_second() -> None:
    """It would send half of the people to the wrong one."""
    one, two = make_procedure("1.000001"), make_procedure("1.000002")
    two = replace(two, also_called=(*two.also_called, one.also_called[0].upper()))

    found = run_check(check_aliases, one, two)

    assert [finding.problem.path.name for finding in found] == ["1.000002.yml"]
    assert "đã là cách gọi của 1.000001" in messages(found)[0]


@pytest.mark.parametrize(
    ("alias", "message"),
    [
        ("ĐĂNG KÝ chuyến diều số 1.000001", "chép lại tên thủ tục"),
        ("diều " * 25, "dài 125 ký tự, nhiều nhất 120"),
    ],
)
def test_an_alias_must_add_something(alias: str, message: str) -> None:
    """The title is searched anyway."""
    procedure = make_procedure()
    procedure = replace(procedure, also_called=(*procedure.also_called, alias))

    assert message in messages(run_check(check_aliases, procedure))[0]


def test_questions_may_be_long_but_not_those_of_another() -> None:
    """A story has room, and still leads to one procedure."""
    story = "nhà tôi có con diều cũ " * 10
    one = replace(make_procedure("1.000001"), asked_as=(story,))
    two = replace(make_procedure("1.000002"), asked_as=(one.also_called[0], story, "diều " * 70))

    assert run_check(check_aliases, one) == []
    told = messages(run_check(check_aliases, one, two))
    assert len(told) == 3
    assert "dài 350 ký tự, nhiều nhất 300" in told[0]
    assert all("của 1.000001" in message for message in told[1:])


def test_near_twins_with_the_same_facets_are_told() -> None:
    """Nobody could ask back which of them is meant."""
    same = Facets(Act.FIRST)
    one = make_procedure("1.000001", title="Cấp thẻ thả diều cho người lớn tuổi ở xã", facets=same)
    two = make_procedure("1.000002", title="Cấp thẻ thả diều cho người nhỏ tuổi ở xã", facets=same)

    assert "facets như nhau" in messages(run_check(check_titles, one, two))[0]
    assert run_check(check_titles, one, replace(two, facets=replace(same, special="trẻ em"))) == []
    assert run_check(check_titles, one, replace(two, levels=(Level.PROVINCE,))) == []
    assert run_check(check_titles, one, replace(two, field="Sáo")) == []


def test_two_buttons_with_the_same_label_are_told() -> None:
    """They stand side by side when the assistant asks back."""
    two = make_procedure("1.000002", short_title="chuyến diều 1.000001")

    assert "cũng là tên gọn của 1.000001" in messages(run_check(check_titles, make_procedure(), two))[0]


@pytest.mark.parametrize(("title", "message"), [("THẢ DIỀU", "chữ hoa"), ("Thủ tục thả diều", '"Thủ tục"')])
def test_an_unreadable_title_is_told(title: str, message: str) -> None:
    """Titles are read aloud by screen readers, too."""
    assert message in messages(run_check(check_titles, make_procedure(title=title)))[0]


def test_a_paper_still_under_its_provisional_name_is_told() -> None:
    """The machine cut it off somewhere."""
    found = run_check(check_papers, make_procedure(documents=(Paper("Tờ khai theo", draft=True), Paper("Ảnh, gồm:"))))

    assert "tên tạm của máy" in messages(found)[0]
    assert "còn dấu cuối câu" in messages(found)[1]
