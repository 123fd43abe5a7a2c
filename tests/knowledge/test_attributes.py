"""Attributes that a question names: acts, a foreign element, a level."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.attributes import AttributeReader, fit, fit_elsewhere
from knowledge.model import Act, Level
from tests.fakes.tiny_search import FOREIGN_CARD, LOST_CARD, READING_CARD

READER = AttributeReader()


@pytest.mark.parametrize("text", ["mất thẻ xin cấp lại", "mat the xin cap lai", "làm lại thẻ bị rách"])
def test_losing_a_paper_names_a_reissue(text: str) -> None:
    """With marks and without."""
    assert Act.REISSUE in READER.read(text).acts


@pytest.mark.parametrize(
    "text", ["giấy phép lao động", "giay phep lao dong", "lý lịch tư pháp", "con đầu, nhất là sinh ở nhà", "viết tay"]
)
def test_words_that_merely_fold_into_a_country_name_none(text: str) -> None:
    """ "lao động" is no Laos, "tư pháp" no France, "viết tay" no Westerner."""
    assert not READER.read(text).foreign


@pytest.mark.parametrize("text", ["lấy chồng Lào", "cưới người nước ngoài", "vo Han Quoc", "bên Đức về"])
def test_a_country_named_is_foreign(text: str) -> None:
    """Such a question may go to the special twin."""
    assert READER.read(text).foreign


@pytest.mark.parametrize("text", ["hồ sơ gồm những gì", "ho so gom nhung gi", "mất sổ đỏ", "số nhà"])
def test_a_file_or_a_book_is_no_department(text: str) -> None:
    """hồ sơ, sổ and số fold into sở."""
    assert READER.read(text).level is None


def test_a_department_is_the_province_and_the_village_office_the_commune() -> None:
    """Where a level is named it counts."""
    assert READER.read("lên Sở Tư pháp").level is Level.PROVINCE
    assert READER.read("ra xã làm").level is Level.COMMUNE


def test_a_named_act_speaks_for_its_procedure_and_against_the_other() -> None:
    """ "mất thẻ" is for the reissue."""
    named, terms = READER.read("mất thẻ đọc sách"), ("mat", "the", "doc", "sach")

    assert fit(named, LOST_CARD, terms)["act"] > 0 > fit(named, READING_CARD, terms)["act"]


def test_an_unnamed_special_case_speaks_against_its_procedure() -> None:
    """An ordinary question must not land on the twin at the border."""
    parts = fit(READER.read("làm thẻ đọc sách"), FOREIGN_CARD, ("lam", "the", "doc", "sach"))

    assert parts["foreign"] < 0 and parts["special"] < 0


def test_what_is_only_for_the_police_loses_where_nobody_names_it() -> None:
    """ "Mất thẻ bảo hiểm y tế" is a citizen's card; a policeman's wife says that he is one."""
    theirs = replace(LOST_CARD, facets=replace(LOST_CARD.facets, special="người trong ngành công an"))
    citizen, wife = READER.read("mất thẻ bảo hiểm y tế"), READER.read("chồng em công an mất thẻ bảo hiểm y tế")

    assert fit(citizen, theirs, ("mat", "the"))["special"] < -1
    assert fit(wife, theirs, ("mat", "the"))["special"] >= -1


def test_a_place_is_no_membership() -> None:
    """ "Nộp ở công an xã" is where everybody goes."""
    place = replace(LOST_CARD, facets=replace(LOST_CARD.facets, special="nộp ở công an xã"))

    assert fit(READER.read("mất thẻ đọc sách"), place, ("mat", "the"))["special"] >= -1


@pytest.mark.parametrize(
    ("question", "title", "abroad", "for_it"),
    [
        ("gia hạn giấy phép khoan", "Gia hạn giấy phép khoan", False, True),
        ("xin giấy phép khoan lần đầu, cấp lại", "Thu hồi giấy phép khoan", False, False),
        ("giấy độc thân", "Xác nhận tình trạng hôn nhân", True, False),
        ("giấy độc thân bên nhật", "Xác nhận tình trạng hôn nhân", True, True),
    ],
)
def test_what_other_offices_do_fits_by_its_act_and_place(question: str, title: str, abroad: bool, for_it: bool) -> None:
    """Nobody at home means the embassy's paper."""
    reader = AttributeReader()
    parts = fit_elsewhere(reader.read(question), reader.read(title), abroad)

    assert (sum(parts.values()) > 0) is for_it
