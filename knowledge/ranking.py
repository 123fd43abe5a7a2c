"""How the parts of a hit's score are weighed, and what a difference of scores means."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import yaml

RANKING = Path(__file__).parent / "ranking.yml"
#: What scores mean: a hit ahead of another by this much is e times as likely to be the right one. The fit of the
#: weights (fitting.py) holds scores to this scale, so that a difference means the same after every fit.
TEMPERATURE = 0.3


def lead(odds: float) -> float:
    """Return how far ahead, in score, a hit is that is `odds` times as likely to be the right one as another."""
    return TEMPERATURE * math.log(odds)


@dataclass(frozen=True)
class Ranking:
    """The weights of the parts; fitted by `python -m knowledge fit` on the tuning questions.

    phrase: tf-idf cosine with the best passage.  words, texts: BM25 and cosine with all passages of a procedure
    together.  dense, dense_mean, centre: the encoder's cosine with the best passage, the mean of the three best, the
    centre of all.  act, foreign, special, level: see attributes.py.  asked: for the essential services.
    """

    phrase: float
    words: float
    texts: float
    dense: float
    dense_mean: float
    centre: float
    act: float
    foreign: float
    special: float
    level: float
    asked: float

    @classmethod
    def load(cls, path: Path = RANKING) -> Ranking:
        return cls(**yaml.safe_load(path.read_text(encoding="utf8")))
