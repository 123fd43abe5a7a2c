"""Attributes that a question names: the act (làm lại, đổi, gia hạn …), a foreign element, the level, police or army.

They are read off words of the question and compared with a procedure's facets, so that "mất … xin lại" prefers
cấp lại over cấp mới, and an ordinary question does not land on the special twin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

from knowledge.model import Act, Level, Procedure
from knowledge.vietnamese import classic_tones, fold, folded_syllables, nfc, syllables

ATTRIBUTES = Path(__file__).parent / "attributes.yml"


@dataclass(frozen=True)
class Named:
    """What a question names; empty or None = it says nothing about it."""

    acts: frozenset[Act]
    foreign: bool
    level: Level | None
    insider: bool = False


class AttributeReader:
    """Finds the attribute words of `attributes.yml` in a text.

    A word is found as written, or written without marks when it has two syllables or more: "lao" alone is work as
    often as it is Laos, "ho so" is no department (sở).
    """

    def __init__(self, path: Path = ATTRIBUTES) -> None:
        lists = yaml.safe_load(path.read_text(encoding="utf8"))
        self._acts = {Act(name): _read(words) for name, words in lists["acts"].items()}
        self._foreign = _read(lists["foreign"])
        self._levels = {Level(name): _read(words) for name, words in lists["levels"].items()}
        self._insiders = _read(lists["insiders"]["named"])

    def read(self, text: str) -> Named:
        """Return what the text names."""
        typed = syllables(classic_tones(nfc(text)))
        acts = frozenset(act for act, words in self._acts.items() if words.stand_in(typed))
        level = next((level for level, words in self._levels.items() if words.stand_in(typed)), None)
        return Named(acts, self._foreign.stand_in(typed), level, self._insiders.stand_in(typed))


#: The parts that `fit` returns.
FACETS = ("act", "foreign", "special", "level")
#: Up to this many syllables every word is about the matter; in a longer story act words mean less.
SHORT = 7
#: What speaks against a procedure only for the police or the army when the question names neither.
FOR_INSIDERS = -5.0
#: What speaks against an office in another country when the question names none.
ABROAD_UNNAMED = -3.0
#: Acts that a person who wants them says; an unnamed act is the ordinary one ("đăng ký hộ kinh doanh" is no ending).
_MUST_BE_NAMED = frozenset(
    {Act.REISSUE, Act.EXCHANGE, Act.EXTEND, Act.CHANGE, Act.CORRECT, Act.SUSPEND, Act.RESUME, Act.CANCEL, Act.REVOKE}
    | {Act.REGISTER_AGAIN, Act.RENEW}
)


def fit(named: Named, procedure: Procedure, terms: Sequence[str]) -> Mapping[str, float]:
    """Return how a procedure's facets fit the question: parts between -1 (against) and 1 (for), 0 = no word on it.

    What only the police or the army may use counts five times against whoever names neither.
    """
    facets = procedure.facets
    parts = dict.fromkeys(FACETS, 0.0)
    in_a_story = min(1.0, SHORT / max(len(terms), 1))
    if named.acts:
        parts["act"] = (1.0 if facets.act in named.acts else -0.5) * in_a_story
    elif facets.act in _MUST_BE_NAMED:
        parts["act"] = -0.5 * in_a_story
    if facets.foreign is True:
        parts["foreign"] = 0.5 if named.foreign else -1.0
    elif facets.foreign is False and named.foreign:
        parts["foreign"] = -1.0
    if facets.special:
        words = _special_words(facets.special, procedure.field)
        said = len(words.intersection(terms)) / max(len(words), 1)
        parts["special"] = said - 1.0 if said < 0.5 else said / 2
        if not named.insider and _is_for_insiders(facets.special):
            parts["special"] = FOR_INSIDERS
    if named.level is not None:
        parts["level"] = 0.5 if named.level in procedure.levels else -1.0
    elif Level.COMMUNE in procedure.levels:
        parts["level"] = 0.25
    return parts


def fit_elsewhere(named: Named, theirs: Named, abroad: bool) -> Mapping[str, float]:
    """Return how a procedure of another office fits the question, as `fit` does for ours.

    theirs: what its title names.  abroad: an office in another country handles it; who says nothing of one is at home.
    """
    parts = dict.fromkeys(("act", "foreign"), 0.0)
    if named.acts and theirs.acts:
        parts["act"] = 1.0 if named.acts & theirs.acts else -0.5
    elif theirs.acts & _MUST_BE_NAMED:
        parts["act"] = -0.5
    if abroad:
        parts["foreign"] = 0.5 if named.foreign else ABROAD_UNNAMED
    return parts


@cache
def _insider_words() -> tuple[str, ...]:
    return tuple(yaml.safe_load(ATTRIBUTES.read_text(encoding="utf8"))["insiders"]["special"])


@lru_cache(maxsize=8192)
def _is_for_insiders(special: str) -> bool:
    return any(words in special for words in _insider_words())


@lru_cache(maxsize=8192)
def _special_words(special: str, field: str) -> frozenset[str]:
    return frozenset(folded_syllables(special)) - frozenset(folded_syllables(field))


@dataclass(frozen=True)
class _Words:
    """Written words by their first syllable, with and without marks: most of a message begins none of them."""

    by_first: Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]

    def stand_in(self, typed: Sequence[str]) -> bool:
        """Tell whether one of the words stands in the syllables of a text."""
        return any(
            _is(typed[start : start + len(word)], word, plain)
            for start, first in enumerate(typed)
            for word, plain in self.by_first.get(first, ())
        )


def _read(words: Sequence[str]) -> _Words:
    by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for written in words:
        word = tuple(syllables(classic_tones(nfc(written))))
        plain = tuple(fold(syllable) for syllable in word)
        for first in {word[0], plain[0]}:
            by_first.setdefault(first, []).append((word, plain))
    return _Words({first: tuple(found) for first, found in by_first.items()})


def _is(typed: Sequence[str], word: tuple[str, ...], plain: tuple[str, ...]) -> bool:
    if len(typed) < len(word):
        return False
    if tuple(typed) == word:
        return True
    return len(word) > 1 and all(
        one in choice for one, choice in zip(typed, zip(word, plain, strict=True), strict=True)
    )
