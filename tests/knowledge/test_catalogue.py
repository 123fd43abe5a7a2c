"""Loading the data files: faults are told in the words of the office."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.catalogue import from_snapshot, load_catalogue, to_snapshot
from knowledge.errors import CatalogueError
from tests.knowledge.builders import make_procedure, write_catalogue

NO_EVENTS = Path("no such folder")


def _faults(folder: Path, old: str, new: str) -> list[str]:
    path = write_catalogue(folder, [make_procedure()]) / "tha_dieu" / "1.000001-dieu.yml"
    text = path.read_text(encoding="utf8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf8")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder, NO_EVENTS)
    return [f"{problem.line}: {problem.message}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "advice"),
    [
        ('code: "1.000001"', "code: 1.000001", "1: code: mã phải để trong ngoặc kép"),
        ('code: "1.000001"', 'code: "1.01"', '1: code: mã viết dạng "1.001193", trong ngoặc kép'),
        ("also_called:", "also_call:", 'không có mục "also_call": ý anh/chị là "also_called"?'),
        ("levels: [xa]", "levels: [huyen]", "chọn một trong: tinh, xa, trung_uong, khac"),
        ("amount: 5", "amount: năm ngày", "cần một số nguyên, ví dụ 5"),
        ("as_of: 2026-06-01", "as_of: hôm nay", "cần một ngày dạng 2026-07-01"),
        ("as_of: 2026-06-01\n", "", 'thiếu mục "as_of"'),
        ("originals: 1", "originals: -1", "cần số không âm"),
        ("name: Tờ khai thả diều", f"name: {'Tờ khai ' * 20}", "nhiều nhất 120: rút thành một cụm danh từ ngắn"),
        ("result: Thẻ thả diều", "result:\tThẻ: thả", "có dấu hai chấm giữa câu"),
        ("levels: [xa]", "levels: [xa", "danh sách"),
        ("field: Thả diều", "\tfield: Thả diều", "có ký tự Tab ở đầu dòng: thay bằng dấu cách"),
    ],
)
def test_a_fault_says_what_to_write_instead(tmp_path: Path, old: str, new: str, advice: str) -> None:
    """The reader is a clerk, not a programmer."""
    faults = _faults(tmp_path, old, new)

    assert len(faults) == 1
    assert advice in faults[0]


def test_a_file_is_named_by_its_code(tmp_path: Path) -> None:
    """Otherwise nobody finds it."""
    write_catalogue(tmp_path, [make_procedure()])
    path = tmp_path / "tha_dieu" / "1.000001-dieu.yml"
    path.rename(path.with_name("dieu.yml"))

    with pytest.raises(CatalogueError, match=r'tên tệp phải bắt đầu bằng mã "1\.000001"'):
        load_catalogue(tmp_path, NO_EVENTS)


def test_a_snapshot_brings_the_same_catalogue_back(tmp_path: Path) -> None:
    """The app reads the snapshot, not the files."""
    catalogue = load_catalogue(write_catalogue(tmp_path, [make_procedure("1.000002"), make_procedure()]), NO_EVENTS)

    assert list(catalogue.procedures) == ["1.000001", "1.000002"]
    assert from_snapshot(to_snapshot(catalogue)) == catalogue
