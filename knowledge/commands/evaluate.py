"""Measure the search on questions with known answers, beside plain search."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from knowledge.cases import load_cases


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("cases", type=Path, help="thư mục hoặc tệp câu hỏi (.yml, .jsonl)")
    parser.add_argument("--among", type=Path, help="bản xuất toàn quốc (.jsonl): tìm giữa mọi thủ tục của nó")
    parser.add_argument("--json", type=Path, help="ghi cả kết quả vào tệp JSON")


def run(arguments: argparse.Namespace) -> int:
    from knowledge.commands.services import load_search
    from knowledge.evaluation import dense_alone, evaluate, plain_bm25, report_lines
    from knowledge.verdict import Judge

    cases = load_cases(arguments.cases)
    if not cases:
        print(f"Không có câu hỏi nào trong {arguments.cases}")
        return 1
    search = load_search(among=arguments.among)
    print(f"Đo {len(cases)} câu hỏi …", flush=True)
    baselines = {
        "plain BM25": plain_bm25(search.index),
        "encoder alone": dense_alone(search.index, search.encoder),
    }
    report = evaluate(search, Judge.load(), cases, baselines)
    for line in report_lines(report):
        print(line)
    if arguments.json:
        arguments.json.write_text(json.dumps(report.plain(), ensure_ascii=False, indent=1), encoding="utf8")
    return 0
