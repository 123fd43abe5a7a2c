"""An import as a whole: planned first, written file by file, nothing twice."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from knowledge.catalogue import load_catalogue
from knowledge.errors import CatalogueError, ImportFault
from knowledge.importer.run import plan_import, read_codes, write_files
from knowledge.importer.update import source_marks
from tests.knowledge.builders import make_procedure, make_source, write_catalogue

NO_EVENTS = Path("no such folder")


def test_a_fresh_catalogue_is_written_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    """Idempotent: whoever is unsure may simply run it again."""
    sources = [make_source("1.000001"), make_source("1.000002")]
    write_files(plan_import(sources, tmp_path).files)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.yml")}

    again = plan_import(sources, tmp_path)

    assert sorted(load_catalogue(tmp_path, NO_EVENTS).procedures) == ["1.000001", "1.000002"]
    assert (again.files, again.changes) == ({}, ())
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.yml")} == before


def test_a_dry_plan_writes_nothing(tmp_path: Path) -> None:
    """Looking must be free."""
    plan_import([make_source()], tmp_path / "new")

    assert not (tmp_path / "new").exists()


def test_only_the_wanted_codes_are_taken(tmp_path: Path) -> None:
    """A province has its own list."""
    plan = plan_import([make_source("1.000001"), make_source("1.000002")], tmp_path, frozenset({"1.000002"}))

    assert [change.code for change in plan.changes] == ["1.000002"]


def test_a_changed_file_keeps_its_place(tmp_path: Path) -> None:
    """A clerk's file name must not change under their hands."""
    source = make_source()
    write_catalogue(tmp_path, [make_procedure(source_marks=source_marks(source))])

    plan = plan_import([make_source(level=["province"])], tmp_path)

    assert [path.relative_to(tmp_path).as_posix() for path in plan.files] == ["tha_dieu/1.000001-dieu.yml"]
    assert plan.lines()[-1] == "1 thay đổi, 1 tệp cần ghi, 0 thủ tục cần người đọc lại"


def test_a_part_of_the_source_does_not_make_the_rest_gone(tmp_path: Path) -> None:
    """One LayThuTuc answer is no catalogue."""
    write_catalogue(tmp_path, [make_procedure("1.000001"), make_procedure("1.000002")])

    whole = plan_import([make_source("1.000001")], tmp_path)
    part = plan_import([make_source("1.000001")], tmp_path, whole=False)

    assert [change.code for change in whole.changes if change.kind == "gone"] == ["1.000002"]
    assert [change for change in part.changes if change.kind == "gone"] == []


def test_present_files_with_faults_stop_the_import(tmp_path: Path) -> None:
    """Otherwise a clerk's half-finished edit would be taken for "no such procedure" and doubled."""
    (write_catalogue(tmp_path, [make_procedure()]) / "tha_dieu" / "1.000001-dieu.yml").write_text("code: [", "utf8")

    with pytest.raises(CatalogueError):
        plan_import([make_source()], tmp_path)


def test_a_crash_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file would take the whole catalogue out of service."""
    path = tmp_path / "a.yml"
    path.write_text("old", encoding="utf8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_files({path: "new"})

    assert path.read_text(encoding="utf8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_list_of_codes_may_carry_remarks(tmp_path: Path) -> None:
    """People note in the list why a code is there."""
    path = tmp_path / "codes.txt"
    path.write_text("1.000001  # diều\n\n1.000002\n", encoding="utf8")

    assert read_codes(path) == {"1.000001", "1.000002"}


@pytest.mark.parametrize(
    ("text", "message"),
    [("1.01\n", "codes.txt:1: '1.01' không phải mã"), ("1.000001\n1.000001\n", "codes.txt:2: mã 1.000001 ghi hai lần")],
)
def test_a_wrong_list_of_codes_names_the_line(tmp_path: Path, text: str, message: str) -> None:
    """A spreadsheet turns 1.010 into 1.01."""
    path = tmp_path / "codes.txt"
    path.write_text(text, encoding="utf8")

    with pytest.raises(ImportFault, match=message):
        read_codes(path)
