"""Puts diacritics back into text typed without them, for the encoder only.

A bigram Viterbi over syllables, counted from the catalogue's own words and the text that underthesea carries.
It guesses about nine of ten syllables right; the keyword channel never sees its guesses.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from knowledge.errors import IndexFault
from knowledge.vietnamese import fold, nfc, syllables

BEAM = 8
CANDIDATES = 10
START = "<s>"
_SENTENCE_END = re.compile(r"[.;:!?\n]")


#: How often each syllable follows another one: by the first, then by the second.
Pairs = dict[str, dict[str, float]]


class Restorer:
    """Counts of syllables and syllable pairs, and the most likely marked reading of a folded text."""

    def __init__(self, single: Counter[str], pairs: Pairs) -> None:
        self._single = single
        self._pairs = pairs
        self._followed = {first: sum(after.values()) for first, after in pairs.items()}
        self._total = sum(single.values()) + len(single)
        readings: dict[str, list[str]] = defaultdict(list)
        for syllable, _ in single.most_common():
            if len(readings[fold(syllable)]) < CANDIDATES:
                readings[fold(syllable)].append(syllable)
        self._readings = dict(readings)

    def knows(self, syllable: str) -> bool:
        """Tell whether a lower-case syllable occurs, as typed or (without marks) under any marks."""
        return self._single.get(syllable, 0) > 0 or syllable in self._readings

    def restore(self, text: str) -> str:
        """Return the text's syllables with marks; a syllable that carries marks already stays as typed."""
        beam: list[tuple[float, tuple[str, ...]]] = [(0.0, (START,))]
        for syllable in syllables(text):
            options = [syllable] if fold(syllable) != syllable else self._readings.get(syllable, [syllable])
            best: dict[str, tuple[float, tuple[str, ...]]] = {}
            for score, path in beam:
                for option in options:
                    reached = score + self._log_probability(path[-1], option)
                    if option not in best or reached > best[option][0]:
                        best[option] = (reached, (*path, option))
            beam = sorted(best.values(), key=lambda state: -state[0])[:BEAM]
        return " ".join(beam[0][1][1:])

    def _log_probability(self, before: str, syllable: str) -> float:
        alone = (self._single.get(syllable, 0) + 0.5) / self._total
        followed = self._followed.get(before, 0)
        trust = followed / (followed + 3.0)
        after = self._pairs[before].get(syllable, 0) / followed if followed else 0.0
        return math.log(trust * after + (1.0 - trust) * alone)

    def save(self, path: Path) -> None:
        with gzip.open(path, "wt", encoding="utf8", compresslevel=4) as file:
            json.dump({"single": self._single, "pairs": self._pairs}, file, ensure_ascii=False)

    @classmethod
    def load(cls, path: Path) -> Restorer:
        """Load saved counts; raises IndexFault when the file is missing or cut."""
        try:
            with gzip.open(path, "rt", encoding="utf8") as file:
                stored = json.load(file)
            single: Counter[str] = Counter(stored["single"])
            known = {syllable: syllable for syllable in single}  # each word once in memory
            pairs = {first: {known.get(b, b): n for b, n in after.items()} for first, after in stored["pairs"].items()}
            return cls(single, pairs)
        except (OSError, EOFError, KeyError, ValueError, AttributeError, zlib.error) as error:
            raise IndexFault(f"{path.name} cannot be read: {error}") from error


def count_text(weighted: Iterable[tuple[Iterable[str], float]]) -> Restorer:
    """Return a restorer counted from texts, each group with its weight (catalogue words count more than news)."""
    single: Counter[str] = Counter()
    pairs: Pairs = defaultdict(lambda: defaultdict(int))
    for texts, weight in weighted:
        for text in texts:
            for sentence in _SENTENCE_END.split(nfc(text)):
                before = START
                for syllable in syllables(sentence):
                    single[syllable] += weight  # type: ignore[assignment]
                    pairs[before][syllable] += weight
                    before = syllable
    return Restorer(single, {first: dict(after) for first, after in pairs.items()})
