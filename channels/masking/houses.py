"""Finds house numbers (số nhà): the number goes, the street and the commune stay, since questions need them."""

from __future__ import annotations

import re

from channels.masking.lexicon import word_list, words_of
from channels.masking.spans import Span
from knowledge.vietnamese import fold

_NUMBER = r"(?P<number>[a-z]?\d{1,4}[a-z]?(?:/\d{1,3}[a-z]?)*)"
_BEFORE_STREET = r"(?=[ ,]{1,2}(?:duong|ngo|ngach|kiet|hem|pho)\b)"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:so nha|nha so|can ho(?: so)?|nha toi so|nha em so)[ :]*{_NUMBER}\b",
        rf"\b(?:ngo|ngach|kiet|hem)[ ]{_NUMBER}(?!\w)(?![ ]?(?:ngay|thang|nguoi))",
        rf"\bso[ ]{_NUMBER}{_BEFORE_STREET}",
        rf"(?<![\w/.-]){_NUMBER}{_BEFORE_STREET}",
        rf"\bphong[ ]{_NUMBER}(?=.{{0,12}}chung cu)",
    )
)
#: A number before a street without its word: "tôi ở 25/3 Nguyễn Du". Only before names.
_LIVES = re.compile(rf"\b(?:o|tai|dia chi|ngu tai|nha o|ve)[ :]{{1,3}}(?:so[ ])?{_NUMBER}(?=[ ]+[^\W\d_])")


def house_spans(text: str) -> list[Span]:
    """Return the stretches of a text (NFC) that are house numbers."""
    folded = "".join(fold(letter)[:1] or letter for letter in text)
    found = [_span(match) for pattern in _PATTERNS for match in pattern.finditer(folded)]
    return found + [_span(match) for match in _LIVES.finditer(folded) if _street_follows(text, match.end())]


def _span(match: re.Match[str]) -> Span:
    return Span(match.start("number"), match.end("number"))


def _street_follows(text: str, position: int) -> bool:
    """Tell whether the name of a street follows: two words with capitals, or names of a person."""
    rest = words_of(text[position : position + 60])[:2]
    if len(rest) < 2 or not all(word.before.isspace() for word in rest):
        return False
    one, two = rest
    famous = f"{one.folded}_{two.folded}" in word_list("famous").folded
    named = one.within(word_list("surnames")) and (two.within(word_list("givens")) or two.within(word_list("middles")))
    return famous or named or (one.is_capital and two.is_capital)
