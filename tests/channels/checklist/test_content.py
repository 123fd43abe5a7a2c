"""Which papers stand on a checklist, in which groups, for which cases."""

from __future__ import annotations

import pytest

from channels.checklist.content import LONGEST_TITLE, cases_of, checklist_of
from knowledge.model import Channel, Duration, Fee, Paper, Procedure, TimeUnit
from tests.actions.builders import make_procedure

PAPERS = (
    Paper("Văn bản ủy quyền", case="khi ủy quyền"),
    Paper("Tờ khai"),
    Paper("Hộ chiếu", case="nộp một trong các giấy tờ này"),
    Paper("Biên bản", case="trẻ bị bỏ rơi"),
    Paper("Căn cước", case="nộp một trong các giấy tờ này"),
)


def with_papers(*papers: Paper) -> Procedure:
    return make_procedure(documents=papers or PAPERS)


def shown(procedure: Procedure, *chosen: str) -> list[tuple[str | None, list[str]]]:
    """Return the groups as (case, names of papers)."""
    groups = checklist_of(procedure, chosen).groups
    return [(group.case, [paper.name for paper in group.papers]) for group in groups]


ALWAYS: list[tuple[str | None, list[str]]] = [
    (None, ["Tờ khai"]),
    ("nộp một trong các giấy tờ này", ["Hộ chiếu", "Căn cước"]),
]


def test_without_a_case_every_paper_stands_there_by_case() -> None:
    """Whoever does not know their case must not miss a paper."""
    assert shown(with_papers()) == [
        *ALWAYS,
        ("khi ủy quyền", ["Văn bản ủy quyền"]),
        ("trẻ bị bỏ rơi", ["Biên bản"]),
    ]
    assert checklist_of(with_papers()).shows_all_cases


def test_a_picked_case_leaves_the_others_out() -> None:
    """A parent need not bring what a finder of a child brings."""
    assert shown(with_papers(), "khi ủy quyền") == [*ALWAYS, ("khi ủy quyền", ["Văn bản ủy quyền"])]
    assert not checklist_of(with_papers(), ["khi ủy quyền"]).shows_all_cases


def test_several_cases_may_hold_at_once() -> None:
    """Someone sent by another may also fetch a foundling's paper."""
    both = checklist_of(with_papers(), ["trẻ bị bỏ rơi", "khi ủy quyền"])

    assert both.chosen == ("khi ủy quyền", "trẻ bị bỏ rơi")
    assert len(both.groups) == 4


def test_an_unknown_case_is_passed_over() -> None:
    """An old link must not hide papers."""
    assert shown(with_papers(), "khi trời mưa") == shown(with_papers())


@pytest.mark.parametrize(
    ("case", "can_be_picked"),
    [
        ("nộp một trong các giấy tờ chứng minh", False),
        ("xuất trình một trong các giấy tờ này", False),
        ("ít nhất một trong: báo cáo tài chính 2 năm, cam kết hỗ trợ", False),
        ("xuất trình một trong các giấy tờ này, khi không tra được", True),
        ("một trong các giấy nguồn gốc: xe mới rời nhà máy", True),
        ("điều trị nội trú (một trong các giấy)", True),
        ("giám đốc điều hành, nộp một trong hai loại", True),
    ],
)
def test_a_choice_among_papers_is_no_case(case: str, can_be_picked: bool) -> None:
    """It concerns everybody: left out by a pick, nobody would bring any of them."""
    assert cases_of(with_papers(Paper("Giấy", case=case))) == ((case,) if can_be_picked else ())


def test_a_very_long_official_title_is_left_to_the_source() -> None:
    """It would push the papers off the page."""
    long = make_procedure(title="a" * (LONGEST_TITLE + 1), short_title="Tên ngắn")
    short = make_procedure(title="Đăng ký khai sinh", short_title="Khai sinh")

    assert checklist_of(long).official_title is None
    assert checklist_of(short).official_title == "Đăng ký khai sinh"
    assert checklist_of(make_procedure()).official_title is None


def test_times_and_fees_are_words() -> None:
    """Zero is free; a time read second-hand is marked."""
    every = (Channel.COUNTER,)
    procedure = make_procedure(
        fees=(Fee(every, 0),), durations=(Duration(every, 5, TimeUnit.WORKING_DAY, inferred=True),)
    )
    one = checklist_of(procedure)

    assert [fee.text for fee in one.fees] == ["Miễn phí"]
    assert [(time.text, time.inferred) for time in one.durations] == [("5 ngày làm việc", True)]


def test_papers_without_numbers_are_noticed() -> None:
    """Zero and zero means that the source does not say, not that none is wanted."""
    assert checklist_of(with_papers()).has_uncounted
    assert not checklist_of(with_papers(Paper("Tờ khai", originals=1))).has_uncounted
