"""What a clerk finds while typing, and why."""

from __future__ import annotations

from typing import cast

import pytest

from channels.staff.lookup import Found, Lookup
from channels.staff.why import explain
from channels.web.search_filters import Wanted
from knowledge.attributes import AttributeReader
from knowledge.question import QuestionReader
from knowledge.search import Search
from knowledge.verdict import Judge
from tests.fakes.elsewhere import BesideAnotherOffice, make_elsewhere
from tests.fakes.tiny_search import READING_CARD, make_search

LOOKUP = Lookup(make_search(), Judge.load())


def find(query: str, unfinished: bool = True, **filters: str) -> Found:
    return LOOKUP.find(Wanted(query=query, **filters), unfinished)  # type: ignore[arg-type]


def codes(found: Found) -> list[str]:
    return [row.procedure.code for row in found.rows]


@pytest.mark.parametrize("query", ["thẻ đọc s", "the doc sac", "Thẻ Đọc", "cap the d", "cấp thẻ đọc sách"])
def test_a_word_begun_finds_what_it_may_become(query: str) -> None:
    """With and without marks, in small letters and large."""
    assert "1.000001" in codes(find(query))[:3]


def test_what_people_say_is_found_too(query: str = "nuôi ong lấy m") -> None:
    """Aliases count like titles."""
    first = find(query).rows[0]
    assert first.procedure.code == "1.000005"
    assert first.why is not None and first.why.by == "Người dân gọi"


@pytest.mark.parametrize("query", ["1.0000", "1.000005", "1.000005.000.00.00.H56"])
def test_a_code_or_its_beginning_is_enough(query: str) -> None:
    """Clerks know the common ones by heart."""
    assert "1.000005" in codes(find(query))


def test_all_words_count_also_out_of_order() -> None:
    """ "sách thẻ mất" is not the procedure whose name begins with one of them."""
    assert codes(find("sách thẻ mất"))[0] == "1.000002"


def test_filters_hold_for_every_kind_of_search() -> None:
    """Field, level and online service: by text, by code, and alone."""
    assert codes(find("thẻ đọc sách", level="tinh")) == ["1.000003"]
    assert codes(find("1.0000", online="toan-trinh")) == ["1.000002"]
    listed = find("", field="thu-vien")
    assert set(codes(listed)) == {"1.000001", "1.000002", "1.000003"}
    assert codes(listed)[0] == "1.000001", "the essential services come first"


def test_an_application_code_is_looked_up_elsewhere() -> None:
    """It would find nothing here, and it is personal data."""
    found = find("H50.05-261102-0001")
    assert found.application_code and not found.rows


def test_another_offices_procedure_is_named_above_what_is_near() -> None:
    """The clerk sends the citizen to the right house; a procedure of ours that fits is not disturbed by it."""
    lookup = Lookup(cast(Search, BesideAnotherOffice(make_search())), Judge.load())

    assert lookup.find(Wanted("bằng lái hết hạn")).elsewhere == make_elsewhere()
    assert lookup.find(Wanted("cấp thẻ đọc sách")).elsewhere is None
    assert lookup.find(Wanted("1.000005")).elsewhere is None


def test_nothing_typed_shows_nothing() -> None:
    """A thousand rows help nobody."""
    assert find("").rows == ()


def test_the_reason_says_which_words_matched() -> None:
    """A clerk must be able to see at a glance that the machine misread them."""
    row = next(row for row in find("thẻ đọc s").rows if row.procedure.code == "1.000001")
    assert row.why is not None
    assert "".join(piece.text for piece in row.why.passage if piece.marked).lower() == "thẻ đọc sách"
    assert "Chữ đang gõ “s…” khớp với “sách”." in row.why.reasons
    assert "Tên này có đủ các từ đã gõ." in row.why.reasons


def test_the_reason_tells_the_act_that_was_asked() -> None:
    """ "cấp lại" and "cấp mới" are the pair most often mixed up."""
    rows = {row.procedure.code: row.why for row in find("cấp lại thẻ đọc sách", unfinished=False).rows}
    reissue = rows["1.000002"]
    assert reissue is not None and "Đúng loại việc đã gõ: cấp lại." in reissue.reasons
    assert sum(share.percent for share in reissue.shares if share.percent > 0) in range(98, 103)
    question, named = QuestionReader().read("cấp lại thẻ"), AttributeReader().read("cấp lại thẻ")
    other = explain(READING_CARD, READING_CARD.title, question, named)
    assert "Khác loại việc đã gõ: thủ tục này là làm lần đầu." in other.reasons


def test_a_missing_word_is_named_as_it_was_typed() -> None:
    """With its marks, so that it can be found in the box."""
    row = next(row for row in find("thẻ đọc báo", unfinished=False).rows if row.procedure.code == "1.000001")
    assert row.why is not None and any("không có: báo" in reason for reason in row.why.reasons)
