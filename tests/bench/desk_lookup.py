"""Measures the staff desk's look-up as a clerk types: `python -m tests.bench.desk_lookup`.

It needs what `make setup` builds. Server time of one keystroke, session check and JSON included, one after the other:
wall time, and time on the processor (which other programs of the machine do not change).
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from fastapi import FastAPI

from channels.checklist import Checklists
from channels.settings import AppSettings
from channels.staff.lookup_pages import build_lookup_router
from channels.store.database import open_database
from channels.web.twins import Twins
from knowledge.encoder import load_encoder
from knowledge.index import load_index
from knowledge.search import Search
from knowledge.verdict import Judge
from tests.fakes.staff import browser, make_desk, sign_in

TYPED = (
    "khai sinh cho con",
    "cap lai bang lai xe bi mat",
    "đăng ký kết hôn với người nước ngoài",
    "giấy phép xây dựng nhà ở riêng lẻ",
    "so do",
    "gplx",
    "ly lich tu phap",
    "1.001193",
    "thành lập hộ kinh doanh",
    "tro cap that nghiep",
    "hộ chiếu phổ thông",
    "chứng thực chữ ký",
)
LIMIT_MS = 50.0


async def measure(app: FastAPI, procedures: list[str]) -> list[tuple[str, list[float], list[float]]]:
    """Return (what, wall times, processor times) in milliseconds."""
    keystrokes = [(text[:end]) for text in TYPED for end in range(1, len(text) + 1)]
    asked = {
        "mỗi phím (tra-cuu.json)": [("/can-bo/tra-cuu.json", text) for text in keystrokes],
        "trang thủ tục": [(f"/can-bo/thu-tuc/{code}", "khai s") for code in procedures],
    }
    found = []
    async with browser(app) as visitor:
        await sign_in(visitor, "clerk")
        await visitor.get("/can-bo", params={"q": "khởi động"})
        for what, requests in asked.items():
            wall, processor = [], []
            for path, text in requests:
                started, worked = time.perf_counter(), time.process_time()
                answer = await visitor.get(path, params={"q": text})
                wall.append(1000 * (time.perf_counter() - started))
                processor.append(1000 * (time.process_time() - worked))
                assert answer.status_code == 200, path
            found.append((what, sorted(wall), sorted(processor)))
    return found


def main() -> int:
    settings = AppSettings()
    encoder = load_encoder(Path(settings.encoder))
    search = Search(load_index(settings.index_dir, encoder.fingerprint), encoder)
    twins = Twins(search.index.catalogue)
    twins.warm()
    with tempfile.TemporaryDirectory() as scratch:
        desk = make_desk(open_database(f"sqlite:///{scratch}/app.db"))
        app = FastAPI()
        desk.install(app, [build_lookup_router(desk, search, Judge.load(), twins, Checklists("https://motcua.test"))])
        found = asyncio.run(measure(app, list(search.index.catalogue.procedures)[::10]))
    print(f"{len(search.index.catalogue):,} thủ tục, {len(search.index.passages):,} cách gọi")
    for what, wall, processor in found:
        tail = [_quantile(wall, 0.95), wall[-1], statistics.median(processor), _quantile(processor, 0.95)]
        shown = " ".join(f"{value:6.1f}" for value in [statistics.median(wall), *tail])
        print(f"{what:24} {len(wall):4} lần  ms: giữa, 95 %, lâu nhất | bộ xử lý giữa, 95 %: {shown}")
    return 0 if _quantile(found[0][1], 0.95) <= LIMIT_MS else 1


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    sys.exit(main())
