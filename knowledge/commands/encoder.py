"""Fetch the encoder's weights and convert them, when the encoder is not there yet."""

from __future__ import annotations

import argparse
import time

from knowledge.commands.paths import own_encoder_folder, var_dir
from knowledge.errors import EncoderUnavailable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="làm lại dù đã có")


def run(arguments: argparse.Namespace) -> int:
    make_encoder(force=arguments.force)
    return 0


def make_encoder(force: bool = False) -> None:
    """Build our encoder folder; nothing is done when it is there.

    Raises:
        EncoderUnavailable: the weights cannot be fetched or have another format.
    """
    folder = own_encoder_folder()
    if (folder / "onnx_module.json").exists() and not force:
        print(f"Bộ mã hoá (encoder) đã có ở {folder}")
        return
    from knowledge.encoder_weights.convert import convert
    from knowledge.encoder_weights.fetch import WeightsUnavailable, fetch_packed_weights
    from knowledge.encoder_weights.packed_file import PackedFileError

    started = time.monotonic()
    print("Tải và chuyển bộ mã hoá câu (encoder), khoảng một phút …", flush=True)
    try:
        convert(fetch_packed_weights(var_dir() / "downloads"), folder, _say)
    except WeightsUnavailable as error:
        raise EncoderUnavailable(
            f"không tải được trọng số của bộ mã hoá, kiểm tra mạng rồi chạy lại ({error})"
        ) from error
    except PackedFileError as error:
        raise EncoderUnavailable(f"tệp trọng số hỏng, xoá {var_dir() / 'downloads'} rồi chạy lại ({error})") from error
    print(f"  xong sau {time.monotonic() - started:.0f} giây")


def _say(line: str) -> None:
    print(line, flush=True)
