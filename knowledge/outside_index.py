"""Questions that are none of ours: what a new question is compared with beside the catalogue.

A visa for America resembles a passport of ours, and still more the other questions about visas of other countries.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.cases import load_cases
from knowledge.elsewhere import Elsewhere
from knowledge.errors import IndexFault
from knowledge.fingerprints import OUTSIDE
from knowledge.projection import Projection
from knowledge.vector_index import VectorIndex

NEAREST = 3


@dataclass(frozen=True)
class Foreign:
    """How foreign a question is.

    likeness: the mean cosine with the three nearest questions that are none of ours; 0 when there are none.
    elsewhere: the procedure of another office that the very nearest of them asks for, if it asks for one.
    cosine: of that nearest question.
    """

    likeness: float = 0.0
    elsewhere: Elsewhere | None = None
    cosine: float = 0.0


class OutsideIndex:
    """The questions of `knowledge/outside` and those for the procedures of `knowledge/elsewhere`, as vectors."""

    def __init__(self, questions: Sequence[str], vectors: VectorIndex, elsewhere: Sequence[Elsewhere] = ()) -> None:
        """questions: in the order of the vectors; those that ask for one of `elsewhere` are known by their words."""
        self._questions = tuple(questions)
        self._vectors = vectors
        self._elsewhere = tuple(elsewhere)
        self._asks_for = {question: one for one in elsewhere for question in one.asked}

    @staticmethod
    def read(folder: Path = OUTSIDE, elsewhere: Sequence[Elsewhere] = ()) -> list[str]:
        """Return the questions, none where there is no folder; raises CasesFault when a file cannot be read."""
        plain = [case.question for case in load_cases(folder)] if folder.is_dir() else []
        return [*plain, *(question for one in elsewhere for question in one.asked)]

    def compare(self, vector: NDArray[np.float32], but: str | None = None) -> Foreign:
        """Return how foreign a question is.

        but: a question that does not count, itself when it is one of them.
        """
        if not self._questions:
            return Foreign()
        numbers, cosines = self._vectors.nearest(vector, NEAREST + 1)
        others = [(n, float(cosine)) for n, cosine in zip(numbers, cosines, strict=True) if self._questions[n] != but]
        near = others[:NEAREST]
        if not near:
            return Foreign()
        nearest, cosine = near[0]
        likeness = sum(cosine for _, cosine in near) / len(near)
        return Foreign(likeness, self._asks_for.get(self._questions[nearest]), cosine)

    def save(self, folder: Path) -> None:
        """Write its parts into an index folder."""
        self._vectors.save(folder / "outside.faiss")
        stored = {"questions": self._questions, "elsewhere": [one.model_dump(mode="json") for one in self._elsewhere]}
        (folder / "outside.json").write_text(json.dumps(stored, ensure_ascii=False), encoding="utf8")

    @classmethod
    def load(cls, folder: Path, projection: Projection) -> OutsideIndex:
        """Load the parts and map the vectors; raises IndexFault when one is missing or cut."""
        try:
            stored: dict[str, Any] = json.loads((folder / "outside.json").read_text(encoding="utf8"))
            elsewhere = [Elsewhere.model_validate(one) for one in stored["elsewhere"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexFault(f"outside.json cannot be read: {error}") from error
        vectors = VectorIndex.build(projection(VectorIndex.load(folder / "outside.faiss").rows()))
        return cls(stored["questions"], vectors, elsewhere)
