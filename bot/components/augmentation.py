"""Makes further training sentences: without diacritics, and with other procedures' names."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.vietnamese import fold, has_diacritics, nfc


class Example(NamedTuple):
    """An example of nlu_data; `weight` is how much it counts beside one of the others."""

    text: str
    intent: str
    weight: float = 1.0


@dataclass(frozen=True)
class Sentence:
    """A training sentence; `origin` numbers the written sentence that it was made from."""

    text: str
    intent: str
    weight: float
    origin: int


def augment(
    written: Sequence[Example], names: Sequence[str], swaps: int, fixed: frozenset[str], seed: int = 7
) -> list[Sentence]:
    """Return the written sentences and their variants.

    names: procedure names as citizens say them; one found in a sentence is swapped for others, so that
    the kind of question does not hang on the procedure. fixed: intents whose procedure matters.
    """
    chooser = random.Random(seed)
    pattern = _pattern_of(names)
    sentences: list[Sentence] = []
    for origin, (text, intent, counts) in enumerate(written):
        variants = [(nfc(text), counts)]
        if pattern is not None and intent not in fixed:
            variants += [(variant, 0.5 * counts) for variant in _swapped(nfc(text), pattern, names, swaps, chooser)]
        for variant, weight in variants:
            sentences.append(Sentence(variant, intent, weight, origin))
            if has_diacritics(variant):
                sentences.append(Sentence(fold(variant), intent, weight * 0.7, origin))
    return sentences


def named_matters(
    names: Sequence[str], intent: str, weight: float, first_origin: int, but: frozenset[str] = frozenset()
) -> list[Sentence]:
    """Return names of procedures as sentences of one intent, as written and without diacritics.

    Whoever names a matter of ours asks for it: without these, a word that the written examples lack ("giàn giáo")
    could be taken for an emergency or for gossip. but: names to leave out.
    """
    sentences: list[Sentence] = []
    for number, name in enumerate(name for name in names if name not in but):
        origin = first_origin + number
        sentences.append(Sentence(nfc(name), intent, weight, origin))
        if has_diacritics(name):
            sentences.append(Sentence(fold(name), intent, weight * 0.7, origin))
    return sentences


def _pattern_of(names: Sequence[str]) -> re.Pattern[str] | None:
    spellings = {spelling for name in names for spelling in (nfc(name).lower(), fold(name))}
    if not spellings:
        return None
    longest_first = sorted(map(re.escape, spellings), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE)


def _swapped(
    text: str, pattern: re.Pattern[str], names: Sequence[str], swaps: int, chooser: random.Random
) -> list[str]:
    match = pattern.search(text)
    if match is None:
        return []
    others = chooser.sample(list(names), min(swaps, len(names)))
    plain = not has_diacritics(match.group())
    return [text[: match.start()] + (fold(name) if plain else name) + text[match.end() :] for name in others]
