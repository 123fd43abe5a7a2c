"""Fits the search to the tuning questions: first the weights of the parts, then the verdict's coefficients."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from knowledge.cases import Case
from knowledge.ranking import RANKING, TEMPERATURE, Ranking
from knowledge.search import Search, SearchResult
from knowledge.verdict import COEFFICIENTS, Judge, Outcome, verdict_features

ROUNDS = 2
PULL = 0.002
#: A weight of nothing could not be learned again: the parts come weighed.
LEAST, MOST = 0.01, 6.0
#: Not lower: a coin's toss is no answer.
ANSWER = (0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
#: Of the questions no more than this are asked back although their clear answer stands first. People leave when they
#: are asked what they have said; new questions are asked back half again as often as those of the fit.
NEEDLESS_AT_MOST = 0.032
IN_SCOPE = (0.2, 0.25, 0.3, 0.4, 0.5)
#: Not lower: people ask for more that is none of ours than the questions of knowledge/outside hold.
SURELY = (0.7, 0.8, 0.9)
#: Differences of scores: 5, 14, 55 and 200 times as likely (`knowledge.ranking.lead`).
OFFER_WITHIN = (0.5, 0.8, 1.2, 1.6)
#: A special twin nobody named must not win by a word; the tuning questions hold too few such pairs to learn it.
AT_LEAST = {"foreign": 0.5, "special": 0.2}
FITTED = ("phrase", "words", "texts", "dense", "dense_mean", "centre", "act", "foreign", "special", "level", "asked")
FEATURES = (
    "top",
    "margin",
    "margin_third",
    "margin_words",
    "margin_dense",
    "alike",
    "phrase",
    "words",
    "texts",
    "dense",
    "centre",
    "facets",
    "known",
    "covered",
    "missing",
    "terms",
    "story",
    "close",
    "outside",
)


@dataclass(frozen=True)
class _Table:
    """One question's hits: their parts, (n_hits, n_parts), each divided by its weight, and which of them are right."""

    parts: NDArray[np.float64]
    right: NDArray[np.bool_]


def fit_ranking(search: Search, cases: Sequence[Case]) -> Ranking:
    """Return the weights that put right procedures first: softmax cross-entropy over each question's hits.

    A weak pull towards the present weights keeps parts that the questions do not test where they are.
    """
    ranking = search.ranking
    for _ in range(ROUNDS):
        asked = Search(search.index, search.encoder, ranking, leaves_itself_out=True)
        tables = [_table(asked, case, ranking) for case in cases if case.in_scope]
        start = np.array([getattr(ranking, name) for name in FITTED])
        bounds = [(AT_LEAST.get(name, LEAST), MOST) for name in FITTED]
        useful = [table for table in tables if table.right.any()]
        found = minimize(_loss, start, (useful, start), method="L-BFGS-B", jac=True, bounds=bounds)
        ranking = replace(ranking, **{name: round(float(w), 3) for name, w in zip(FITTED, found.x, strict=True)})
    return ranking


def _table(search: Search, case: Case, ranking: Ranking) -> _Table:
    hits = search.find(case.question, limit=25).hits
    parts = [[hit.parts[name] / (getattr(ranking, name) or 1.0) for name in FITTED] for hit in hits]
    right = [hit.procedure.code in case.codes for hit in hits]
    return _Table(np.array(parts).reshape(len(hits), len(FITTED)), np.array(right, dtype=bool))


