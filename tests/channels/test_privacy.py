"""Identities and secrets stay out of everything behind the channel."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.digits import DigitVault
from channels.privacy import hashed_id, mask_numbers

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "privacy_cases.yml").read_text("utf8"))
_TOKEN = re.compile(r"pin_[0-9a-f]{12}")


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=case["name"],
            marks=pytest.mark.xfail(strict=True, reason=case["miss"]) if "miss" in case else (),
        )
        for case in CASES
    ],
)
def test_what_the_dialogue_may_see(case: dict[str, Any]) -> None:
    """One line of privacy_cases.yml."""
    vault = DigitVault()
    seen = mask_numbers(case["typed"], vault, case.get("expects_digits", False))

    assert _TOKEN.sub("PIN", seen) == case["seen"]
    assert [vault.take(token) for token in _TOKEN.findall(seen)] == case.get("held", [])


def test_a_person_has_one_hash_per_channel_and_key() -> None:
    """Nobody behind the channel can tell who it is, nor join two channels."""
    known = hashed_id(b"key", "web", "p1")

    assert re.fullmatch(r"[0-9a-f]{32}", known)
    assert known == hashed_id(b"key", "web", "p1")
    others = {hashed_id(b"key", "zalo", "p1"), hashed_id(b"key", "web", "p2"), hashed_id(b"other", "web", "p1")}
    assert known not in others and len(others) == 3


def test_where_no_check_can_follow_everything_is_hidden() -> None:
    """A clerk's screen has no use for tokens."""
    assert mask_numbers("4 số cuối 1234, hồ sơ H50.05-261102-0001 của 000010001234", None, False) == (
        "4 số cuối •••, hồ sơ H50.05-261102-0001 của •••"
    )
