"""The words of words.yml, compared with their marks where a text has marks and folded where it has none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from knowledge.vietnamese import classic_tones, fold, has_diacritics

WORDS = Path(__file__).parent / "words.yml"
_TOKEN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class WordList:
    """Words in both forms."""

    marked: frozenset[str]
    folded: frozenset[str]

    @classmethod
    def of(cls, words: str) -> WordList:
        """Read words separated by blanks."""
        marked = frozenset(classic_tones(word) for word in words.split())
        return cls(marked, frozenset(map(fold, marked)))


@dataclass(frozen=True)
class Word:
    """One word of a text.

    lower: in lower case, tones in their classic place.  folded: without marks.  by_marks: the text has marks.
    is_capital: begins with a capital, in a text where that says something.  is_acronym: UBND, in such a text.
    before: what stands between it and the word before it.
    """

    start: int
    end: int
    lower: str
    folded: str
    by_marks: bool
    is_capital: bool
    is_acronym: bool
    before: str

    def within(self, words: WordList) -> bool:
        """Tell whether the word is one of these."""
        return self.lower in words.marked if self.by_marks else self.folded in words.folded

    @property
    def is_bare(self) -> bool:
        """Tell whether the word carries no mark."""
        return self.lower == self.folded


@cache
def word_list(name: str) -> WordList:
    """Return one list of words.yml."""
    return WordList.of(yaml.safe_load(WORDS.read_text(encoding="utf8"))[name])


def words_of(text: str) -> list[Word]:
    """Return the words of a text (NFC), in order; digits and signs separate them."""
    by_marks = has_diacritics(text)
    shouting = text == text.upper()
    found: list[Word] = []
    end = 0
    for match in _TOKEN.finditer(text):
        word = classic_tones(match[0].lower())
        capital = match[0][0].isupper() and not shouting
        acronym = capital and len(word) > 1 and match[0].isupper()
        before = text[end : match.start()]
        found.append(Word(match.start(), match.end(), word, fold(word), by_marks, capital, acronym, before))
        end = match.end()
    return found
