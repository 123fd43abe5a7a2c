"""A province's own copy of the official text."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import CatalogueError
from knowledge.overlay import load_official_text, load_overlay, overlay_yaml
from tests.knowledge.builders import make_source


def _write(folder: Path, name: str = "1.000001.yml") -> Path:
    source = make_source(steps="Bước 1: nộp.\n\nBước 2: nhận.", source_url="https://dichvucong.gov.vn/1.000001")
    (folder / name).write_text(overlay_yaml(source), encoding="utf8")
    return folder / name


def test_what_is_kept_can_be_quoted(tmp_path: Path) -> None:
    """Paragraph by paragraph, with its day and source."""
    _write(tmp_path)

    text = load_official_text("1.000001", tmp_path)

    assert text is not None
    assert text.steps == ("Bước 1: nộp.", "Bước 2: nhận.")
    assert text.fee[0] == "Trực tuyến: Miễn phí"
    assert text.as_of.isoformat() == "2026-06-01"
    assert list(load_overlay(tmp_path)) == ["1.000001"]


def test_a_province_without_overlay_loses_nothing(tmp_path: Path) -> None:
    """The folder is git-ignored and mostly absent."""
    assert load_official_text("1.000001", tmp_path / "absent") is None
    assert load_overlay(tmp_path / "absent") == {}


@pytest.mark.parametrize("code", ["../secret", "1.1", ""])
def test_only_codes_are_looked_up(tmp_path: Path, code: str) -> None:
    """The code may come from a web address."""
    assert load_official_text(code, tmp_path) is None


@pytest.mark.parametrize("content", [b"code: [", b"code: '1.000002'\nas_of: 2026-01-01\n", b"\xff\xfe", b"steps: [a]"])
def test_a_faulty_overlay_is_told(tmp_path: Path, content: bytes) -> None:
    """Not shown half."""
    (tmp_path / "1.000001.yml").write_bytes(content)

    with pytest.raises(CatalogueError, match=r"1\.000001\.yml:1"):
        load_official_text("1.000001", tmp_path)


def test_every_faulty_file_is_told_at_once(tmp_path: Path) -> None:
    """As the check does for the catalogue."""
    (tmp_path / "1.000001.yml").write_text("code: [", encoding="utf8")
    (tmp_path / "dieu.yml").write_text("a: b", encoding="utf8")

    with pytest.raises(CatalogueError) as caught:
        load_overlay(tmp_path)

    assert len(caught.value.problems) == 2
