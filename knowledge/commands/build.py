"""Build the search index when the data files or the encoder changed (and the encoder when missing)."""

from __future__ import annotations

import argparse
import os
import time

from knowledge.commands.encoder import make_encoder
from knowledge.commands.paths import encoder_model, index_folder, own_encoder_folder
from knowledge.fingerprints import fingerprint_of, is_current


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="dựng lại dù chỉ mục còn mới")
    parser.add_argument("--check", action="store_true", help="chỉ xem chỉ mục còn mới không (mã 1: phải dựng lại)")


def run(arguments: argparse.Namespace) -> int:
    model, out = encoder_model(), index_folder()
    if model == str(own_encoder_folder()) and not (own_encoder_folder() / "onnx_module.json").exists():
        if arguments.check:
            return 1
        make_encoder()
    if not arguments.force and is_current(out, fingerprint_of(model)):
        print(f"Chỉ mục ở {out} còn mới, không phải dựng lại")
        return 0
    if arguments.check:
        return 1
    from knowledge.encoder import load_encoder
    from knowledge.index import build_index

    started = time.monotonic()
    print(f"Dựng chỉ mục tìm kiếm ở {out} …", flush=True)
    build_index(out, load_encoder(model, threads=os.cpu_count()), report=_say)
    print(f"  xong sau {time.monotonic() - started:.0f} giây")
    return 0


def _say(line: str) -> None:
    print(line, flush=True)
