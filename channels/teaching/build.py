"""Builds and measures one release in a process of its own: `python -m channels.teaching.build FOLDER`.

It reads `job.json` of the folder, writes `progress.json` while at work and `report.json` at the end, and touches
nothing outside the folder. Whether the release goes into service is the app's business.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from channels.teaching.errors import BuildFailed
from channels.teaching.job import REPORT, SOURCES, Job, alive, put_json
from knowledge.errors import KnowledgeError

Work = Callable[[Job], dict[str, Any]]


def _work() -> Work:
    from channels.teaching.making import run  # takes seconds to import; that it is at work is marked before

    return run


def main(arguments: Sequence[str], work: Callable[[], Work] = _work) -> int:
    """Do the job of a folder; whatever happens, the report says it."""
    folder = Path(arguments[0])
    with alive(folder) as free:
        if not free:
            return 3
        try:
            report = work()(Job.read(folder))
        except (BuildFailed, KnowledgeError) as failed:
            report = {"failed": str(failed)}
        except Exception as error:  # the officer must hear of it in any case
            report = {"failed": f"Việc dựng dừng giữa chừng ({type(error).__name__}: {error})."}
        shutil.rmtree(folder / SOURCES, ignore_errors=True)
        put_json(folder / REPORT, report)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
