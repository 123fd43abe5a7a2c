"""Figures for the README, counted rather than remembered."""

from __future__ import annotations

from knowledge.checks.figures import count_figures
from tests.knowledge.builders import make_procedure


def test_each_kind_of_fact_is_counted_once_a_procedure() -> None:
    """Zero đồng is a stated fee; no fee is none."""
    counted = count_figures([make_procedure("1.000001"), make_procedure("1.000002", fees=(), documents=())])

    assert counted["giấy tờ (papers)"] == 1
    assert counted["phí, lệ phí (fee)"] == 1
    assert counted["  trong đó miễn phí mọi cách nộp (free)"] == 1
    assert counted["từ 4 cách gọi (aliases)"] == 2
    assert counted["từ 8 cách gọi (aliases)"] == 0
