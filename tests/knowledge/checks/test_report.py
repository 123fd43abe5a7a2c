"""The whole check: every fault of every file at once, with file and line."""

from __future__ import annotations

from pathlib import Path

from knowledge.checks.report import check_data
from knowledge.model import Fee, Related
from tests.knowledge.builders import EVERY_WAY, TODAY, make_procedure, write_catalogue

NO_EVENTS = Path("no such folder")


def _check(folder: Path, events: Path = NO_EVENTS) -> list[str]:
    report = check_data(folder, events, today=TODAY)
    return [f"{problem.path.name}:{problem.line}: {problem.message}" for problem in report.errors]


def test_faultless_files_are_found_faultless(tmp_path: Path) -> None:
    """A check that always complains is soon switched off."""
    report = check_data(
        write_catalogue(tmp_path, [make_procedure(), make_procedure("1.000002")]), NO_EVENTS, today=TODAY
    )

    assert (report.procedures, report.errors, report.warnings) == (2, (), ())


def test_faults_of_several_files_and_kinds_come_together(tmp_path: Path) -> None:
    """One round of mending instead of ten."""
    write_catalogue(tmp_path, [make_procedure("1.000001", also_called=()), make_procedure("1.000002")])
    broken = tmp_path / "tha_dieu" / "1.000002-dieu.yml"
    text = broken.read_text(encoding="utf8").replace('code: "1.000002"', "code: 1.000002").replace("facets:", "facet:")
    broken.write_text(text, encoding="utf8")

    found = _check(tmp_path)

    assert [line.split(": ")[0].split(":")[0] for line in found] == ["1.000001-dieu.yml"] + ["1.000002-dieu.yml"] * 3
    assert any("mã phải để trong ngoặc kép" in line for line in found)
    assert any('không có mục "facet": ý anh/chị là "facets"?' in line for line in found)


def test_a_fault_is_told_where_it_stands(tmp_path: Path) -> None:
    """An editor jumps to file:line."""
    procedure = make_procedure(related=(Related("9.999999", "after"),))
    path = write_catalogue(tmp_path, [procedure]) / "tha_dieu" / "1.000001-dieu.yml"
    line = path.read_text(encoding="utf8").splitlines().index('- code: "9.999999"') + 1

    expected = f"1.000001-dieu.yml:{line}: related nhắc mã 9.999999 không có trong danh mục: sửa mã hoặc bỏ đi"
    assert _check(tmp_path) == [expected]


def test_an_unreadable_file_does_not_hide_the_others(tmp_path: Path) -> None:
    """Neither does it stop the check."""
    write_catalogue(tmp_path, [make_procedure("1.000001", also_called=())])
    (tmp_path / "tha_dieu" / "1.000002-dieu.yml").write_bytes("tên: Thả diều".encode("utf-16"))

    found = _check(tmp_path)

    assert len(found) == 2
    assert "không phải UTF-8" in found[1]


def test_one_fault_does_not_look_like_ten(tmp_path: Path) -> None:
    """Others may still refer to a procedure whose file has a slip."""
    other = make_procedure("1.000002", related=(Related("1.000001", "after"),))
    broken = write_catalogue(tmp_path, [make_procedure(), other]) / "tha_dieu" / "1.000001-dieu.yml"
    broken.write_text(broken.read_text("utf8").replace("levels:", "level:"), encoding="utf8")

    assert {line.split(":")[0] for line in _check(tmp_path)} == {"1.000001-dieu.yml"}


def test_two_files_of_one_code_are_told(tmp_path: Path) -> None:
    """The second would silently win."""
    write_catalogue(tmp_path, [make_procedure()])
    double = tmp_path / "tha_dieu" / "1.000001-sao.yml"
    double.write_text((tmp_path / "tha_dieu" / "1.000001-dieu.yml").read_text("utf8"), encoding="utf8")

    assert any("mã 1.000001 đã có ở một tệp khác" in line for line in _check(tmp_path))


def test_a_fee_of_two_kinds_is_told_in_the_words_of_the_office(tmp_path: Path) -> None:
    """An amount and "set by the council" cannot both be the fee."""
    write_catalogue(tmp_path, [make_procedure(fees=(Fee(EVERY_WAY, amount_vnd=5, set_by="HĐND tỉnh"),))])

    assert "mỗi lệ phí ghi đúng một trong amount_vnd, amount_usd, percent, set_by, per_law" in _check(tmp_path)[0]
