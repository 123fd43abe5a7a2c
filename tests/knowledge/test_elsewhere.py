"""Procedures of other offices: what the file must say, and that the one we have says it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from knowledge.catalogue import load_catalogue
from knowledge.elsewhere import load_elsewhere
from knowledge.errors import CatalogueError
from knowledge.vietnamese import fold

GOOD = """- code: "3.000347"
  title: Đổi giấy phép lái xe
  where: Công an tỉnh
  source: https://dichvucong.gov.vn/thu-tuc-hanh-chinh/x
  as_of: 2026-04-29
  asked: [bằng lái hết hạn]
"""


def test_an_entry_is_read(tmp_path: Path) -> None:
    (tmp_path / "procedures.yml").write_text(GOOD, "utf8")
    (one,) = load_elsewhere(tmp_path)

    assert (one.code, one.where, one.asked) == ("3.000347", "Công an tỉnh", ("bằng lái hết hạn",))


def test_a_province_may_start_without_them(tmp_path: Path) -> None:
    assert load_elsewhere(tmp_path / "none") == ()


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    broken = GOOD.replace('"3.000347"', "3.000347").replace("where:", "were:")
    (tmp_path / "procedures.yml").write_text(GOOD + broken, "utf8")
    with pytest.raises(CatalogueError) as caught:
        load_elsewhere(tmp_path)

    told = str(caught.value)
    assert "procedures.yml:7: 1.code: mã phải để trong ngoặc kép" in told
    assert 'thiếu mục "1.where"' in told
    assert 'procedures.yml:9: không có mục "were": ý anh/chị là "where"?' in told


@pytest.mark.parametrize("broken", ["3", "a: b", "- a", "- [", "- code: 1"])
def test_a_file_of_another_shape_is_told_too(tmp_path: Path, broken: str) -> None:
    (tmp_path / "procedures.yml").write_text(broken, "utf8")
    with pytest.raises(CatalogueError):
        load_elsewhere(tmp_path)


def test_an_empty_file_has_no_entries(tmp_path: Path) -> None:
    (tmp_path / "procedures.yml").write_text("# not yet\n[]\n", "utf8")

    assert load_elsewhere(tmp_path) == ()


def test_ours_are_none_of_the_catalogue_and_each_question_asks_for_one() -> None:
    ours, catalogue = load_elsewhere(), load_catalogue()
    questions = Counter(fold(question) for one in ours for question in one.asked)
    names = {fold(name) for procedure in catalogue for name in (*procedure.also_called, *procedure.asked_as)}

    assert len(ours) >= 100
    assert not {one.code for one in ours}.intersection(catalogue.procedures)
    assert [question for question, count in questions.items() if count > 1 or question in names] == []
