"""Fits the search to the tuning questions: first the weights of the parts, then the verdict's coefficients."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from knowledge.cases import Case
from knowledge.search import RANKING, Ranking, Search, SearchResult
from knowledge.verdict import COEFFICIENTS, Judge, Outcome, verdict_features

ROUNDS = 3
TEMPERATURE = 0.15
PULL = 0.05
#: Not lower: the tuning questions hold too few vague requests to learn it. "giấy tờ để xin giấy xác nhận", which four
#: procedures fit alike, is .82 sure.
ANSWER = (0.83, 0.85, 0.87, 0.9)
IN_SCOPE = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
SURELY = (0.3, 0.5, 0.6, 0.7, 0.8)
OFFER_WITHIN = (0.5, 0.8, 1.2, 1.6)
#: A special twin nobody named must not win by a word; the tuning questions hold too few such pairs to learn it.
AT_LEAST = {"foreign": 0.5, "special": 0.2}
FITTED = ("phrase", "words", "texts", "dense", "dense_mean", "centre", "act", "foreign", "special", "level", "asked")
FEATURES = (
    "top",
    "margin",
    "margin_third",
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


def fit_ranking(search: Search, cases: Sequence[Case]) -> Ranking:
    """Return the weights that put right procedures first: softmax cross-entropy over each question's hits.

    A weak pull towards the present weights keeps parts that the questions do not test where they are.
    """
    ranking = search.ranking
    for _ in range(ROUNDS):
        search = Search(search.index, search.encoder, ranking, leaves_itself_out=True)
        tables = [table for case in cases if case.in_scope and (table := _parts_table(search, case, ranking))]
        start = np.array([getattr(ranking, name) for name in FITTED])

        def loss(weights: Any, tables: Any = tables, start: Any = start) -> float:
            total = 0.0
            for parts, right in tables:
                scores = parts @ weights / TEMPERATURE
                scores -= scores.max()
                shares = np.exp(scores)
                total -= np.log(shares[right].sum() / shares.sum() + 1e-9)
            return float(total / len(tables) + PULL * np.sum((weights - start) ** 2))

        bounds = [(AT_LEAST.get(name, 0.0), 3.0) for name in FITTED]
        found = minimize(loss, start, method="L-BFGS-B", bounds=bounds)
        ranking = replace(ranking, **{name: round(float(w), 3) for name, w in zip(FITTED, found.x, strict=True)})
    return ranking


def _parts_table(search: Search, case: Case, ranking: Ranking) -> tuple[Any, Any] | None:
    """Return (parts divided by their weights, which rows are right) of one question's hits; None when none is."""
    hits = search.find(case.question, limit=25).hits
    right = np.array([hit.procedure.code in case.codes for hit in hits])
    if not right.any():
        return None
    parts = np.array([[hit.parts[name] / (getattr(ranking, name) or 1.0) for name in FITTED] for hit in hits])
    return parts, right


def fit_verdict(search: Search, cases: Sequence[Case]) -> dict[str, Any]:
    """Return the coefficients of the two logistic models, and the thresholds that serve the tuning questions best."""
    results = [(case, search.find(case.question)) for case in cases]
    rows = np.array([[verdict_features(result)[name] for name in FEATURES] for _, result in results])
    first_right = np.array([bool(r.hits) and r.hits[0].procedure.code in case.codes for case, r in results])
    in_scope = np.array([case.in_scope for case, _ in results])
    fitted = {
        "right": _logistic(rows[in_scope], first_right[in_scope]),
        "in_scope": _logistic(rows, in_scope, balanced=True),
    }
    return {**fitted, "thresholds": _thresholds(fitted, results)}


def _logistic(rows: Any, labels: Any, balanced: bool = False) -> dict[str, Any]:
    weighting = "balanced" if balanced else None
    model = LogisticRegression(C=1.0, class_weight=weighting, max_iter=5000).fit(rows, labels)
    weights = {name: round(float(w), 3) for name, w in zip(FEATURES, model.coef_[0], strict=True)}
    return {"bias": round(float(model.intercept_[0]), 3), "weights": weights}


def _thresholds(fitted: dict[str, Any], results: Sequence[tuple[Case, SearchResult]]) -> dict[str, float]:
    """Return the thresholds with the best worth; see `_worth` for what counts how much."""
    grid = itertools.product(ANSWER, IN_SCOPE, SURELY, OFFER_WITHIN)
    names = ("answer", "in_scope", "surely_in_scope", "offer_within")
    choices = [dict(zip(names, values, strict=True)) for values in grid if values[1] <= values[2]]
    return max(choices, key=lambda thresholds: _worth(Judge({**fitted, "thresholds": thresholds}), results))


def _worth(judge: Judge, results: Sequence[tuple[Case, SearchResult]]) -> float:
    """Return how well a judge does: the mean worth of a question of ours, and a quarter of that of the others.

    A right outcome counts 1, a needless question 0.4, a wrong procedure costs 1.  Of the others a question back counts
    half, and an answer costs 5: it is an invention.
    """
    ours, others = [0.0], [0.0]
    for case, result in results:
        verdict = judge.judge(result)
        codes = [hit.procedure.code for hit in verdict.hits]
        if not case.in_scope:
            others.append({Outcome.NOTHING: 1.0, Outcome.AMBIGUOUS: 0.5, Outcome.CLEAR: -5.0}[verdict.outcome])
        elif verdict.outcome is Outcome.CLEAR:
            ours.append(1.0 if codes[0] in case.codes else -1.0)
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
