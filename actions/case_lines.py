"""What a procedure's facts say of a circumstance: the papers and conditions that share its words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from actions import wording
from knowledge.model import Procedure
from knowledge.question import GENERIC_SYLLABLES, LIGHT_SYLLABLES, QuestionReader
from knowledge.vietnamese import folded_syllables

MOST_LINES = 4
#: A syllable by itself tells nothing when so many lines hold it.
COMMON_FROM = 5
PAIR, SINGLE = 2.0, 1.0
#: A pair of syllables, or two that stand apart.
ENOUGH = 2.0
#: "ông" is whoever is spoken of.
_SILENT = LIGHT_SYLLABLES | GENERIC_SYLLABLES | {"ong"}


@dataclass(frozen=True)
class _Line:
    text: str
    words: tuple[str, ...]


class LineFinder:
    """Finds the lines; thread-safe."""

    def __init__(self) -> None:
        self._reader = QuestionReader()

    def about(self, procedure: Procedure, text: str) -> tuple[str, ...]:
        """Return the papers and conditions that a message is about, as answers write them, best first; () = none.

        Words of the procedure's own title say nothing about a circumstance. A line must share two neighbouring
        syllables with the message, or two rare ones.
        """
        lines = [_Line(line, tuple(folded_syllables(line))) for line in _lines(procedure)]
        often = Counter(word for line in lines for word in set(line.words))
        own = set(folded_syllables(procedure.title))
        said = folded_syllables(text)
        terms = {term for term in self._reader.read(text).terms if term not in _SILENT and term not in own}
        pairs = {pair for pair in pairwise(said) if terms.intersection(pair)}
        scored = []
        for place, line in enumerate(lines):
            held = pairs.intersection(pairwise(line.words))
            in_pairs = {word for pair in held for word in pair}
            alone = {term for term in terms.intersection(line.words) - in_pairs if often[term] < COMMON_FROM}
            score = PAIR * len(held) + SINGLE * len(alone)
            if score >= ENOUGH:
                scored.append((-score, place, line.text))
        best = min(scored)[0] if scored else 0.0
        return tuple(text for score, _, text in sorted(scored) if score <= best / 2)[:MOST_LINES]


def _lines(procedure: Procedure) -> list[str]:
    return [*(wording.paper(paper) for paper in procedure.documents), *procedure.conditions]
