"""How a message bears on the procedure under discussion: it goes on about it, or begins another matter.

"Tiền mai táng thì sao" after a death registration is another matter, "ông nằm liệt giường" after a will is not, and
"giấy sắp hết hạn" is the extension of what was talked about. The search is asked twice: for the message alone, and for
the message together with the procedure's name. What both find, and the signs of `talk_signs`, are weighed by a small
logistic model that `python -m actions.bearing_fitting` fits to tests/talk_cases/tuning.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from actions.talk_signs import TalkSigns
from knowledge.elsewhere import Elsewhere
from knowledge.model import Procedure
from knowledge.question import LIGHT_SYLLABLES
from knowledge.ranking import lead
from knowledge.search import SearchHit, SearchResult, held_words
from knowledge.verdict import Outcome, Verdict

COEFFICIENTS = Path(__file__).parent / "bearing.yml"
#: How many hits each of the two searches gives; one that is not among them counts as a little worse than the last.
DEEP = 30
_ABSENT = 0.5
#: Between these nobody can tell: the person is asked.
MOVES_BELOW, STAYS_FROM = 0.42, 0.58
#: A new matter is answered when it is this far ahead of the next one, else up to four are offered. The sum of two
#: searches counts most evidence twice: of the told talks ahead by less than 1.6 some .6 are right, of the others .95.
CLEAR_FROM, OFFER_WITHIN = lead(200), lead(3000)
#: A name holds all words of a message, and the search takes it for one of ours.
SAYS_IT_ALL, SURELY_OURS, RATHER_RIGHT = 0.95, 0.95, 0.75
_SIGNS = ("must", "no", "wants", "befalls")
_ENDINGS = ("may", "no", "then_what", "done_then_what")
_OPENINGS = ("if", "and_also")
_KINDS = ("documents", "eligibility", "place")


@dataclass(frozen=True)
class Bearing:
    """The judgement of one message.

    stays: how likely it goes on about the procedure under discussion, 0 to 1.  names_it: it names that procedure.
    others: the procedures it may be about else, best first.  clear: the first of them is far ahead.  alone: what the
    search finds for the message by itself.  elsewhere: the procedure of another office that it asks for by itself.
    """

    stays: float
    names_it: bool
    others: tuple[SearchHit, ...]
    clear: bool
    alone: SearchResult
    elsewhere: Elsewhere | None = None

    @property
    def is_theirs(self) -> bool:
        """Tell whether another office's procedure fits the message by itself better than any of ours, named or not."""
        return self.alone.rival is not None and self.alone.rival.ahead > 0


@dataclass(frozen=True)
class Heard:
    """What is known of a message in a talk.

    alone, verdict: what the search finds for it by itself, and its judgement.  together: for the message with the name
    of the procedure under discussion.  told: how many papers and conditions of that procedure share its words.
    """

    signs: TalkSigns
    alone: SearchResult
    verdict: Verdict
    together: SearchResult
    told: int = 0


class BearingModel:
    """The fitted weights. Thread-safe."""

    def __init__(self, bias: float, weights: Mapping[str, float]) -> None:
        self.bias = bias
        self.weights = weights

    @classmethod
    def load(cls, path: Path = COEFFICIENTS) -> BearingModel:
        stored = yaml.safe_load(path.read_text(encoding="utf8"))
        return cls(stored["bias"], stored["weights"])

    def weigh(self, heard: Heard, current: Procedure) -> Bearing:
        """Return how a message bears on `current`."""
        alone, verdict, together = heard.alone, heard.verdict, heard.together
        found = features(heard, current.code)
        total = self.bias + sum(weight * found.get(name, 0.0) for name, weight in self.weights.items())
        ranked = combined(alone, together)
        others = [hit for hit in ranked if hit.procedure.code != current.code]
        best = others[0].score if others else 0.0
        near = tuple(hit for hit in others if hit.score >= best - OFFER_WITHIN)
        names_it = verdict.outcome is Outcome.CLEAR and verdict.hits[0].procedure.code == current.code
        clear = len(others) < 2 or others[1].score <= best - CLEAR_FROM
        if names_another(heard, current.code):
            return Bearing(0.0, False, verdict.hits[:1], True, alone)
        stays = 1 / (1 + math.exp(-_clip(total, -30, 30)))
        return Bearing(stays, names_it, near, clear, alone, verdict.elsewhere)


