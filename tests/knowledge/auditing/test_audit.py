"""The audit of a whole catalogue, and the reasons people gave."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.auditing.audit import audit, audit_elsewhere
from knowledge.auditing.disagreement import Disagreement, ExplanationsFault, load_explanations, split
from knowledge.elsewhere import Elsewhere
from knowledge.importer.source import mark
from knowledge.model import Channel, Level, OnlineService, Paper
from tests.knowledge.builders import make_procedure, make_source


def _fields(**changed: Any) -> list[str]:
    return [item.field for item in audit([make_procedure(**changed)], {"1.000001": make_source()})]


def test_a_file_that_holds_its_source_is_clean() -> None:
    """Zero must be reachable."""
    assert _fields() == []


def test_levels_ways_and_service_are_compared() -> None:
    """They decide where a citizen goes."""
    assert _fields(levels=(Level.PROVINCE,)) == ["level"]
    assert _fields(online=OnlineService.PARTIAL) == ["online"]
    assert "channels" in _fields(channels=(Channel.COUNTER,))


def test_a_code_that_the_export_lacks_is_told() -> None:
    """It may have been abolished."""
    assert [item.field for item in audit([make_procedure("9.999999")], {})] == ["source"]


def test_counts_rows_and_lost_papers_are_compared() -> None:
    """Each is a trip to the copy shop."""
    key = mark("Tờ khai thả diều")

    assert _fields(documents=(Paper("Tờ khai", originals=2, source=(key,)),)) == ["papers"]
    assert _fields(documents=()) == ["papers"]
    assert _fields(documents=(), source_notes=(key,)) == []
    assert _fields(documents=(Paper("Tờ khai", source=("00000000", key)),)) == ["papers"]


def test_explained_disagreements_are_set_apart_and_idle_reasons_told() -> None:
    """A reason that explains nothing any more hides the next fault."""
    reasons = {("1.000001", "fee"): "đã đọc", ("1.000002", "time"): "cũ"}
    fee, time = Disagreement("1.000001", "fee", "a"), Disagreement("1.000001", "time", "b")

    assert split([fee, time], reasons) == ([time], [fee], [("1.000002", "time")])


@pytest.mark.parametrize(
    "text", ['- code: "1.000001"', "- {code: 1.1, field: fee, reason: a}", "- {code: 'a', field: fe, reason: a}"]
)
def test_a_reason_without_code_or_field_is_refused(tmp_path: Path, text: str) -> None:
    """It would silently explain nothing."""
    path = tmp_path / "reasons.yml"
    path.write_text(text, encoding="utf8")

    with pytest.raises(ExplanationsFault):
        load_explanations(path)


def test_another_offices_title_and_page_are_compared() -> None:
    """A shorter title is a title still; another word is not, unless in brackets."""

    def told(title: str, page: str, code: str = "3.000347") -> list[str]:
        entry = Elsewhere(code=code, title=title, where="x y z", source=page, as_of=date(2026, 4, 1), asked=("bằng",))
        source = make_source(name="Thủ tục đổi giấy phép lái xe", source_url="https://example.vn/x")
        return [disagreement.detail for disagreement in audit_elsewhere([entry], {"3.000347": source})]

    assert told("Đổi giấy phép lái xe", "https://example.vn/x") == []
    assert told("Đổi giấy phép lái xe (ô tô)", "https://example.vn/x") == []
    assert "nguồn tên là" in told("Đổi bằng lái xe", "https://example.vn/x")[0]
    assert "nguồn ở" in told("Đổi giấy phép lái xe", "https://example.vn/y")[0]
    assert "không có mã này" in told("Đổi giấy phép lái xe", "https://example.vn/x", "3.000001")[0]
