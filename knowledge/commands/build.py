"""Build the search index when the data files or the encoder changed (and the encoder when missing)."""

from __future__ import annotations

import argparse
import time

from knowledge.commands.encoder import make_encoder
from knowledge.commands.paths import encoder_model, index_folder, own_encoder_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="dựng lại dù chỉ mục còn mới")


def run(arguments: argparse.Namespace) -> int:
    from knowledge.encoder import fingerprint_of, load_encoder
    from knowledge.index import build_index, is_current

    model, out = encoder_model(), index_folder()
    if model == str(own_encoder_folder()) and not (own_encoder_folder() / "onnx_module.json").exists():
        make_encoder()
    if not arguments.force and is_current(out, fingerprint_of(model)):
        print(f"Chỉ mục ở {out} còn mới, không phải dựng lại")
        return 0
    started = time.monotonic()
    print(f"Dựng chỉ mục tìm kiếm ở {out} …", flush=True)
    build_index(out, load_encoder(model), report=_say)
    print(f"  xong sau {time.monotonic() - started:.0f} giây")
    return 0


def _say(line: str) -> None:
    print(line, flush=True)
