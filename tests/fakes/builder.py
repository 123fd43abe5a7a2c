"""A build that takes a moment: a real index over made-up procedures, the model copied, figures by what was taught.

Whoever teaches "dở" makes the figures fall; "hỏng" breaks the build; "chậm" lets it wait until the file `go` is there.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))


def build(job: Any) -> dict[str, Any]:
    """Do the job."""
    from channels.teaching.errors import BuildFailed
    from channels.teaching.figures import Measured, compare
    from channels.teaching.job import PROGRESS, put_json
    from knowledge.index import build_index
    from tests.fakes.tiny_search import CountingEncoder

    folder, root = Path(job.folder), Path(job.root)
    taught = " ".join(one.words for one in job.taught)
    put_json(folder / PROGRESS, {"step": "train", "began": {}, "pid": 0})
    while "chậm" in taught and not (root / "go").exists():
        time.sleep(0.02)
    if "hỏng" in taught:
        raise BuildFailed("Dữ liệu có 1 lỗi: thu.yml:3: sai.")
    data = root / "knowledge"
    build_index(folder / "index", CountingEncoder(), data / "catalogue", data / "life_events", lambda line: None)
    shutil.copyfile(job.live_model, job.model)
    after = 0.7 if "dở" in taught else 0.92
    before = Measured({"r1": 0.9, "right": 0.88, "intents": 0.95}, {"câu một": 1.0, "câu hai": 1.0})
    now = Measured({"r1": after, "right": 0.89, "intents": 0.95}, {"câu một": 1.0, "câu hai": 3 * after - 1.8})
    learned = [{"words": one.words, "learned": True} for one in job.taught]
    report = compare(before, now, job.tolerance).plain()
    return report | {"taught": learned, "sources": "s", "code": "c0de", "cases": 2, "intent_cases": 2}


if __name__ == "__main__":
    from channels.teaching.build import main

    raise SystemExit(main(sys.argv[1:], lambda: build))
