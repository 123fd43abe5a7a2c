"""Which procedure of another office a question asks for: the nearest of the ways people ask for them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.elsewhere import Elsewhere
from knowledge.errors import IndexFault
from knowledge.projection import Projection
from knowledge.vector_index import VectorIndex
from knowledge.vietnamese import folded_syllables

VECTORS = "elsewhere.faiss"
ENTRIES = "elsewhere.json"


class ElsewhereIndex:
    """The questions for the procedures of `knowledge/elsewhere`, as vectors."""

    def __init__(self, entries: Sequence[Elsewhere], vectors: VectorIndex) -> None:
        """vectors: of every entry's questions, one entry after the other."""
        self._entries = tuple(entries)
        self._vectors = vectors
        self._owners = [one for one in self._entries for _ in one.asked]
        self._words = {one.code: frozenset(folded_syllables(" . ".join((one.title, *one.asked)))) for one in entries}

    def nearest(self, vector: NDArray[np.float32]) -> tuple[Elsewhere | None, float]:
        """Return whose procedure the nearest question asks for, and its cosine; nothing when there are none."""
        if not self._owners:
            return None, 0.0
        numbers, cosines = self._vectors.nearest(vector, 1)
        return self._owners[numbers[0]], float(cosines[0])

    def held(self, entry: Elsewhere, terms: Sequence[str]) -> float:
        """Return the share of folded syllables that an entry's title and questions hold, 0 to 1."""
        return len(self._words[entry.code].intersection(terms)) / max(1, len(set(terms)))

    def save(self, folder: Path) -> None:
        """Write both parts into an index folder."""
        self._vectors.save(folder / VECTORS)
        stored = [one.model_dump(mode="json") for one in self._entries]
        (folder / ENTRIES).write_text(json.dumps(stored, ensure_ascii=False), encoding="utf8")

    @classmethod
    def load(cls, folder: Path, projection: Projection) -> ElsewhereIndex:
        """Load both parts and map the vectors; raises IndexFault when one is missing or cut."""
        try:
            stored = json.loads((folder / ENTRIES).read_text(encoding="utf8"))
            entries = [Elsewhere.model_validate(one) for one in stored]
        except (OSError, ValueError, TypeError) as error:
            raise IndexFault(f"{ENTRIES} cannot be read: {error}") from error
        return cls(entries, VectorIndex.build(projection(VectorIndex.load(folder / VECTORS).rows())))
