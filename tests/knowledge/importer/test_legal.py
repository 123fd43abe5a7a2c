"""Citations of legal texts, in the many ways the export writes them."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.importer.legal import LegalRegistry, kind_of, parse_citation


@pytest.mark.parametrize(
    ("citation", "number"),
    [
        ("Nghị định số 12/2024/NĐ-CP ngày 01/02/2024 của Chính phủ quy định về diều", "12/2024/NĐ-CP"),
        ("12/TT-BTC - Thông tư số 12/2025/TT-BTC quy định mức thu", "12/2025/TT-BTC"),
        ("15/QH15 - Luật Thả diều số: 15/2023/QH15", "15/2023/QH15"),
        ("09/2017/QH1409/2017/QH14 - Thả diều", "09/2017/QH14"),
        ("222/02205/NĐ-CP - Nghị định số 222/2025/NĐ-CP về diều", "222/2025/NĐ-CP"),
        ("250/QĐ - TTg - Về diều sáo", "250/QĐ-TTg"),
        ("22/2025/QĐ-TTg - Quyết định về diều", "22/2025/QĐ-TTg"),
        ("118/2025/NĐ-Cp về diều", "118/2025/NĐ-CP"),
        ("66.7/2025/NQ-CP - Nghị quyết về diều", "66.7/2025/NQ-CP"),
        ("Thông tư 08.a/2010/TT-BTP", "08.a/2010/TT-BTP"),
        ("Theo quy định hiện hành", ""),
    ],
)
def test_the_number_is_found_in_full(citation: str, number: str) -> None:
    """A cut number leads nobody to the text."""
    assert parse_citation(citation)[0] == number


def test_subject_and_date_are_told_apart_from_the_issuer() -> None:
    """The name of the text is what follows who issued it."""
    parsed = parse_citation("Thông tư số 03/2024/TT-BVH ngày 05 tháng 6 năm 2024 của Bộ Văn hóa quy định về diều")

    assert parsed == ("03/2024/TT-BVH", "quy định về diều", date(2024, 6, 5))


def test_an_impossible_date_is_no_date() -> None:
    """31 February stands in real exports."""
    assert parse_citation("Nghị định 12/2024/NĐ-CP ngày 31/02/2024 về diều")[2] is None


def test_the_best_attested_name_wins() -> None:
    """One procedure writes the name in full, another only the number."""
    registry = LegalRegistry(["12/2024/NĐ-CP - quy định về diều", "12/2024/NĐ-CP - quy định về diều", "12/2024/NĐ-CP"])

    text = registry.resolve("Nghị định 12/2024/NĐ-CP")

    assert text is not None
    assert text.title == "Nghị định quy định về diều"


def test_a_date_mentioned_inside_another_name_is_kept() -> None:
    """Amending texts state the date of what they amend."""
    registry = LegalRegistry(
        ["Nghị định 99/2025/NĐ-CP sửa đổi Nghị định số 12/2024/NĐ-CP ngày 01/02/2024 của Chính phủ"]
    )

    text = registry.resolve("12/2024/NĐ-CP - quy định về diều")

    assert text is not None
    assert text.issued_on == date(2024, 2, 1)


def test_a_number_without_year_takes_no_date_of_another_text() -> None:
    """Every year has its own 250/QĐ-TTg."""
    registry = LegalRegistry(["250/QĐ-TTg ngày 29/01/2013 về diều", "250/QĐ-TTg ngày 02/03/2019 về sáo"])

    text = registry.resolve("250/QĐ-TTg")

    assert text is not None
    assert text.issued_on is None


def test_a_name_ends_before_the_abolished_level() -> None:
    """Nobody may be sent to a district any more, not even by the name of a decree."""
    subject = parse_citation(
        "12/2025/NĐ-CP quy định cơ quan thuộc Ủy ban nhân dân tỉnh và Ủy ban nhân dân huyện, quận"
    )[1]

    assert subject == "quy định cơ quan thuộc Ủy ban nhân dân tỉnh"


def test_a_law_keeps_its_capital() -> None:
    """ "Luật Thả diều" is a name; "Nghị định quy định …" is a sentence."""
    assert [t.title for t in [LegalRegistry(["09/2017/QH14 - Thả diều"]).resolve("09/2017/QH14")] if t] == [
        "Luật Thả diều"
    ]
    assert kind_of("12/2024/TTLT-BCA-BTP") == "Thông tư liên tịch"
