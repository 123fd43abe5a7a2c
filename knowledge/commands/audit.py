"""Recompute every number of the catalogue from an export and list what disagrees."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from knowledge.auditing.audit import audit, audit_elsewhere
from knowledge.auditing.disagreement import EXPLANATIONS, load_explanations, split
from knowledge.catalogue import CATALOGUE, LIFE_EVENTS, load_catalogue
from knowledge.elsewhere import load_elsewhere
from knowledge.fingerprints import ELSEWHERE
from knowledge.importer.source import read_export


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--against", type=Path, metavar="EXPORT.jsonl", help="tệp xuất của cơ sở dữ liệu quốc gia")
    parser.add_argument("--catalogue", type=Path, default=CATALOGUE, help="thư mục thủ tục")
    parser.add_argument("--explanations", type=Path, default=EXPLANATIONS, help="tệp các chỗ lệch đã có lý do")


def run(arguments: argparse.Namespace) -> int:
    if arguments.against is None or not arguments.against.is_file():
        print(
            "Cần tệp xuất của cơ sở dữ liệu quốc gia (mỗi dòng một thủ tục, JSON); tệp ấy không nằm trong dự án.\n"
            "Chạy: python -m knowledge audit --against EXPORT.jsonl",
            file=sys.stderr,
        )
        return 2
    catalogue = load_catalogue(arguments.catalogue, LIFE_EVENTS)
    sources = {source.code: source for source in read_export(arguments.against)}
    elsewhere = load_elsewhere(arguments.catalogue.parent / ELSEWHERE.name)
    found = [*audit(catalogue, sources), *audit_elsewhere(elsewhere, sources)]
    unexplained, explained, idle = split(found, load_explanations(arguments.explanations))
    for disagreement in unexplained:
        print(disagreement)
    for code, field in idle:
        print(f"{code} {field}: lý do trong {arguments.explanations.name} không còn ứng với chỗ lệch nào, bỏ đi")
    kinds = ", ".join(f"{field} {count}" for field, count in Counter(item.field for item in unexplained).items())
    print(
        f"{len(catalogue):,} thủ tục: {len(unexplained)} chỗ lệch chưa có lý do{f' ({kinds})' if kinds else ''}, ",
        end="",
    )
    print(f"{len(explained)} đã có lý do")
    return 1 if unexplained or idle else 0
