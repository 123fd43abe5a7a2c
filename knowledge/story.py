"""Questions told in several clauses: each is searched by itself, and the scores are put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: How many candidates each channel proposes.
POOL = 70


@dataclass(frozen=True)
class Score:
    """The number of the best passage and the parts of the score of one candidate."""

    passage: int
    parts: Mapping[str, float]


#: How much the whole story, its best clause and the mean of its clauses say about what is asked.
WHOLE, BEST_CLAUSE, MEAN_CLAUSE = 0.25, 0.25, 0.5


def combine(whole: Mapping[int, Score], told: Sequence[Mapping[int, Score]]) -> dict[int, Score]:
    """Return the scores of a story told in several clauses; a clause that misses a candidate counts as a poor one."""
    worst = [sorted(scores.values(), key=total, reverse=True)[:POOL][-1] for scores in (whole, *told)]
    combined = {}
    for place in set(whole).union(*told):
        in_whole = whole.get(place, worst[0])
        in_clauses = [scores.get(place, least) for scores, least in zip(told, worst[1:], strict=True)]
        best = max(in_clauses, key=total)
        names = dict.fromkeys([*in_whole.parts, *best.parts])
        parts = {
            name: WHOLE * in_whole.parts.get(name, 0.0)
            + BEST_CLAUSE * best.parts.get(name, 0.0)
            + MEAN_CLAUSE * sum(score.parts.get(name, 0.0) for score in in_clauses) / len(in_clauses)
            for name in names
        }
        seen = best if any(place in scores for scores in told) else in_whole
        combined[place] = Score(seen.passage, parts)
    return combined


def total(score: Score) -> float:
    return sum(score.parts.values())
