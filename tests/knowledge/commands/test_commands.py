"""The commands as a clerk runs them: exit codes and words."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.__main__ import COMMANDS, main
from knowledge.importer.update import source_marks
from tests.knowledge.builders import make_export_entry, make_procedure, make_source, write_catalogue, write_export


def _catalogue(folder: Path) -> Path:
    return write_catalogue(folder, [make_procedure(source_marks=source_marks(make_source()))])


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """The help is the only manual many people read."""
    for name in COMMANDS:
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
    assert "kiểm tra mọi tệp dữ liệu" in capsys.readouterr().out


def test_check_passes_and_fails_by_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The build stops on an error, not on a reminder."""
    folder = str(_catalogue(tmp_path / "c"))
    arguments = ["check", "--catalogue", folder, "--life-events", str(tmp_path), "--today", "2026-11-22"]
    old = [*arguments[:-1], "2029-01-01"]

    assert main(arguments) == 0
    assert "1 thủ tục: 0 lỗi" in capsys.readouterr().out
    assert main(old) == 0
    assert "(nhắc)" in capsys.readouterr().out
    write_catalogue(tmp_path / "c", [make_procedure(also_called=())])
    assert main(arguments) == 1
    assert "cần ít nhất 4" in capsys.readouterr().err


def test_import_shows_writes_and_then_finds_nothing_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Dry run, run, run again."""
    export = str(write_export(tmp_path / "e.jsonl", [make_export_entry()]))
    arguments = ["import", export, "--out", str(tmp_path / "c")]

    assert main([*arguments, "--dry-run"]) == 0
    assert not (tmp_path / "c").exists()
    assert main(arguments) == 0
    assert "1.000001 new: " in capsys.readouterr().out
    assert main(arguments) == 0
    assert capsys.readouterr().out.startswith("0 thay đổi, 0 tệp cần ghi")


def test_import_can_keep_the_official_text(tmp_path: Path) -> None:
    """Beside the catalogue, out of git."""
    export = str(write_export(tmp_path / "e.jsonl", [make_export_entry()]))
    overlay = tmp_path / "overlay"

    main(["import", export, "--out", str(tmp_path / "c"), "--keep-official-text", "--overlay", str(overlay)])

    assert [path.name for path in overlay.iterdir()] == ["1.000001.yml"]


def test_a_broken_export_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The last good files stay."""
    export = write_export(tmp_path / "e.jsonl", [make_export_entry(), make_export_entry()])

    assert main(["import", str(export), "--out", str(tmp_path / "c")]) == 1
    assert "Không làm được: e.jsonl:2" in capsys.readouterr().err
    assert not (tmp_path / "c").exists()


def test_a_missing_file_is_told_in_plain_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No stack trace for a typing slip."""
    assert main(["import", str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "c")]) == 1
    assert "none.jsonl" in capsys.readouterr().err


def test_audit_without_export_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    """A fresh clone has no export."""
    assert main(["audit"]) == 2
    assert "Cần tệp xuất" in capsys.readouterr().err


def test_audit_lists_what_disagrees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And passes once it is explained."""
    export = str(write_export(tmp_path / "e.jsonl", [make_export_entry(level=["province"])]))
    reasons = tmp_path / "reasons.yml"
    reasons.write_text("[]", encoding="utf8")
    folder = str(_catalogue(tmp_path / "c"))
    arguments = ["audit", "--against", export, "--catalogue", folder, "--explanations", str(reasons)]

    assert main(arguments) == 1
    assert "1.000001 level: nguồn [tinh], tệp [xa]" in capsys.readouterr().out
    reasons.write_text('- {code: "1.000001", field: level, reason: đã đọc}', encoding="utf8")
    assert main(arguments) == 0


def test_search_without_index_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The words of a fresh clone, not a stack trace."""
    monkeypatch.setenv("MOT_CUA_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("MOT_CUA_ENCODER", str(tmp_path / "encoder" / "none"))

    assert main(["search", "thả diều"]) == 1
    assert "make setup" in capsys.readouterr().err
