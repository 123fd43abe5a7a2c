"""Lines of an export: what is accepted, and what is refused with the line that is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge.errors import ImportFault
from knowledge.importer.source import is_legacy_font, mark, read_export
from tests.knowledge.builders import make_export_entry, make_source, write_export


def test_an_export_is_read_line_by_line(tmp_path: Path) -> None:
    """Blank lines at the end of a file are no procedures."""
    path = write_export(tmp_path / "e.jsonl", [make_export_entry("1.000001"), make_export_entry("1.000002")])

    assert [source.code for source in read_export(path)] == ["1.000001", "1.000002"]


def test_a_local_suffix_is_dropped() -> None:
    """1.001193.000.00.00.H56 is the same procedure in another province."""
    assert make_source("1.001193.000.00.00.H56").code == "1.001193"


def test_missing_counts_are_no_fault() -> None:
    """The real export leaves some counts out."""
    source = make_source(documents=[{"name": "Giấy", "original": None, "copy": None}])

    assert (source.documents[0].original, source.documents[0].copy_count) == (0, 0)


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    """Whoever made the export has to find the line among thousands."""
    path = tmp_path / "e.jsonl"
    path.write_text(json.dumps(make_export_entry()) + '\n{"code": "1.0000', encoding="utf8")

    with pytest.raises(ImportFault, match=r"e\.jsonl:2: dòng JSON hỏng"):
        list(read_export(path))


def test_a_code_given_twice_names_both_lines(tmp_path: Path) -> None:
    """One of the two would silently win otherwise."""
    path = write_export(tmp_path / "e.jsonl", [make_export_entry(), make_export_entry()])

    with pytest.raises(ImportFault, match=r"e\.jsonl:2: mã 1\.000001 đã có ở dòng 1"):
        list(read_export(path))


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    """A file saved as UTF-16 or Windows-1258 must not become mojibake."""
    path = tmp_path / "e.jsonl"
    path.write_bytes(json.dumps(make_export_entry(), ensure_ascii=False).encode("utf-16"))

    with pytest.raises(ImportFault, match="không phải UTF-8"):
        list(read_export(path))


def test_text_typed_in_a_legacy_font_is_refused(tmp_path: Path) -> None:
    """It is valid UTF-8 and unreadable all the same."""
    path = write_export(tmp_path / "e.jsonl", [make_export_entry(name="Thñ tôc ®¨ng ký th¶ diÒu")])

    with pytest.raises(ImportFault, match="bảng mã cũ"):
        list(read_export(path))


@pytest.mark.parametrize("text", ["Đăng ký khai sinh", "Nguyễn Ái Quốc", "Thửa đất 50 m²", "PHÒNG CHÁY"])
def test_proper_vietnamese_is_no_legacy_text(text: str) -> None:
    """A false alarm would refuse a good export."""
    assert not is_legacy_font(text)


def test_a_mark_is_blind_to_spacing() -> None:
    """A line break moved by the portal is no change of facts."""
    assert mark("Tờ  khai\n thả diều ") == mark("Tờ khai thả diều")
    assert mark("Tờ khai") != mark("Tờ đơn")
