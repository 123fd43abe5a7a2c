"""Import an export of the national catalogue, or LayThuTuc answers: show what changed and write it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from knowledge.catalogue import CATALOGUE
from knowledge.importer.lay_thu_tuc import read_lay_thu_tuc
from knowledge.importer.run import plan_import, read_codes, write_files
from knowledge.importer.source import SourceProcedure, read_export
from knowledge.overlay import OVERLAY, overlay_yaml


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("export", type=Path, help="tệp xuất từ cơ sở dữ liệu quốc gia, mỗi dòng một thủ tục (JSON)")
    parser.add_argument("--codes", type=Path, help="tệp mã thủ tục cần lấy, mỗi dòng một mã (mặc định: lấy hết)")
    parser.add_argument("--out", type=Path, default=CATALOGUE, help="thư mục danh mục")
    parser.add_argument("--dry-run", action="store_true", help="chỉ cho xem thay đổi, không ghi gì")
    parser.add_argument("--one-stop", action="store_true", help="tệp là trả lời LayThuTuc của hệ thống một cửa")
    parser.add_argument("--keep-official-text", action="store_true", help="giữ cả nguyên văn vào thư mục overlay")
    parser.add_argument("--overlay", type=Path, default=OVERLAY, help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    codes = read_codes(arguments.codes) if arguments.codes else None
    sources = list(_read(arguments))
    citations = [citation for source in sources for citation in source.legal_basis or []]
    plan = plan_import(sources, arguments.out, codes, citations, whole=not arguments.one_stop)
    for line in plan.lines():
        print(line)
    if arguments.dry_run:
        print("Chưa ghi gì (--dry-run).")
        return 0
    write_files(plan.files)
    if arguments.keep_official_text:
        wanted = (source for source in sources if codes is None or source.code in codes)
        write_files({arguments.overlay / f"{source.code}.yml": overlay_yaml(source) for source in wanted})
    return 0


def _read(arguments: argparse.Namespace) -> Iterator[SourceProcedure]:
    if arguments.one_stop:
        return read_lay_thu_tuc(arguments.export, date.today())
    return read_export(arguments.export)
