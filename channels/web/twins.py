"""Near twins of a procedure (thủ tục dễ nhầm), and the attributes in which they differ from it.

Two procedures are near when their titles share most of their words within one field, when one title holds the
whole of the other, or when people call both by the same name (aliases that differ in the act only).
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import yaml

from channels.web.labels import ACT_WORDS, ONLINE_WORDS, Piece, highlight, level_words, who_words
from knowledge.attributes import ATTRIBUTES
from knowledge.model import Procedure
from knowledge.question import QuestionReader
from knowledge.vietnamese import folded_syllables

MIN_OVERLAP = 0.6
MIN_SHARED_WORDS = 3
MIN_STEM = 2
MAX_TWINS = 4
#: What one reason for being near adds to the overlap of the titles (0-1) when the nearest are picked.
_BONUS = 0.2
#: A name shared by more procedures than this tells nothing.
_MAX_SHARING = 6

Stem = frozenset[str]


@dataclass(frozen=True)
class Trait:
    """One attribute of a procedure in words; `differs` from the procedure that the page is about."""

    name: str
    value: str
    differs: bool


@dataclass(frozen=True)
class Compared:
    """A procedure beside its twins; the words of its title that the page's own title lacks are marked."""

    procedure: Procedure
    title: tuple[Piece, ...]
    traits: tuple[Trait, ...]


class Twins:
    """Finds the near twins within one catalogue; all at the first question, once. Thread-safe."""

    def __init__(self, procedures: Iterable[Procedure]) -> None:
        self._procedures = {procedure.code: procedure for procedure in procedures}
        self._near: Mapping[str, Mapping[str, float]] | None = None
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Find all twins now, so that nobody's first page waits for it. CPU work: call it in a thread."""
        self._all_near()

    def prepare(self, procedures: Iterable[Procedure]) -> Callable[[], None]:
        """Find the twins of another catalogue and return what puts them in place of these."""
        new = Twins(procedures)
        new.warm()

        def put() -> None:
            with self._lock:
                self._procedures, self._near = new._procedures, new._near

        return put

    def of(self, procedure: Procedure, limit: int = MAX_TWINS) -> tuple[Procedure, ...]:
        """Return the near twins, nearest first."""
        near = self._all_near().get(procedure.code, {})
        codes = sorted(near, key=lambda code: (-near[code], code))
        return tuple(self._procedures[code] for code in codes[:limit])

    def _all_near(self) -> Mapping[str, Mapping[str, float]]:
        with self._lock:
            if self._near is None:
                self._near = _find_near(list(self._procedures.values()))
            return self._near


def compare(procedure: Procedure, twins: Sequence[Procedure]) -> tuple[Compared, ...]:
    """Return the procedure and its twins side by side, with the attributes in which any of them differs.

    The procedure itself comes first. Empty when there are no twins.
    """
    if not twins:
        return ()
    telling = [(name, read) for name, read in _TRAITS.items() if any(read(twin) != read(procedure) for twin in twins)]
    own_words = set(folded_syllables(procedure.title))
    return tuple(
        Compared(
            one,
            highlight(one.title, set(folded_syllables(one.title)) - own_words),
            tuple(Trait(name, read(one), read(one) != read(procedure)) for name, read in telling),
        )
        for one in (procedure, *twins)
    )


def _foreign(procedure: Procedure) -> str:
    return "có" if procedure.facets.foreign else "không"


_TRAITS: Mapping[str, Callable[[Procedure], str]] = {
    "Việc": lambda one: ACT_WORDS[one.facets.act],
    "Trường hợp": lambda one: one.facets.special or "thông thường",
    "Yếu tố nước ngoài": _foreign,
    "Dành cho": lambda one: who_words(one) or "không phân biệt",
    "Nơi giải quyết": lambda one: level_words(one) or "nguồn không nêu",
    "Nộp qua mạng": lambda one: ONLINE_WORDS[one.online],
}


def _find_near(procedures: Sequence[Procedure]) -> Mapping[str, Mapping[str, float]]:
    near: dict[str, dict[str, float]] = defaultdict(dict)
    words = {procedure.code: frozenset(folded_syllables(procedure.title)) for procedure in procedures}
    named_alike = _named_alike(procedures)
    by_field: dict[str, list[str]] = defaultdict(list)
    for procedure in procedures:
        by_field[procedure.field].append(procedure.code)
    pairs = {pair for codes in by_field.values() for pair in combinations(sorted(codes), 2)}
    for one, other in sorted(pairs | named_alike):
        nearness = _nearness(words[one], words[other], (one, other) in named_alike, (one, other) in pairs)
        if nearness:
            near[one][other] = near[other][one] = nearness
    return near


def _nearness(one: Stem, other: Stem, same_name: bool, same_field: bool) -> float:
    """Return how near two titles are; 0.0 = not near."""
    shared = len(one & other)
    overlap = shared / len(one | other) if shared else 0.0
    held = same_field and shared >= MIN_SHARED_WORDS and shared == min(len(one), len(other))
    if not (same_name or held or (same_field and overlap >= MIN_OVERLAP)):
        return 0.0
    return overlap + _BONUS * held + _BONUS * same_name


def _named_alike(procedures: Sequence[Procedure]) -> set[tuple[str, str]]:
    """Return the pairs of codes (ascending) that people call by the same name, the act left out."""
    stems = _Stems()
    sharing: dict[Stem, set[str]] = defaultdict(set)
    for procedure in procedures:
        for name in (procedure.short_title, *procedure.also_called):
            stem = stems.of(name)
            if len(stem) >= MIN_STEM:
                sharing[stem].add(procedure.code)
    return {pair for codes in sharing.values() if len(codes) <= _MAX_SHARING for pair in combinations(sorted(codes), 2)}


class _Stems:
    """Takes the frame and the act out of a name: "mất bằng lái xe xin lại" → {lai, xe, …}."""

    def __init__(self, attributes: Path = ATTRIBUTES) -> None:
        lists = yaml.safe_load(attributes.read_text(encoding="utf8"))
        phrases = [phrase for words in lists["acts"].values() for phrase in words] + lists["foreign"]
        phrases += ["cấp mới", "đăng ký", "cấp", "đổi", "làm", "xin"]
        unique = {tuple(folded_syllables(phrase)) for phrase in phrases}
        self._phrases: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for phrase in sorted(unique, key=len, reverse=True):
            self._phrases[phrase[0]].append(phrase)
        self._reader = QuestionReader()

    def of(self, name: str) -> Stem:
        terms = self._reader.read(name).terms
        kept: list[str] = []
        position = 0
        while position < len(terms):
            phrases = self._phrases.get(terms[position], [])
            phrase = next((p for p in phrases if terms[position : position + len(p)] == p), None)
            if phrase is None:
                kept.append(terms[position])
            position += len(phrase) if phrase else 1
        return frozenset(kept)