def _loss(
    weights: NDArray[np.float64], tables: Sequence[_Table], start: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Return the mean cross-entropy of the right ones with the pull, and its gradient."""
    total, gradient = 0.0, np.zeros_like(weights)
    for table in tables:
        scores = table.parts @ weights / TEMPERATURE
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        good = shares[table.right].sum() + 1e-9
        total -= np.log(good)
        gradient += (shares - np.where(table.right, shares / good, 0.0)) @ table.parts / TEMPERATURE
    pulled = weights - start
    n = max(1, len(tables))
    return float(total / n + PULL * (pulled @ pulled)), gradient / n + 2 * PULL * pulled


def fit_verdict(search: Search, cases: Sequence[Case]) -> dict[str, Any]:
    """Return the coefficients of the two logistic models, and the thresholds that serve the tuning questions best."""
    results = [(case, search.find(case.question)) for case in cases]
    rows = np.array([[verdict_features(result)[name] for name in FEATURES] for _, result in results])
    first_right = np.array([_is_clearly_right(case, result) for case, result in results])
    in_scope = np.array([case.in_scope for case, _ in results])
    fitted = {
        "right": _logistic(rows[in_scope], first_right[in_scope], freedom=0.3),
        "in_scope": _logistic(rows, in_scope, freedom=10.0, balanced=True),
    }
    return {**fitted, "thresholds": _thresholds(fitted, results)}


def _is_clearly_right(case: Case, result: SearchResult) -> bool:
    """Tell whether the first hit may be answered with: of a vague request any answer is a guess."""
    return bool(result.hits) and result.hits[0].procedure.code in case.codes and not case.ambiguous


def _logistic(rows: Any, labels: Any, freedom: float, balanced: bool = False) -> dict[str, Any]:
    """freedom: the inverse of the pull of the weights towards zero; chosen by ten-fold cross-validation."""
    weighting = "balanced" if balanced else None
    model = LogisticRegression(C=freedom, class_weight=weighting, max_iter=5000).fit(rows, labels)
    weights = {name: round(float(w), 3) for name, w in zip(FEATURES, model.coef_[0], strict=True)}
    return {"bias": round(float(model.intercept_[0]), 3), "weights": weights}


def _thresholds(fitted: dict[str, Any], results: Sequence[tuple[Case, SearchResult]]) -> dict[str, float]:
    """Return the thresholds of the best worth among those that ask back little; see `_worth` for what counts."""
    grid = itertools.product(ANSWER, IN_SCOPE, SURELY, OFFER_WITHIN)
    names = ("answer", "in_scope", "surely_in_scope", "offer_within")
    choices = [dict(zip(names, values, strict=True)) for values in grid if values[1] <= values[2]]

    def worth(thresholds: dict[str, float]) -> tuple[float, float]:
        judge = Judge({**fitted, "thresholds": thresholds})
        return -max(NEEDLESS_AT_MOST, _needless(judge, results)), _worth(judge, results)

    return max(choices, key=worth)


def _needless(judge: Judge, results: Sequence[tuple[Case, SearchResult]]) -> float:
    """Return the share of the questions in scope that are asked back although their clear answer stands first."""
    asked = [case.in_scope and judge.judge(result, asked=True).outcome is Outcome.AMBIGUOUS for case, result in results]
    clear = [ask and _is_clearly_right(case, result) for ask, (case, result) in zip(asked, results, strict=True)]
    return sum(clear) / max(1, sum(case.in_scope for case, _ in results))


def _worth(judge: Judge, results: Sequence[tuple[Case, SearchResult]]) -> float:
    """Return how well a judge does: the mean worth of a question of ours, and a quarter of that of the others.

    A right outcome counts 1, a needless question 0.4, a wrong procedure costs 1, and a guess where one should have
    asked counts nothing.  Of the others a question back counts half, and an answer costs 5: it is an invention.
    """
    ours, others = [0.0], [0.0]
    for case, result in results:
        verdict = judge.judge(result)
        codes = [hit.procedure.code for hit in verdict.hits]
        if not case.in_scope:
            others.append({Outcome.NOTHING: 1.0, Outcome.AMBIGUOUS: 0.5, Outcome.CLEAR: -5.0}[verdict.outcome])
        elif verdict.outcome is Outcome.CLEAR:
            ours.append((0.0 if case.ambiguous else 1.0) if codes[0] in case.codes else -1.0)
        elif verdict.outcome is Outcome.AMBIGUOUS:
            needless = result.hits[0].procedure.code in case.codes and not case.ambiguous
            ours.append((0.4 if needless else 1.0) if case.codes & set(codes) else -0.2)
        else:
            ours.append(0.0)
    return sum(ours) / len(ours) + 0.25 * sum(others) / len(others)


def write_fit(ranking: Ranking, verdict: dict[str, Any], n_cases: int) -> None:
    """Write both files, saying what they were fitted on."""
    note = f"fitted by `python -m knowledge fit` on {n_cases} tuning questions."
    _write(RANKING, f"# How the parts of a hit's score are weighed; {note}", asdict(ranking))
    _write(COEFFICIENTS, f"# Coefficients of the verdict's two logistic models; {note}", verdict)


def _write(path: Path, head: str, content: dict[str, Any]) -> None:
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    path.write_text(f"{head}\n{text}", encoding="utf8")
