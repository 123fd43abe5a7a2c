"""Tells what kind of question a message is: the component that Rasa trains and asks."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.courtesy import without_courtesy
from bot.components.features import Vocabulary
from bot.components.intent_learning import learn, read_all_phrases, read_examples, training_sentences
from bot.components.intent_model import IntentModel, Phrases
from bot.components.second_thoughts import believed, reconsidered

_RANKING_LENGTH = 10


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
        self._model = learn(
            training_sentences(read_examples(training_data), self._config),
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
            text = without_courtesy(str(message.get(TEXT) or ""))
            ranking = self._model.rank(text) if self._model else []
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
