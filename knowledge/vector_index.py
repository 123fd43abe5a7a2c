"""The dense channel: passages as unit vectors in a FAISS index, compared by inner product."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.errors import IndexFault


class VectorIndex:
    """An exact inner-product index (`IndexFlatIP`): right and fast enough up to some 60,000 passages."""

    def __init__(self, index: faiss.IndexFlatIP) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> VectorIndex:
        """Index the rows of `vectors`, (n, dimension) float32, each of length 1."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors))
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def nearest(self, vector: NDArray[np.float32], count: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the `count` best passages: their numbers and cosines, best first."""
        faiss.omp_set_num_threads(1)  # holds for the calling thread only
        cosines, numbers = self._index.search(vector.reshape(1, -1), min(count, len(self)))
        return numbers[0], cosines[0]

    def cosines(self, vector: NDArray[np.float32], passages: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosines of the given passages, in their order."""
        if not len(passages):
            return np.zeros(0, np.float32)
        stored = self._index.reconstruct_batch(np.asarray(passages, dtype=np.int64))
        return np.asarray(stored @ vector, dtype=np.float32)

    def rows(self) -> NDArray[np.float32]:
        """Return every vector, (n, dimension), in the order of the passages."""
        return np.asarray(self._index.reconstruct_n(0, len(self)), dtype=np.float32)

    def save(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> VectorIndex:
        """Load a saved index; raises IndexFault when the file is missing or cut."""
        try:
            index: Any = faiss.read_index(str(path))
            return cls(index)
        except RuntimeError as error:
            raise IndexFault(f"{path.name} cannot be read: {error}") from error
