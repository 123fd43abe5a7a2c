"""The loose ways in which one-stop systems write dates, statuses, amounts and links."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from actions.one_stop.port import VIETNAM, Status
from actions.one_stop.wire import (
    Moment,
    Text,
    WireModel,
    first_gov_url,
    same_code,
    status_of,
    whole_vnd,
)

FIRST, LAST = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"


class Row(WireModel):
    text: Text = None
    moment: Moment = None


@pytest.mark.parametrize(
    "written",
    [
        "20261120083000",
        "202611200830",
        "20/11/2026 08:30:00",
        "20/11/2026 08:30",
        "2026-11-20T08:30:00",
        "2026-11-20T08:30:00.000+0700",
        "2026-11-20T01:30:00Z",
        "2026-11-20T01:30:00.000+00:00",
        1795138200,
        1795138200000,
        "1795138200000",
    ],
)
def test_a_moment_is_read_in_every_form(written: object) -> None:
    """Each vendor has its own; without a zone it is Vietnam's time."""
    assert Row.model_validate({"moment": written}).moment == datetime(2026, 11, 20, 8, 30, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "written", [None, "", " ", "0", "chưa hẹn", "20261399", "00000000000000", "00010101", FIRST, LAST]
)
def test_an_unreadable_moment_is_absent(written: object) -> None:
    """A day is never guessed; "not stated" is said instead."""
    assert Row.model_validate({"moment": written}).moment is None


@pytest.mark.parametrize(("written", "read"), [(" a \n b ", "a b"), ("", None), (None, None), (7, "7")])
def test_text_is_trimmed(written: object, read: str | None) -> None:
    """Blank means absent."""
    assert Row.model_validate({"text": written}).text == read


@pytest.mark.parametrize("written", [{"a": 1}, ["a"], True])
def test_structure_instead_of_text_is_refused(written: Any) -> None:
    """The shape of the answer has changed: better an honest outage than half a record."""
    with pytest.raises(ValidationError):
        Row.model_validate({"text": written})


def test_very_long_text_is_cut() -> None:
    """It would not fit into any chat bubble."""
    assert len(Row.model_validate({"text": "x" * 9_000}).text or "") == 2_000


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("4", Status.IN_PROGRESS),
        ("10", Status.RETURNED),
        ("Đang xử lý", Status.IN_PROGRESS),
        ("ĐÃ TRẢ KẾT QUẢ", Status.RETURNED),
        ("Yêu cầu bổ sung giấy tờ.", Status.PAPERS_NEEDED),
        ("11", None),
        ("0", None),
        ("Chờ liên thông thuế", None),
        (None, None),
    ],
)
def test_a_status_is_read_as_number_or_words(written: str | None, status: Status | None) -> None:
    """What the national list does not have is no status of ours."""
    assert status_of(written) is status


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("50000", 50_000),
        ("50.000", 50_000),
        ("1.250.000", 1_250_000),
        ("50000.0", 50_000),
        ("50,000 VNĐ", 50_000),
        ("0", 0),
        ("", None),
        (None, None),
        ("theo quy định", None),
        ("50000-100000", None),
        ("12.5", None),
    ],
)
def test_an_amount_is_whole_dong_or_nothing(written: str | None, amount: int | None) -> None:
    """Fees are the first thing that staff check."""
    assert whole_vnd(written) == amount


@pytest.mark.parametrize(
    "url",
    [
        "http://dichvucong.gov.vn/",
        "https://dichvucong.gov.vn.evil.example/",
        "https://evil.example/?a=.gov.vn",
        "https://dichvucong.gov.vn@evil.example/",
        "https://evilgov.vn/",
        "javascript:alert(1)",
        "https://[",
        "",
    ],
)
def test_only_government_links_pass(url: str) -> None:
    """A payment link is what a thief would like to change."""
    assert first_gov_url([url, "https://dichvucong.gov.vn/p"]) == "https://dichvucong.gov.vn/p"


def test_only_the_application_asked_for_is_taken() -> None:
    """Loose searches return neighbours."""
    assert same_code(" h50.05-261120-0975", "H50.05-261120-0975")
    assert not same_code("H50.05-261120-0976", "H50.05-261120-0975")
    assert not same_code(None, "H50.05-261120-0975")