def combined(alone: SearchResult, together: SearchResult) -> list[SearchHit]:
    """Return the hits of both searches by the sum of their scores (log odds), best first."""
    hits = {hit.procedure.code: hit for result in (alone, together) for hit in result.hits}
    sums = {code: _score(alone, code) + _score(together, code) for code in hits}
    ranked = sorted(hits, key=lambda code: (-sums[code], code))
    return [SearchHit(hits[code].item, hits[code].passage, sums[code], hits[code].parts) for code in ranked]


def features(heard: Heard, current: str) -> dict[str, float]:
    """Return what the model reads; small numbers, 0 when absent."""
    signs, alone, verdict, together = heard.signs, heard.alone, heard.verdict, heard.together
    words = [term for term in alone.question.terms if term not in LIGHT_SYLLABLES]
    first = [result.hits[0].procedure.code for result in (alone, together) if result.hits]
    return {
        "gap_together": _clip(_best_other(together, current) - _score(together, current), -6, 6),
        "gap_alone": _clip(_best_other(alone, current) - _score(alone, current), -2, 8),
        "top_alone": _best_other(alone, current) / 10,
        "right": _log_odds(verdict.p_right),
        "scope": _log_odds(verdict.p_in_scope),
        "clear": float(verdict.outcome is Outcome.CLEAR),
        "covered": alone.covered,
        "missing": alone.rarest_missing,
        "outside": alone.outside,
        "rival": _clip(alone.rival.ahead, -3, 3) if alone.rival else -3.0,
        "words": min(len(words), 8) / 8,
        "syllables": min(len(signs.syllables), 20) / 20,
        "found_alone": float(any(hit.procedure.code == current for hit in alone.hits)),
        "told": min(heard.told, 2) / 2,
        "same_first": float(len(first) == 2 and first[0] == first[1]),
        "kind": float(bool(signs.kinds)),
        "beside_kinds": min(signs.beside, 12) / 12,
        **{f"kind_{kind}": float(kind in signs.kinds) for kind in _KINDS},
        **{f"has_{label}": float(label in signs.labels) for label in _SIGNS},
        **{f"ends_{label}": float(signs.ending == label) for label in _ENDINGS},
        **{f"opens_{label}": float(signs.opening == label) for label in _OPENINGS},
        **{f"says_{syllable}": 0.5 for syllable in signs.syllables},
    }


def names_another(heard: Heard, current: str) -> bool:
    """Tell whether a message names another procedure, whatever its shape: by its full name, or for both searches.

    "Nếu …" never does: it tells a case of what is talked about.
    """
    first = heard.verdict.hits[0] if heard.verdict.outcome is Outcome.CLEAR else None
    if first is None or first.procedure.code == current or heard.signs.opening == "if":
        return False
    right, ours = heard.verdict.p_right, heard.verdict.p_in_scope
    by_name = heard.signs.ending not in _ENDINGS and held_words(first, heard.alone.question) >= SAYS_IT_ALL
    if heard.signs.kinds and right < RATHER_RIGHT:
        return False  # "bao lâu có sổ mới" asks for a time, whatever has a new deed in its name
    best = heard.together.hits[0].procedure.code if heard.together.hits else ""
    return ours >= SURELY_OURS and (by_name or (best == first.procedure.code and right >= RATHER_RIGHT))


def _score(result: SearchResult, code: str) -> float:
    scores: dict[str, float] = {hit.procedure.code: hit.score for hit in result.hits}
    return scores[code] if code in scores else min(scores.values(), default=_ABSENT) - _ABSENT


def _best_other(result: SearchResult, current: str) -> float:
    return max((hit.score for hit in result.hits if hit.procedure.code != current), default=0.0)


def _log_odds(probability: float) -> float:
    bounded = _clip(probability, 0.01, 0.99)
    return math.log(bounded / (1 - bounded))


def _clip(value: float, least: float, most: float) -> float:
    return max(least, min(most, value))
