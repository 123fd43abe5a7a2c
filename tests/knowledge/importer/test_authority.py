"""Names of offices, put right for a province of two levels."""

from __future__ import annotations

import pytest

from knowledge.importer.authority import clean_authority


@pytest.mark.parametrize(
    ("agency", "office"),
    [
        ("Sở Tài chính các tỉnh, thành phố", "Sở Tài chính"),
        ("Bảo hiểm xã hội tỉnh, Bảo hiểm xã hội cấp huyện", "Bảo hiểm xã hội tỉnh"),
        ("Uỷ ban nhân dân cấp xã, phường, thị trấn", "Ủy ban nhân dân cấp xã"),
        ("Sở Giao thông vận tải", "Sở Xây dựng"),
        ("Sở Tư pháp; Sở Tư pháp", "Sở Tư pháp"),
        ("Ủy ban nhân dân cấp huyện", None),
        (None, None),
    ],
)
def test_an_office_that_exists_is_named_once(agency: str | None, office: str | None) -> None:
    """A citizen who is sent to an abolished office loses a day."""
    assert clean_authority(agency) == office
