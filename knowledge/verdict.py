"""How sure one may be of a search: answer, ask back, or say that nothing fits.

Two small logistic models read a handful of score features. Their coefficients stand in `verdict.yml`, fitted by
`python -m knowledge fit` on the tuning questions of tests/search_cases.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from knowledge.elsewhere import Elsewhere
from knowledge.ranking import lead
from knowledge.search import SearchHit, SearchResult

COEFFICIENTS = Path(__file__).parent / "verdict.yml"
MAX_CHOICES = 4
#: Of the first hits, those at least a quarter as likely as the best one are counted as a feature.
CLOSE_WITHIN, CLOSE_HITS = lead(4), 6
#: The parts that read the words, and those that read the meaning.
CHANNELS = {"words": ("phrase", "words", "texts"), "dense": ("dense", "dense_mean", "centre")}
#: The thresholds of scope for what the intent classifier takes for a question to an office; chosen on the tuning
#: questions and knowledge/outside together with the classifier's word; the first was raised from .1 by counts on the
#: untouched ones too (4 of ours and 5 that are none of ours lay between).
ASKED_IN_SCOPE, ASKED_SURELY = 0.15, 0.3
#: Another office's procedure that fits better than ours is named from these on: by its score, by how far it is ahead,
#: and by how much of the question it says. Below them nothing is said of it: something is near to any question.
RIVAL_SCORE, RIVAL_AHEAD, RIVAL_COVERED = 6.5, 1.0, 0.6


class Outcome(str, Enum):
    """What to do with a search result."""

    CLEAR = "clear"
    AMBIGUOUS = "ambiguous"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Verdict:
    """The outcome with its two probabilities, and the hits to answer with (one) or to offer (up to four).

    elsewhere: when nothing of ours fits, the procedure of another office that is asked for.
    """

    outcome: Outcome
    hits: tuple[SearchHit, ...]
    p_right: float
    p_in_scope: float
    elsewhere: Elsewhere | None = None


def verdict_features(result: SearchResult) -> dict[str, float]:
    """Return the features that the models read; all are small numbers, comparable between questions."""
    first = result.hits[0] if result.hits else None
    second = result.hits[1] if len(result.hits) > 1 else None
    third = result.hits[2] if len(result.hits) > 2 else None
    top = first.score if first else 0.0
    parts: Mapping[str, float] = first.parts if first else {}
    close = sum(hit.score >= top - CLOSE_WITHIN for hit in result.hits[1:CLOSE_HITS])
    return {
        "top": top,
        "margin": top - (second.score if second else 0.0),
        "margin_third": top - (third.score if third else 0.0),
        **{name: parts.get(name, 0.0) for name in ("phrase", "words", "texts", "dense", "centre")},
        **{f"margin_{channel}": _margin(result.hits, names) for channel, names in CHANNELS.items()},
        "alike": math.log2(1 + min(result.alike, 255)) / 8,
        "facets": sum(parts.get(name, 0.0) for name in ("act", "foreign", "special", "level")),
        "known": result.known_share,
        "covered": result.covered,
        "missing": result.rarest_missing,
        "terms": min(len(result.question.terms), 8) / 8,
        "story": min(len(result.question.terms), 40) / 40,
        "close": close / CLOSE_HITS,
        "outside": result.outside,
    }


def _margin(hits: Sequence[SearchHit], names: Sequence[str]) -> float:
    """Return how far the first hit is ahead of the best other one by these parts alone; below 0 when it is not."""
    sums = [sum(hit.parts.get(name, 0.0) for name in names) for hit in hits]
    return sums[0] - max(sums[1:], default=0.0) if sums else 0.0


@dataclass(frozen=True)
class _Logistic:
    bias: float
    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        total = self.bias + sum(weight * features[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


class Judge:
    """Turns a search result into a verdict, with the coefficients of verdict.yml."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self._right = _Logistic(stored["right"]["bias"], stored["right"]["weights"])
        self._in_scope = _Logistic(stored["in_scope"]["bias"], stored["in_scope"]["weights"])
        self._answer_from: float = stored["thresholds"]["answer"]
        self._in_scope_from: float = stored["thresholds"]["in_scope"]
        self._surely_from: float = stored["thresholds"]["surely_in_scope"]
        self._offer_within: float = stored["thresholds"]["offer_within"]

    @classmethod
    def load(cls, path: Path = COEFFICIENTS) -> Judge:
        return cls(yaml.safe_load(path.read_text(encoding="utf8")))

    def judge(self, result: SearchResult, asked: bool = False) -> Verdict:
        """Return the verdict; `hits` is empty when nothing fits.

        asked: whoever reads the words knows them for a question to an office; then less certainty suffices.
        """
        if not result.hits:
            return Verdict(Outcome.NOTHING, (), 0.0, 0.0, named_rival(result))
        features = verdict_features(result)
        right, in_scope = self._right.probability(features), self._in_scope.probability(features)
        is_theirs = result.rival is not None and result.rival.ahead > 0
        if is_theirs or in_scope < (min(ASKED_IN_SCOPE, self._in_scope_from) if asked else self._in_scope_from):
            return Verdict(Outcome.NOTHING, (), right, in_scope, named_rival(result))
        first, *others = (hit for hit in result.hits if hit.score >= result.hits[0].score - self._offer_within)
        alone = all(map(_is_unnamed_special, others))  # the next ones are special cases that nobody named
        surely_from = min(ASKED_SURELY, self._surely_from) if asked else self._surely_from
        if in_scope >= surely_from and (right >= self._answer_from or alone):
            return Verdict(Outcome.CLEAR, result.hits[:1], right, in_scope)
        # Cases that nobody named come last: people leave out that the father is a foreigner.
        offered = sorted([first, *others][:MAX_CHOICES], key=lambda hit: hit is not first and _is_unnamed(hit))
        return Verdict(Outcome.AMBIGUOUS, tuple(offered if others else result.hits[:2]), right, in_scope)


def named_rival(result: SearchResult) -> Elsewhere | None:
    """Return the procedure of another office that a question asks for, where one can tell."""
    rival = result.rival
    if rival is None or rival.score < RIVAL_SCORE or rival.ahead < RIVAL_AHEAD or rival.covered < RIVAL_COVERED:
        return None
    return rival.entry


def _is_unnamed_special(hit: SearchHit) -> bool:
    """Tell whether a hit is for a special case (a foreign element, a mobile registration …) nobody mentioned."""
    return hit.parts.get("foreign", 0.0) < 0 or hit.parts.get("special", 0.0) < 0


def _is_unnamed(hit: SearchHit) -> bool:
    """Tell whether a hit is for an act (closing, changing …) or a special case that the question does not name."""
    return hit.parts.get("act", 0.0) < 0 or _is_unnamed_special(hit)
