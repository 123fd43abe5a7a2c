"""Holds many web conversations at once against the whole system: `python -m tests.bench.conversations`.

Each of 200 people sends a message every 5 seconds for 5 minutes, never two at once. Counted: the times of the
answers, the messages without an answer, and those that the dialogue took out of order.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import time
import uuid
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx

from actions.one_stop.settings import OneStopSettings
from channels.launch import RASA_PYTHON, ROOT, programs, wait_until_ready
from channels.processes import Keeper
from channels.settings import AppSettings
from tests.bench.stock import free_port

#: What a person says, one after the other. Half of it has no subject of its own: taken out of order it is answered
#: about another procedure than in a conversation that nobody disturbs.
SCRIPT = (
    "làm khai sinh cho con cần giấy tờ gì",
    "còn lệ phí?",
    "nộp ở đâu",
    "xin giấy độc thân cần giấy tờ gì",
    "nộp ở đâu",
    "còn lệ phí?",
)
Told = tuple[str, str | None]
TARGET_P95_MS = 500.0


@dataclass
class Counted:
    """What happened so far; times in milliseconds."""

    times: list[float] = field(default_factory=list)
    sent: int = 0
    lost: int = 0
    out_of_order: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    late: int = 0

    @property
    def p50_ms(self) -> float:
        return statistics.median(self.times)

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles(self.times, n=100)[94]


async def told_alone(http: httpx.AsyncClient) -> list[Told]:
    """Return how each message is answered (outcome, procedure) when nothing else goes on, from the second round."""
    conversation = f"load-alone-{uuid.uuid4().hex[:8]}"
    answers = [await _send(http, conversation, text, Counted()) for text in SCRIPT * 2][len(SCRIPT) :]
    told = [_told(answer) for answer in answers if answer is not None]
    if len(told) < len(SCRIPT) or len(set(told)) < 2:
        raise RuntimeError(f"the script tells no order: {told}")
    return told


def _told(answer: dict[str, Any]) -> Told:
    return answer["outcome"], answer.get("procedure_code")


async def converse(
    number: int, http: httpx.AsyncClient, every_s: float, until: float, expected: list[Told], counted: Counted
) -> None:
    """Be one person: begin at a moment of one's own, follow the script round and round."""
    await asyncio.sleep(random.Random(number).random() * every_s)
    conversation, due = f"load-{number}-{uuid.uuid4().hex[:8]}", time.monotonic()
    step = 0
    while due < until:
        place = step % len(SCRIPT)
        answer = await _send(http, conversation, SCRIPT[place], counted)
        if answer is not None and _told(answer) != expected[place]:
            counted.out_of_order += 1
        step += 1
        due += every_s
        counted.late += time.monotonic() > due
        await asyncio.sleep(max(0.0, due - time.monotonic()))


async def _send(http: httpx.AsyncClient, conversation: str, text: str, counted: Counted) -> dict[str, Any] | None:
    """Send a message; when the line is cut, once more under the same id, as the widget does."""
    body = {"conversation_id": conversation, "message_id": uuid.uuid4().hex, "text": text}
    counted.sent += 1
    started = time.perf_counter()
    for _ in range(2):
        try:
            response = await http.post("/api/v1/messages", json=body)
            answer: dict[str, Any] = response.json()
            break
        except (httpx.HTTPError, ValueError) as error:
            counted.statuses[type(error).__name__] += 1
    else:
        counted.lost += 1
        return None
    counted.times.append((time.perf_counter() - started) * 1000)
    counted.statuses[str(response.status_code)] += 1
    if response.status_code != 200 or answer["outcome"] == "failed" or not answer["replies"]:
        counted.lost += 1
        return None
    return answer


async def hold(base: str, people: int, every_s: float, seconds: float) -> Counted:
    """Hold the conversations and count."""
    counted = Counted()
    limits = httpx.Limits(max_connections=people, max_keepalive_connections=people)
    async with httpx.AsyncClient(base_url=base, timeout=30.0, limits=limits, trust_env=False) as http:
        expected = await told_alone(http)
        until = time.monotonic() + seconds
        await asyncio.gather(*(converse(number, http, every_s, until, expected, counted) for number in range(people)))
    return counted


async def measure(people: int, every_s: float, seconds: float) -> Counted:
    """Start everything with a fresh database, hold the conversations, stop."""
    folder = ROOT / "var" / "bench" / "load"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for path in folder.glob("*.db*"):
        path.unlink()
    var = folder.relative_to(ROOT)
    settings = AppSettings(port=free_port(), rasa=f"unix:{var}/rasa.sock", db_url=f"sqlite:///{var}/app.db")
    keeper = Keeper(ROOT)
    wanted = programs(settings, OneStopSettings(), RASA_PYTHON, {"MOT_CUA_RASA_DB_URL": f"{var}/rasa.db"})
    keeping = asyncio.create_task(keeper.keep(wanted))
    base = f"http://127.0.0.1:{settings.port}"
    try:
        if not await wait_until_ready(base, keeper):
            raise RuntimeError("the system did not start")
        await hold(base, 8, 0.5, 5.0)  # what is loaded late is loaded now
        return await hold(base, people, every_s, seconds)
    finally:
        keeper.stop()
        await keeping


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--every", type=float, default=5.0, help="seconds between the messages of one person")
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    before = os.getloadavg()[0]
    counted = asyncio.run(measure(options.people, options.every, options.seconds))
    reached = counted.p95_ms <= TARGET_P95_MS and not counted.lost and not counted.out_of_order
    print(
        f"{options.people} cuộc trò chuyện, mỗi {options.every:g} s một tin, {options.seconds:g} s: {counted.sent} tin"
    )
    print(f"p50 {counted.p50_ms:.0f} ms, lâu nhất {max(counted.times):.0f} ms")
    print(f"p95 {counted.p95_ms:.0f} ms (≤ {TARGET_P95_MS:.0f})")
    print(f"mất {counted.lost} (0), sai thứ tự {counted.out_of_order} (0), gửi trễ {counted.late}")
    print(f"trạng thái: {dict(counted.statuses)}")
    print(f"{'đạt' if reached else 'CHƯA ĐẠT'} (tải của máy trước khi đo: {before:.1f})")
    if options.json:
        figures = {**asdict(counted), "p50_ms": counted.p50_ms, "p95_ms": counted.p95_ms}
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf8")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
