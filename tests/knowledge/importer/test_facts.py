"""Facts that are read off a source by rule, and those that are left to a person."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.importer import facts
from knowledge.importer.source import mark
from knowledge.model import Act, Channel, Duration, Fee, Level, OnlineService, Paper, TimeUnit
from tests.knowledge.builders import EVERY_WAY, make_source


def _modes(*rows: tuple[str, str, str]) -> list[dict[str, str]]:
    return [{"mode": mode, "time": time, "fee": fee} for mode, time, fee in rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05 ngày làm việc", (5, TimeUnit.WORKING_DAY)),
        ("30  Ngày".lower(), (30, TimeUnit.DAY)),
        ("04 giờ làm việc", (4, TimeUnit.WORKING_HOUR)),
        ("Trong ngày", None),
        ("5-7 ngày", None),
    ],
)
def test_only_a_plain_time_is_read(text: str, expected: tuple[int, TimeUnit] | None) -> None:
    """A range or a sentence needs a person."""
    assert facts.parse_time(text) == expected


def test_ways_with_the_same_time_stand_together() -> None:
    """One line per time reads better than one per way."""
    source = make_source(
        modes=_modes(("Trực tiếp", "3 ngày", ""), ("Trực tuyến", "2 ngày", ""), ("Dịch vụ bưu chính", "3 ngày", ""))
    )

    assert facts.durations_of(source) == (
        Duration((Channel.COUNTER, Channel.POST), 3, TimeUnit.DAY),
        Duration((Channel.ONLINE,), 2, TimeUnit.DAY),
    )


def test_a_second_hand_time_is_marked() -> None:
    """Answers must say that nobody stated it for a way of handing in."""
    source = make_source(modes=_modes(("Trực tiếp", "", "")), time_limit="1 ngày", time_limit_inferred=True)

    assert facts.durations_of(source) == (Duration(EVERY_WAY, 1, TimeUnit.DAY, inferred=True),)


def test_free_is_not_the_same_as_not_stated() -> None:
    """ "0 đồng" is a promise; silence is none."""
    source = make_source(modes=_modes(("Trực tuyến", "", "Miễn phí"), ("Trực tiếp", "", "")))

    assert facts.fees_of(source) == (Fee((Channel.ONLINE,), amount_vnd=0),)


def test_a_fee_in_words_is_left_to_a_person() -> None:
    """A wrong fee is the first thing that costs trust."""
    assert facts.fees_of(make_source(modes=_modes(("Trực tiếp", "", "Phí: 25 đồng")))) is None


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("THỦ TỤC THẢ DIỀU SÁO.", "Thả diều sáo"),
        ("Thủ tục: Cấp thẻ thả diều", "Cấp thẻ thả diều"),
        ("Cấp thẻ hoà giải viên", "Cấp thẻ hòa giải viên"),
    ],
)
def test_titles_become_readable(name: str, title: str) -> None:
    """Capitals and a leading "Thủ tục" only make a list harder to read."""
    assert facts.readable_title(name) == title


def test_a_provisional_name_is_short_and_without_list_marks() -> None:
    """It stands in the file until a person names the paper."""
    row = make_source(documents=[{"name": "a) Tờ khai thả diều; theo mẫu số 01 ban hành kèm theo", "original": 1}])

    paper = facts.draft_paper(row.documents[0])

    assert (paper.name, paper.originals, paper.draft) == ("Tờ khai thả diều", 1, True)


def test_a_row_without_counts_is_a_note_only_where_rows_are_counted() -> None:
    """The one-stop answer counts nothing; its rows are papers all the same."""
    counted, uncounted = make_source(documents=[{"name": "Ghi chú"}, {"name": "Tờ khai", "counted": False}]).documents

    assert facts.is_note(counted)
    assert not facts.is_note(uncounted)


def test_counts_of_a_row_that_repeats_may_be_either() -> None:
    """The same paper is asked for twice over in one case and once in another."""
    source = make_source(documents=[{"name": "Tờ trình", "original": 2}, {"name": "Tờ trình", "original": 1}])
    rows = facts.rows_by_mark(source)
    papers = [Paper("Tờ trình", originals=number, source=(mark("Tờ trình"),)) for number in (0, 1, 2, 3)]

    assert [facts.counts_fit(paper, rows) for paper in papers] == [False, True, True, False]


def test_levels_channels_and_service_are_read() -> None:
    """These need no person."""
    source = make_source(full_online=False)

    assert facts.levels_of(source) == (Level.COMMUNE,)
    assert facts.channels_of(source) == EVERY_WAY
    assert facts.online_of(source) is OnlineService.PARTIAL
    assert facts.online_of(make_source(submission=["Trực tiếp"])) is None


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2026-06-15", date(2026, 6, 15)),
        ("2026-06-15T08:00:00", date(2026, 6, 15)),
        ("2026-06", date(2026, 6, 1)),
        ("2025-10..1", date(2025, 10, 1)),
        ("2025-13-01", date(1970, 1, 1)),
        (None, date(1970, 1, 1)),
    ],
)
def test_the_day_of_the_facts_is_the_sources_last_update(stated: str | None, day: date) -> None:
    """Citizens see how old a fact is."""
    assert facts.as_of(make_source(updated_at=stated)) == day


def test_first_facets_come_from_the_title() -> None:
    """Cấp lại and cấp mới must not start out alike."""
    assert facts.guess_facets("Cấp lại thẻ thả diều").act is Act.REISSUE
    assert facts.guess_facets("Cấp thẻ thả diều").act is Act.FIRST
