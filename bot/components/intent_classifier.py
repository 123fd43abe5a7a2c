"""Tells what kind of question a message is: a linear support vector machine over n-grams."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.svm import LinearSVC

from bot.components.augmentation import Sentence, augment, named_matters
from bot.components.catalogue_names import read_catalogue_names
from bot.components.features import MessageReader, Vocabulary
from bot.components.kind_extractor import read_phrases, read_signs
from bot.components.second_thoughts import believed, reconsidered
from knowledge.phrases import PhraseBook

_RANKING_LENGTH = 10
#: Where a name of a procedure is taken for one of the fixed intents, it is left out of the examples from here on.
_SOUNDS_LIKE = 0.5
#: An n-gram whose weight stays below this for every intent is forgotten.
_SLIGHT = 0.02


@dataclass(frozen=True)
class Phrases:
    """Written phrases: by kind of question, and by sign of what a message is about."""

    kinds: dict[str, list[str]]
    signs: dict[str, list[str]]

    def reader(self) -> MessageReader:
        """Return a reader that finds them."""
        return MessageReader(PhraseBook(self.kinds), PhraseBook(self.signs))


class IntentModel:
    """The learned weights: what the classifier needs to judge a message.

    coefficients: (n_features, n_intents) float32. sharpness: factor on the decision values before the softmax,
    fitted on sentences not learned from, so that a confidence of 0.8 means right in about 8 of 10 cases.
    phrases: by kind of question and by sign, as the files in nlu_data have them.
    """

    def __init__(
        self,
        intents: Sequence[str],
        vocabulary: Vocabulary,
        coefficients: np.ndarray,
        intercepts: np.ndarray,
        sharpness: float,
        phrases: Phrases,
    ) -> None:
        self.intents = list(intents)
        self.vocabulary = vocabulary
        self.coefficients = coefficients
        self.intercepts = intercepts
        self.sharpness = sharpness
        self.phrases = phrases
        self._reader = phrases.reader()

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Return the intents with their probabilities, most likely first.

        A text of which no syllable is known gets none; one of which less than half is known, less than its share.
        """
        groups = self._reader.read(text)
        coverage = self.vocabulary.coverage(groups)
        if not coverage:
            return []
        places, weights = self.vocabulary.weigh(groups)
        decisions = weights @ self.coefficients[places] + self.intercepts
        probabilities = softmax(self.sharpness * decisions) * min(1.0, 2 * coverage)
        order = np.argsort(-probabilities)
        return [(self.intents[index], float(probabilities[index])) for index in order]

    def best(self, text: str) -> str:
        """Return the likeliest intent, or an empty text when nothing can be said."""
        ranking = self.rank(text)
        return ranking[0][0] if ranking else ""


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


def training_sentences(written: Sequence[tuple[str, str]], config: dict[str, Any]) -> list[Sentence]:
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


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):
    """Gives every message its intent and the ranking behind it.

    The weights are stored as plain arrays and JSON (no pickle), so that loading runs no code from the model.
    """

    _TERMS = "terms.json"
    _WEIGHTS = "weights.npz"

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: IntentModel | None = None
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings.

        penalty: C of the machine. folds: for calibration. swaps: other procedure names tried in a sentence.
        fixed_intents: no swaps there. catalogue: the folder of the procedures; as many as `catalogue_names` of each
        one's names and `catalogue_questions` of its questions are examples of `catalogue_intent`, weighing
        `catalogue_weight`; None: no names.
        courtesies: intents that a message which asks for a kind of fact cannot have.
        cautious_intents: taken only from cautious_threshold upwards.
        """
        return {
            "penalty": 1.0,
            "folds": 4,
            "min_count": 1,
            "swaps": 5,
            "names": "nlu_data/procedure_names.yml",
            "phrases": "nlu_data/question_kinds.yml",
            "signs": "nlu_data/signs.yml",
            "fixed_intents": [],
            "catalogue": None,
            "catalogue_intent": "ask_procedure",
            "catalogue_names": 6,
            "catalogue_questions": 0,
            "catalogue_weight": 0.15,
            "courtesies": [],
            "cautious_intents": [],
            "cautious_threshold": 0.6,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Name what must be installed."""
        return ["sklearn", "scipy"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """Create the component for training."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples and store the weights."""
        written = [(str(one.get(TEXT)), str(one.get(INTENT))) for one in training_data.intent_examples]
        self._model = learn(
            training_sentences(written, self._config),
            read_all_phrases(self._config),
            self._config["penalty"],
            self._config["folds"],
            self._config["min_count"],
        )
        self._persist(self._model)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking of each message."""
        for message in messages:
            entities = {str(one["entity"]) for one in message.get(ENTITIES, [])}
            ranking = self._model.rank(message.get(TEXT) or "") if self._model else []
            ranking = reconsidered(ranking, entities, self._config["courtesies"])
            named = [{"name": intent, "confidence": probability} for intent, probability in ranking[:_RANKING_LENGTH]]
            best: dict[str, Any] = named[0] if named else {"name": None, "confidence": 0.0}
            cautious, threshold = self._config["cautious_intents"], self._config["cautious_threshold"]
            message.set(INTENT, dict(believed(best, entities, cautious, threshold)), add_to_output=True)
            message.set(INTENT_RANKING_KEY, named, add_to_output=True)
        return messages

    def _persist(self, model: IntentModel) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            written = {
                "intents": model.intents,
                "terms": model.vocabulary.terms,
                "sharpness": model.sharpness,
                "phrases": asdict(model.phrases),
            }
            (folder / self._TERMS).write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")
            np.savez(
                folder / self._WEIGHTS,
                idf=model.vocabulary.idf,
                coefficients=model.coefficients,
                intercepts=model.intercepts,
            )

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """Load the component with the weights that the model holds."""
        with model_storage.read_from(resource) as folder:
            written = json.loads((folder / cls._TERMS).read_text(encoding="utf-8"))
            with np.load(folder / cls._WEIGHTS, allow_pickle=False) as arrays:
                model = IntentModel(
                    written["intents"],
                    Vocabulary(written["terms"], arrays["idf"]),
                    arrays["coefficients"],
                    arrays["intercepts"],
                    written["sharpness"],
                    Phrases(**written["phrases"]),
                )
        return cls(config, model_storage, resource, model)


def read_all_phrases(config: dict[str, Any]) -> Phrases:
    """Return the phrases that the settings name."""
    return Phrases(read_phrases(Path(config["phrases"])), read_signs(Path(config["signs"])))


def read_names(path: Path) -> list[str]:
    """Return the names of procedures as citizens say them."""
    return [str(name) for name in yaml.safe_load(path.read_text(encoding="utf-8"))["names"]]
