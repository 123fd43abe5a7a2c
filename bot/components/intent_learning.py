"""Learns the kinds of question from what is written: a linear support vector machine, calibrated."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.svm import LinearSVC

from bot.components.augmentation import Example, Sentence, augment, named_matters
from bot.components.catalogue_names import read_catalogue_names
from bot.components.features import Vocabulary
from bot.components.intent_model import IntentModel, Phrases
from bot.components.kind_extractor import read_phrases, read_signs

#: Where a name of a procedure is taken for one of the fixed intents, it is left out of the examples from here on.
_SOUNDS_LIKE = 0.5
#: An n-gram whose weight stays below this for every intent is forgotten.
_SLIGHT = 0.02


def learn(
    sentences: Sequence[Sentence],
    phrases: Phrases,
    penalty: float,
    folds: int,
    min_count: int = 1,
) -> IntentModel:
    """Return the model of some sentences."""
    reader = phrases.reader()
    groups = [reader.read(sentence.text) for sentence in sentences]
    labels = np.array([sentence.intent for sentence in sentences])
    sample_weights = np.array([sentence.weight for sentence in sentences])
    origins = np.array([sentence.origin for sentence in sentences])
    vocabulary = Vocabulary.learn(groups, min_count)
    if folds > 1:  # half of the n-grams decide nothing; they would cost 80 MB in every process
        weighed = _fit(vocabulary.matrix(groups), labels, sample_weights, penalty)
        vocabulary = vocabulary.where(np.abs(_coefficients(weighed)).max(axis=0) >= _SLIGHT)
    matrix = vocabulary.matrix(groups)
    intents = sorted(set(labels))
    held_out = np.zeros((len(sentences), len(intents)))
    for fold_number in range(folds if folds > 1 else 0):
        out = origins % folds == fold_number
        svm = _fit(matrix[~out], labels[~out], sample_weights[~out], penalty)
        columns = [intents.index(intent) for intent in svm.classes_]
        held_out[np.ix_(out, columns)] = _decide(svm, matrix[out])
    answers = np.array([intents.index(label) for label in labels])
    sharpness = _fit_sharpness(held_out, answers, sample_weights) if folds > 1 else 3.0
    svm = _fit(matrix, labels, sample_weights, penalty)
    return IntentModel(
        [str(intent) for intent in svm.classes_],
        vocabulary,
        np.ascontiguousarray(_coefficients(svm).T, dtype=np.float32),
        _intercepts(svm).astype(np.float32),
        sharpness,
        phrases,
    )


def training_sentences(written: Sequence[Example], config: dict[str, Any]) -> list[Sentence]:
    """Return everything that is learned from: the written examples, their variants, names of the catalogue.

    A name that sounds like a life event or like gossip to the written examples stays out: they know better.
    """
    fixed = frozenset(config["fixed_intents"])
    sentences = augment(written, read_names(Path(config["names"])), config["swaps"], fixed)
    if not config["catalogue"]:
        return sentences
    names = read_catalogue_names(Path(config["catalogue"]), config["catalogue_names"], config["catalogue_questions"])
    alone = learn(sentences, read_all_phrases(config), config["penalty"], 1, config["min_count"])
    other = frozenset(name for name in names if _is_fixed(alone.rank(name), fixed))
    intent, weight = config["catalogue_intent"], config["catalogue_weight"]
    return sentences + named_matters(names, intent, weight, first_origin=len(written), but=other)


def _is_fixed(ranking: Sequence[tuple[str, float]], fixed: frozenset[str]) -> bool:
    return bool(ranking) and ranking[0][0] in fixed and ranking[0][1] > _SOUNDS_LIKE


def _fit(matrix: Any, labels: np.ndarray, weights: np.ndarray, penalty: float) -> LinearSVC:
    return LinearSVC(C=penalty, class_weight="balanced", random_state=7).fit(matrix, labels, sample_weight=weights)


def _coefficients(svm: LinearSVC) -> np.ndarray:
    """Return one row per intent; scikit-learn stores a single row for two intents."""
    return svm.coef_ if len(svm.classes_) > 2 else np.vstack([-svm.coef_[0], svm.coef_[0]])


def _intercepts(svm: LinearSVC) -> np.ndarray:
    return svm.intercept_ if len(svm.classes_) > 2 else np.array([-svm.intercept_[0], svm.intercept_[0]])


def _decide(svm: LinearSVC, matrix: Any) -> np.ndarray:
    return np.asarray(matrix @ _coefficients(svm).T + _intercepts(svm))


def _fit_sharpness(decisions: np.ndarray, answers: np.ndarray, weights: np.ndarray) -> float:
    rows = np.arange(len(answers))

    def loss(logarithm: float) -> float:
        likelihoods = log_softmax(np.exp(logarithm) * decisions, axis=1)[rows, answers]
        return float(-(weights * likelihoods).sum())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 4.0), method="bounded").x))


def read_examples(training_data: TrainingData) -> list[Example]:
    """Return the written examples; the `metadata: {weight: …}` of an intent in a file says how much its own count."""
    examples = []
    for one in training_data.intent_examples:
        said = (one.get(METADATA) or {}).get(METADATA_INTENT) or {}
        examples.append(Example(str(one.get(TEXT)), str(one.get(INTENT)), float(said.get("weight", 1.0))))
    return examples


def read_all_phrases(config: dict[str, Any]) -> Phrases:
    """Return the phrases that the settings name."""
    return Phrases(read_phrases(Path(config["phrases"])), read_signs(Path(config["signs"])))


def read_names(path: Path) -> list[str]:
    """Return the names of procedures as citizens say them."""
    return [str(name) for name in yaml.safe_load(path.read_text(encoding="utf-8"))["names"]]
