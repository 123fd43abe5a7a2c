"""Fit the ranking and the verdict to the tuning questions."""

from __future__ import annotations

import argparse
from pathlib import Path

from knowledge.cases import load_cases
from knowledge.fingerprints import OUTSIDE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("cases", type=Path, help="thư mục hoặc tệp câu hỏi để chỉnh (.yml, .jsonl)")


def run(arguments: argparse.Namespace) -> int:
    from knowledge.commands.services import load_search
    from knowledge.fitting import fit_ranking, fit_verdict, write_fit
    from knowledge.search import Search

    tuning = load_cases(arguments.cases)
    if not tuning:
        print(f"Không có câu hỏi nào trong {arguments.cases}")
        return 1
    cases = [*tuning, *load_cases(OUTSIDE)]
    search = load_search()
    print(f"Chỉnh theo {len(cases)} câu hỏi …", flush=True)
    ranking = fit_ranking(search, cases)
    fitted = Search(search.index, search.encoder, ranking, leaves_itself_out=True)
    write_fit(ranking, fit_verdict(fitted, cases), len(cases))
    print("Đã ghi ranking.yml và verdict.yml")
    return 0
