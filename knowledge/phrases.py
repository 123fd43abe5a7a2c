"""Finds written phrases in a message by syllables, so that a missing diacritic hides nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.vietnamese import classic_tones, fold

_SYLLABLE = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Syllable:
    """One syllable (âm tiết) of a message: as typed, folded, and where it stands."""

    typed: str
    folded: str
    start: int
    end: int


@dataclass(frozen=True)
class PhraseMatch:
    """A phrase found: its label, the place in the text and how many syllables it has."""

    label: str
    start: int
    end: int
    length: int


def split_syllables(text: str) -> list[Syllable]:
    """Return the syllables of a text with their places."""
    return [
        Syllable(_comparable(match.group()), fold(match.group()), *match.span()) for match in _SYLLABLE.finditer(text)
    ]


class PhraseBook:
    """Phrases by label, found longest first; a stretch of text belongs to one phrase only.

    A phrase of the label "" claims its stretch and gives nothing: it shields look-alikes ("mất giấy" is no duration).
    A syllable typed with diacritics must have the phrase's own; one typed without fits any, except that a phrase
    of one syllable must be typed exactly in a message that has diacritics elsewhere.
    """

    def __init__(self, phrases: Mapping[str, Sequence[str]]) -> None:
        self._by_length: dict[int, dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]]] = {}
        for label, texts in phrases.items():
            for text in texts:
                typed = tuple(syllable.typed for syllable in split_syllables(text))
                folded = tuple(fold(syllable) for syllable in typed)
                self._by_length.setdefault(len(typed), {}).setdefault(folded, []).append((typed, label))

    def find(self, text: str) -> list[PhraseMatch]:
        """Return the phrases in a text, in order, shields left out."""
        syllables = split_syllables(text)
        has_marks = any(syllable.typed != syllable.folded for syllable in syllables)
        taken = [False] * len(syllables)
        found: list[PhraseMatch] = []
        for length in sorted(self._by_length, reverse=True):
            for first in range(len(syllables) - length + 1):
                window = syllables[first : first + length]
                if any(taken[first : first + length]):
                    continue
                label = self._label(window, has_marks)
                if label is None:
                    continue
                taken[first : first + length] = [True] * length
                found.append(PhraseMatch(label, window[0].start, window[-1].end, length))
        return sorted((match for match in found if match.label), key=lambda match: match.start)

    def _label(self, window: list[Syllable], has_marks: bool) -> str | None:
        entries = self._by_length[len(window)].get(tuple(syllable.folded for syllable in window), [])
        for typed, label in entries:
            exact = len(window) == 1 and has_marks
            if all(_fits(syllable, wanted, exact) for syllable, wanted in zip(window, typed, strict=True)):
                return label
        return None


def _fits(syllable: Syllable, wanted: str, exact: bool) -> bool:
    return syllable.typed == wanted or (not exact and syllable.typed == syllable.folded)


def _comparable(text: str) -> str:
    return classic_tones(text).lower()
