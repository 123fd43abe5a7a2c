"""`python -m knowledge`: check | import | audit | build | search | evaluate | fit | encoder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from dotenv import load_dotenv

from knowledge.commands import audit, build, check, encoder, evaluate, fit, importing, search
from knowledge.errors import CatalogueError, KnowledgeError

COMMANDS = {
    "check": (check, "kiểm tra mọi tệp dữ liệu, báo tất cả lỗi một lần"),
    "import": (importing, "nhập dữ liệu mới từ tệp xuất của cơ sở dữ liệu quốc gia hoặc hệ thống một cửa"),
    "audit": (audit, "tính lại mọi con số từ tệp xuất, báo chỗ lệch"),
    "build": (build, "dựng chỉ mục tìm kiếm khi dữ liệu đã đổi"),
    "search": (search, "tìm thử một câu, xem điểm và kết luận"),
    "evaluate": (evaluate, "đo tìm kiếm trên bộ câu hỏi đã biết đáp án"),
    "fit": (fit, "chỉnh xếp hạng theo bộ câu hỏi luyện"),
    "encoder": (encoder, "tải và chuyển bộ mã hoá câu"),
}


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description="Danh mục thủ tục và tìm kiếm")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="lệnh")
    for name, (module, about) in COMMANDS.items():
        module.add_arguments(subparsers.add_parser(name, help=about, description=about))
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 a fault that is told in plain words."""
    load_dotenv(".env")  # the launcher reads the same file: both must mean the same encoder and folders
    arguments = build_parser().parse_args(argv)
    try:
        return int(COMMANDS[arguments.command][0].run(arguments))
    except CatalogueError as error:
        print(error, file=sys.stderr)
        print(f"{len(error.problems)} lỗi trong dữ liệu: sửa xong rồi chạy lại", file=sys.stderr)
    except KnowledgeError as error:
        print(f"Không làm được: {error}", file=sys.stderr)
    except OSError as error:
        print(f"Không đọc hoặc ghi được {error.filename}: {error.strerror}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
