"""Names of the catalogue's procedures, as the intent classifier learns them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.components.catalogue_names import names_blocks, read_catalogue_names

FILE = """code: "1.000001"
title: Cấp thẻ đọc sách
  cho bạn đọc nhỏ tuổi
fees:
- amount_vnd: 0
also_called:
- xin thẻ thư viện
- "làm thẻ: mượn sách"
source_url: https://dichvucong.gov.vn/
"""


def catalogue(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name / f"{name}.yml"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_procedure_is_known_by_its_title_and_by_what_people_say(tmp_path):
    """Folded lines and quoted ones are read as YAML reads them."""
    names = read_catalogue_names(catalogue(tmp_path, a=FILE), per_procedure=9)

    assert sorted(names) == ["Cấp thẻ đọc sách cho bạn đọc nhỏ tuổi", "làm thẻ: mượn sách", "xin thẻ thư viện"]


def test_no_procedure_outweighs_the_others(tmp_path):
    """One with fifty names is no likelier to be asked for."""
    assert len(read_catalogue_names(catalogue(tmp_path, a=FILE, b=FILE), per_procedure=2)) == 4


def test_questions_are_drawn_beside_the_names(tmp_path):
    """Stories around a matter are told otherwise than its names."""
    told = FILE.replace(
        "source_url", "asked_as:\n- Con tôi mê truyện, làm thẻ cho cháu ở đâu?\n- Thẻ cháu rách rồi.\nsource_url"
    )
    names = read_catalogue_names(catalogue(tmp_path, a=told), per_procedure=1, questions=1)

    assert len(names) == 2
    assert names[1] in ("Con tôi mê truyện, làm thẻ cho cháu ở đâu?", "Thẻ cháu rách rồi.")


def test_a_new_name_changes_nothing_for_other_procedures(tmp_path):
    """A clerk's alias must not stir the whole model."""
    before = read_catalogue_names(catalogue(tmp_path / "x", a=FILE, b=FILE), per_procedure=1)
    more = FILE.replace("- xin thẻ thư viện\n", "- xin thẻ thư viện\n- thẻ mượn truyện\n")
    after = read_catalogue_names(catalogue(tmp_path / "y", a=more, b=FILE), per_procedure=1)

    assert before[1] == after[1]


def test_fees_and_papers_are_not_learned_from(tmp_path):
    """A mended fee needs no training."""
    ((_, block),) = names_blocks(catalogue(tmp_path, a=FILE))

    assert "amount" not in block and "dichvucong" not in block


def test_a_file_without_a_title_is_told(tmp_path):
    """Silence would leave the procedure unknown to the dialogue."""
    with pytest.raises(ValueError, match="no title"):
        read_catalogue_names(catalogue(tmp_path, a="also_called:\n- x\n"), per_procedure=2)
