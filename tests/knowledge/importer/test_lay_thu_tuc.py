"""The one-stop system's own description of a procedure."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.errors import ImportFault
from knowledge.importer.facts import durations_of, fees_of, is_note
from knowledge.importer.lay_thu_tuc import parse_record, read_lay_thu_tuc
from knowledge.importer.legal import LegalRegistry
from knowledge.importer.update import updated
from knowledge.model import Channel, Fee, TimeUnit
from tests.knowledge.builders import make_procedure

READ_ON = date(2026, 11, 22)


def _record(**changed: Any) -> dict[str, Any]:
    record = {
        "MaTTHC": "1.000001.000.00.00.H46",
        "TenTTHC": "Đăng ký thả diều",
        "CACHTHUCTHUCHIEN": [
            {
                "KENH": 1,
                "THOIGIAN": "5 ngày làm việc",
                "PHILEPHI": [{"SOTIEN": "50000", "DONVI": "VNĐ", "MOTA": "mỗi diều"}],
            },
            {"KENH": "2", "THOIGIAN": "3 ngày làm việc", "PHILEPHI": {"SOTIEN": 0}},
        ],
        "THANHPHANHOSO": [{"GIAYTO": "Tờ khai thả diều", "MAUDON": "https://dichvucong.gov.vn/mau.docx"}],
        "CANCUPHAPLY": [{"SO": "12/2024/NĐ-CP", "TEN": "quy định về diều"}],
        "COQUANTHUCHIEN": "Ủy ban nhân dân cấp xã",
        "KETQUATHUCHIEN": "Thẻ thả diều",
        "YEUCAU": "Diều có đuôi",
    }
    return {**record, **changed}


def test_ways_times_and_fees_are_read() -> None:
    """The same rules then apply as to the national export."""
    source = parse_record(_record(), "a.json", READ_ON)

    assert source.code == "1.000001"
    assert source.submission == ["Trực tiếp", "Trực tuyến"]
    assert [(d.channels[0], d.amount, d.unit) for d in durations_of(source) or ()] == [
        (Channel.COUNTER, 5, TimeUnit.WORKING_DAY),
        (Channel.ONLINE, 3, TimeUnit.WORKING_DAY),
    ]
    assert [mode.fee for mode in source.modes] == ["Phí: 50.000 đồng (mỗi diều)", "Miễn phí"]


def test_zero_is_free() -> None:
    """SOTIEN 0 is stated; a missing SOTIEN is not."""
    ways = [{"KENH": "trực tuyến", "PHILEPHI": [{"SOTIEN": 0}]}, {"KENH": 3, "PHILEPHI": []}]

    assert fees_of(parse_record(_record(CACHTHUCTHUCHIEN=ways), "a", READ_ON)) == (
        Fee((Channel.ONLINE,), amount_vnd=0),
    )


def test_rows_without_counts_are_papers() -> None:
    """No count is invented, and no paper is lost."""
    row = parse_record(_record(), "a", READ_ON).documents[0]

    assert (row.original, row.copy_count, is_note(row)) == (0, 0, False)


def test_what_the_answer_lacks_is_named_and_left_alone() -> None:
    """Levels and audience are not among its fields."""
    source = parse_record(_record(KETQUATHUCHIEN=None, THANHPHANHOSO=[]), "a", READ_ON)
    old = make_procedure()

    new, _ = updated(old, source, LegalRegistry())

    assert {"levels", "audience", "result", "papers"} <= source.unstated
    assert (new.levels, new.audience, new.documents, new.result) == (
        old.levels,
        old.audience,
        old.documents,
        old.result,
    )


@pytest.mark.parametrize("wrap", [lambda r: {"result": [r]}, lambda r: {"result": r}, lambda r: r, lambda r: [r]])
def test_every_wrapping_of_an_answer_is_read(tmp_path: Path, wrap: Any) -> None:
    """Systems differ in how they wrap the one record."""
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(wrap(_record()), ensure_ascii=False), encoding="utf8")

    assert [source.code for source in read_lay_thu_tuc(path, READ_ON)] == ["1.000001"]


def test_answers_may_stand_one_a_line(tmp_path: Path) -> None:
    """A province collects them with one call per code."""
    path = tmp_path / "answers.jsonl"
    lines = [json.dumps({"result": [_record(MaTTHC=code)]}) for code in ("1.000001", "1.000002")]
    path.write_text("\n".join(lines), encoding="utf8")

    assert [source.code for source in read_lay_thu_tuc(path, READ_ON)] == ["1.000001", "1.000002"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"MaTTHC": "1.000001"', "JSON hỏng"),
        ('{"MaTTHC": "1.000001", "TenTTHC": "a"}\n{"MaTTHC"', "answers.jsonl:2"),
        ('{"TenTTHC": "không mã"}', "code"),
        ('{"MaTTHC": "1.000001", "TenTTHC": "®¨ng ký"}', "bảng mã cũ"),
    ],
)
def test_a_broken_answer_is_named(tmp_path: Path, text: str, message: str) -> None:
    """Nothing is written from half an answer."""
    path = tmp_path / "answers.jsonl"
    path.write_text(text, encoding="utf8")

    with pytest.raises(ImportFault, match=message):
        list(read_lay_thu_tuc(path, READ_ON))
