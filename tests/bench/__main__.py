"""Measures a full turn through the app, throughput beside a stock bot, memory, and search alone."""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Any

from actions.one_stop.settings import OneStopSettings
from channels.launch import RASA_PYTHON, ROOT, programs, wait_until_ready
from channels.processes import Keeper
from channels.settings import AppSettings
from tests.bench.load import Timing, measure
from tests.bench.stock import TEXTS as STOCK_TEXTS
from tests.bench.stock import free_port, stock_bot

QUESTIONS = (
    "làm khai sinh cho con cần giấy tờ gì",
    "còn lệ phí?",
    "mat so do xin lai sao",
    "nộp ở đâu",
    "đổi bằng lái xe hết hạn bao lâu có",
    "giấy độc thân",
    "xin chào",
    "mo quan tap hoa thi dang ky o dau",
)


def message(conversation: str, text: str) -> dict[str, Any]:
    return {"conversation_id": conversation, "message_id": uuid.uuid4().hex, "text": text}


def stock_message(conversation: str, text: str) -> dict[str, Any]:
    return {"sender": conversation, "message": text}


def resident_mb(pids: list[int]) -> float:
    """Return the resident memory of the processes together, in MB (Linux)."""
    kilobytes = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                kilobytes += int(line.split()[1])
    return kilobytes / 1024


async def measure_ours(messages: int, var_dir: Path) -> dict[str, Any]:
    """Start everything, send messages from one and from eight clients, read the memory, stop."""
    settings = AppSettings(port=free_port(), rasa=f"unix:{var_dir}/rasa.sock", db_url=f"sqlite:///{var_dir}/app.db")
    keeper = Keeper(ROOT)
    wanted = programs(settings, OneStopSettings(), RASA_PYTHON, {"MOT_CUA_RASA_DB_URL": f"{var_dir}/rasa.db"})
    keeping = asyncio.create_task(keeper.keep(wanted))
    started = time.perf_counter()
    base = f"http://127.0.0.1:{settings.port}"
    try:
        if not await wait_until_ready(base, keeper):
            raise RuntimeError("our system did not start")
        ready_s = time.perf_counter() - started
        url = f"{base}/api/v1/messages"
        await measure(url, message, QUESTIONS, 1, 40)
        one = await measure(url, message, QUESTIONS, 1, messages)
        eight = await measure(url, message, QUESTIONS, 8, messages)
        pids = [pid for name, pid in keeper.process_ids().items() if "mô phỏng" not in name]
        return {"ready_s": ready_s, "one": one, "eight": eight, "rss_mb": resident_mb(pids)}
    finally:
        keeper.stop()
        await keeping


def measure_search(repeats: int) -> float:
    """Return the p50 of search alone, in ms, in this process."""
    from knowledge.encoder import load_encoder
    from knowledge.index import load_index
    from knowledge.search import Search

    settings = AppSettings()
    encoder = load_encoder(Path(settings.encoder))
    search = Search(load_index(settings.index_dir, encoder.fingerprint), encoder)
    times = []
    for number in range(repeats):
        started = time.perf_counter()
        search.find(QUESTIONS[number % len(QUESTIONS)])
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def _line(name: str, value: str, target: str, reached: bool | None) -> None:
    print(f"{name:48}{value:>16}   {target:18}{'' if reached is None else ('đạt' if reached else 'CHƯA ĐẠT')}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=400)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    var_dir = ROOT / "var" / "bench"
    (var_dir / "run").mkdir(parents=True, exist_ok=True)
    (var_dir / "run").chmod(0o700)
    for name in ("app.db", "rasa.db"):
        for path in (var_dir / "run").glob(f"{name}*"):
            path.unlink()
    print("đo hệ thống này…", flush=True)
    ours = asyncio.run(measure_ours(options.messages, (var_dir / "run").relative_to(ROOT)))
    search_ms = measure_search(200)
    print("đo bot mẫu của rasa init…", flush=True)
    with stock_bot(RASA_PYTHON.parent / "rasa", var_dir / "stock") as (url, _):
        asyncio.run(measure(url, stock_message, STOCK_TEXTS, 1, 40))
        stock: Timing = asyncio.run(measure(url, stock_message, STOCK_TEXTS, 8, options.messages))
    one, eight = ours["one"], ours["eight"]
    ratio = eight.per_second / stock.per_second
    print()
    _line("sẵn sàng (ready)", f"{ours['ready_s']:.1f} s", "≤ 20 s", ours["ready_s"] <= 20)
    _line("một lượt, 1 khách (turn, one client) p50", f"{one.p50_ms:.1f} ms", "≤ 25 ms", one.p50_ms <= 25)
    _line("một lượt, 1 khách (turn, one client) p95", f"{one.p95_ms:.1f} ms", "≤ 50 ms", one.p95_ms <= 50)
    _line("8 khách (eight clients) p95", f"{eight.p95_ms:.1f} ms", "", None)
    _line("8 khách: lượt/giây (turns a second)", f"{eight.per_second:.1f}", "", None)
    _line("bot mẫu, 8 khách: lượt/giây (stock bot)", f"{stock.per_second:.1f}", "", None)
    _line("so với bot mẫu (ratio)", f"{ratio:.2f}", "≥ 2.5", ratio >= 2.5)
    _line("bộ nhớ rasa + ứng dụng (RSS)", f"{ours['rss_mb']:.0f} MB", "≤ 1536 MB", ours["rss_mb"] <= 1536)
    _line("tìm kiếm riêng (search alone) p50", f"{search_ms:.1f} ms", "≤ 8 ms", search_ms <= 8)
    failed = one.failed + eight.failed + stock.failed
    _line("lượt hỏng (failed)", str(failed), "0", failed == 0)
    if options.json:
        figures = {**ours, "one": asdict(one), "eight": asdict(eight), "stock": asdict(stock), "search_ms": search_ms}
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
