"""Finds procedures while a word is still being typed: all words said, the last one only begun.

The search proper compares whole syllables; here "cap lai bang l" already finds "cấp lại bằng lái xe".
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.index import Passage
from knowledge.vietnamese import fold, folded_syllables, syllables

#: So many of the passages that hold all words are looked at closely.
_CLOSELY = 400
_IN_A_ROW, _FROM_THE_START, _SAYS_NO_MORE = 0.35, 0.15, 0.35


@dataclass(frozen=True)
class PrefixHit:
    """A procedure's best passage that holds all words typed; score is 0 to 1, higher is better."""

    code: str
    passage: str
    score: float


class PrefixIndex:
    """Passages by the syllables they hold. Thread-safe: it holds no state between questions."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = [passage for passage in passages if passage.kind in ("title", "alias")]
        self._tokens = [tuple(folded_syllables(passage.text)) for passage in self._passages]
        holding: dict[str, list[int]] = defaultdict(list)
        for number, tokens in enumerate(self._tokens):
            for token in dict.fromkeys(tokens):
                holding[token].append(number)
        self._holding = {token: np.array(numbers, np.int64) for token, numbers in holding.items()}
        self._vocabulary = sorted(holding)
        self._spelling = _spellings(self._passages)

    def find(self, words: Sequence[str], begun: str | None, limit: int) -> list[PrefixHit]:
        """Return the procedures of which one passage holds every word, and one that begins so, best first.

        words: folded syllables.  begun: the folded beginning of the last word; None when it is finished.
        """
        if not words and not begun:
            return []
        found = self._holders(words, begun)
        best: dict[str, PrefixHit] = {}
        for number in self._closest(found, len(words) + bool(begun)):
            passage = self._passages[number]
            score = self._score(self._tokens[number], words, begun)
            if passage.owner not in best or score > best[passage.owner].score:
                best[passage.owner] = PrefixHit(passage.owner, passage.text, score)
        return sorted(best.values(), key=lambda hit: (-hit.score, hit.code))[:limit]

    def completed(self, words: Sequence[str], begun: str) -> str | None:
        """Return the word, with its marks, that most procedures with these words go on with; None if none does."""
        counted: Counter[str] = Counter()
        owners: dict[str, set[str]] = defaultdict(set)
        for number in self._holders(words, begun)[: 10 * _CLOSELY]:
            tokens = self._tokens[number]
            for place, token in enumerate(tokens):
                if token.startswith(begun):
                    follows = bool(words) and place > 0 and tokens[place - 1] == words[-1]
                    owner = self._passages[number].owner
                    if owner not in owners[token] or follows:
                        counted[token] += 3 if follows else 1
                    owners[token].add(owner)
        if not counted:
            return None
        [(token, _)] = counted.most_common(1)
        return self._spelling[token]

    def knows(self, word: str) -> bool:
        """Tell whether any passage holds this folded syllable as a whole."""
        return word in self._holding

    def _holders(self, words: Sequence[str], begun: str | None) -> NDArray[np.int64]:
        """Return the numbers of the passages that hold all of it, ascending."""
        lists = [self._holding.get(word, _NONE) for word in words]
        if begun:
            lists.append(self._beginning_with(begun))
        lists.sort(key=len)
        found = lists[0]
        for other in lists[1:]:
            if not len(found):
                break
            found = np.intersect1d(found, other, assume_unique=True)
        return found

    def _beginning_with(self, begun: str) -> NDArray[np.int64]:
        first = bisect_left(self._vocabulary, begun)
        last = bisect_left(self._vocabulary, begun + "\U0010ffff")
        lists = [self._holding[token] for token in self._vocabulary[first:last]]
        return np.unique(np.concatenate(lists)) if lists else _NONE

    def _closest(self, found: NDArray[np.int64], typed: int) -> list[int]:
        """Return those that say least besides; a single letter is held by thousands."""
        if len(found) <= _CLOSELY:
            return [int(number) for number in found]
        lengths = np.array([len(self._tokens[number]) for number in found])
        nearest = np.argsort(np.abs(lengths - typed), kind="stable")[:_CLOSELY]
        return [int(number) for number in found[nearest]]

    def _score(self, tokens: Sequence[str], words: Sequence[str], begun: str | None) -> float:
        typed = len(words) + bool(begun)
        place = _place_in_a_row(tokens, words, begun)
        score = 1 - _IN_A_ROW - _FROM_THE_START - _SAYS_NO_MORE
        score += _SAYS_NO_MORE * min(1.0, typed / len(tokens))
        if place is not None:
            score += _IN_A_ROW + (_FROM_THE_START if place == 0 else 0.0)
        return score


_NONE = np.array([], np.int64)


def _place_in_a_row(tokens: Sequence[str], words: Sequence[str], begun: str | None) -> int | None:
    """Return where the words stand one after the other; None when they do not."""
    length = len(words) + bool(begun)
    for start in range(len(tokens) - length + 1):
        if tuple(tokens[start : start + len(words)]) != tuple(words):
            continue
        if begun is None or tokens[start + len(words)].startswith(begun):
            return start
    return None


def _spellings(passages: Sequence[Passage]) -> Mapping[str, str]:
    """Return the most frequent spelling of every folded syllable."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for passage in passages:
        for syllable in syllables(passage.text):
            counted[fold(syllable)][syllable] += 1
    return {folded: spellings.most_common(1)[0][0] for folded, spellings in counted.items()}
