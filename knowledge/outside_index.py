"""Questions that are none of ours: what a new question is compared with beside the catalogue.

A visa for America resembles a passport of ours, and still more the other questions about visas of other countries.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.cases import load_cases
from knowledge.errors import IndexFault
from knowledge.fingerprints import OUTSIDE
from knowledge.projection import Projection
from knowledge.vector_index import VectorIndex

NEAREST = 3


class OutsideIndex:
    """The questions of `knowledge/outside`, as vectors."""

    def __init__(self, questions: Sequence[str], vectors: VectorIndex) -> None:
        self._questions = tuple(questions)
        self._vectors = vectors

    @staticmethod
    def read(folder: Path = OUTSIDE) -> list[str]:
        """Return the questions, none where there is no folder; raises CasesFault when a file cannot be read."""
        return [case.question for case in load_cases(folder)] if folder.is_dir() else []

    def likeness(self, vector: NDArray[np.float32], but: str | None = None) -> float:
        """Return the mean cosine of a question with the three nearest other ones; 0 when there are none.

        but: a question that does not count, itself when it is one of them.
        """
        if not self._questions:
            return 0.0
        numbers, cosines = self._vectors.nearest(vector, NEAREST + 1)
        others = [float(cosine) for n, cosine in zip(numbers, cosines, strict=True) if self._questions[n] != but]
        near = others[:NEAREST]
        return sum(near) / len(near) if near else 0.0

    def save(self, folder: Path) -> None:
        """Write both parts into an index folder."""
        self._vectors.save(folder / "outside.faiss")
        (folder / "outside.json").write_text(json.dumps(self._questions, ensure_ascii=False), encoding="utf8")

    @classmethod
    def load(cls, folder: Path, projection: Projection) -> OutsideIndex:
        """Load both parts and map the vectors; raises IndexFault when one is missing or cut."""
        try:
            questions = json.loads((folder / "outside.json").read_text(encoding="utf8"))
        except (OSError, ValueError) as error:
            raise IndexFault(f"outside.json cannot be read: {error}") from error
        return cls(questions, VectorIndex.build(projection(VectorIndex.load(folder / "outside.faiss").rows())))
