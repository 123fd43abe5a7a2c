"""Search as the assistant does: hits and rejected hits with the sum behind each score, and the verdict."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.search import SearchHit, SearchResult
    from knowledge.verdict import Verdict

OUTCOMES = {"clear": "trả lời luôn", "ambiguous": "hỏi lại", "nothing": "không có thủ tục phù hợp"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="+", help='câu hỏi, ví dụ "mất sổ đỏ làm lại ở đâu"')
    parser.add_argument("--limit", type=int, default=5, help="số kết quả (mặc định 5)")


def run(arguments: argparse.Namespace) -> int:
    from knowledge.commands.services import load_search
    from knowledge.verdict import Judge

    search, judge = load_search(), Judge.load()
    text = " ".join(arguments.question)
    search.find(text)  # the first run of the encoder is slower than any later one
    started = time.perf_counter()
    result = search.find(text, max(arguments.limit, 1))
    took_ms = (time.perf_counter() - started) * 1000
    for line in result_lines(result, judge.judge(result), took_ms):
        print(line)
    return 0


def result_lines(result: SearchResult, verdict: Verdict, took_ms: float) -> list[str]:
    """Return a search result as readable columns."""
    hits = (*result.hits, *result.rejected, *result.life_events)
    parts = tuple(dict.fromkeys(part for hit in hits for part in hit.parts))
    lines = [
        f"Hiểu là   {' '.join(result.question.terms)}"
        + (f"  (thêm: {' '.join(result.question.added)})" if result.question.added else ""),
        f"Kết luận  {OUTCOMES[verdict.outcome.value]}: đúng {verdict.p_right:.2f}, trong danh mục "
        f"{verdict.p_in_scope:.2f}, {took_ms:.0f} ms",
        "",
        f"{'điểm':>6} " + "".join(f"{part[:8]:>9}" for part in parts) + "  thủ tục",
    ]
    chosen = {id(hit) for hit in verdict.hits}
    lines += [_line(hit, parts, "*" if id(hit) in chosen else " ") for hit in result.hits]
    if other := result.rival:
        lines += ["", "Cơ quan khác (another office)"]
        lines.append(f"{other.score:6.3f} {other.entry.code} {other.entry.title} (hơn thủ tục đầu {other.ahead:+.3f})")
    lines += _section("Bị loại (rejected)", result.rejected, parts)
    lines += _section("Sự kiện trong đời (life events)", result.life_events, parts)
    return lines


def _section(title: str, hits: Sequence[SearchHit], parts: Sequence[str]) -> list[str]:
    return ["", title, *(_line(hit, parts, " ") for hit in hits)] if hits else []


def _line(hit: SearchHit, parts: Sequence[str], sign: str) -> str:
    from knowledge.model import LifeEvent

    columns = "".join(f"{hit.parts[part]:9.3f}" if part in hit.parts else f"{'':9}" for part in parts)
    item = hit.item if isinstance(hit.item, LifeEvent) else hit.procedure
    name = f"{item.name} {item.title}" if isinstance(item, LifeEvent) else f"{item.code} {item.short_title}"
    return f"{hit.score:6.3f}{sign}{columns}  {name}  ← {hit.passage}"
