"""Killing the sending process at every step loses nothing and doubles nothing."""

from __future__ import annotations

from pathlib import Path

from tests.bench.kill_child import STEPS
from tests.bench.kill_outbox import run

KILLS = 2 * len(STEPS)  # each step once, and as often at any moment


async def test_nothing_is_lost_or_doubled_however_the_process_dies(tmp_path: Path) -> None:
    """The long trial is `python -m tests.bench.kill_outbox --kills 500`; this one takes ten seconds."""
    report = await run(KILLS, tmp_path)

    assert report.kills == KILLS and report.news > 10
    assert set(report.kills_by_step) - {"any moment", "no such step came"} <= set(STEPS)
    assert (report.lost, report.doubled, report.disordered) == (0, 0, 0)
