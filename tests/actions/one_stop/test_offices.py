"""Opening hours: from the data file only, invented ones marked."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from actions.one_stop.offices import find_office, load_offices


def test_an_office_is_found_by_its_name_in_any_writing() -> None:
    """Systems write names as they like."""
    office = find_office("UBND XÃ Ví Dụ")

    assert office is not None and office.shown_hours.endswith("(dữ liệu mẫu)")
    assert find_office("UBND xã Khác") is None and find_office(None) is None


def test_every_entry_has_a_source_and_what_is_invented_says_so() -> None:
    """Nothing here may be taken for a real office's hours by mistake."""
    for office in load_offices().values():
        assert office.is_demo == ("mẫu" in office.source or "mô phỏng" in office.source)
        assert office.is_demo or office.source.startswith(("http", "Quyết định", "Thông báo"))


def test_an_entry_without_a_source_is_refused(tmp_path: Path) -> None:
    """Not guessed, not silently left out."""
    file = tmp_path / "offices.yml"
    file.write_text("offices: [{name: UBND xã Ví Dụ, hours: sáng}]", encoding="utf8")

    with pytest.raises(ValidationError):
        load_offices(file)
