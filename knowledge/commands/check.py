"""Check all data files: every fault at once, as file:line and what to write instead."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from knowledge.catalogue import CATALOGUE, LIFE_EVENTS, load_catalogue
from knowledge.checks.figures import count_figures
from knowledge.checks.report import check_data
from knowledge.errors import Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--catalogue", type=Path, default=CATALOGUE, help="thư mục thủ tục")
    parser.add_argument("--life-events", type=Path, default=LIFE_EVENTS, help="thư mục sự kiện trong đời")
    parser.add_argument(
        "--today", type=date.fromisoformat, default=None, help="ngày để tính dữ liệu cũ (năm-tháng-ngày)"
    )
    parser.add_argument("--figures", action="store_true", help="đếm xem bao nhiêu thủ tục có từng loại dữ kiện")


def run(arguments: argparse.Namespace) -> int:
    if arguments.figures:
        return _print_figures(arguments)
    report = check_data(arguments.catalogue, arguments.life_events, today=arguments.today)
    for problem in report.warnings:
        print(f"{_near(problem)} (nhắc)")
    for problem in report.errors:
        print(_near(problem), file=sys.stderr)
    print(f"{report.procedures:,} thủ tục: {len(report.errors)} lỗi, {len(report.warnings)} điều cần xem lại")
    return 1 if report.errors else 0


def _print_figures(arguments: argparse.Namespace) -> int:
    catalogue = load_catalogue(arguments.catalogue, arguments.life_events)
    print(f"{len(catalogue):,} thủ tục, {len(catalogue.life_events)} sự kiện trong đời")
    for name, count in count_figures(catalogue).items():
        print(f"  {name:48}{count:6,}")
    return 0


def _near(problem: Problem) -> Problem:
    """Return the problem with its path as the person at this prompt would type it."""
    try:
        return Problem(problem.path.resolve().relative_to(Path.cwd()), problem.line, problem.message)
    except ValueError:
        return problem
