"""Finds which kinds of question a message holds: papers, fee, duration and so on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge.phrases import PhraseBook

KINDS = (
    "documents",
    "fee",
    "duration",
    "place",
    "steps",
    "result",
    "legal_basis",
    "form",
    "eligibility",
    "online",
    "deadline",
    "benefit",
    "validity",
)
_WEAK = "weak:"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class KindExtractor(GraphComponent, EntityExtractorMixin):
    """Gives one entity `kind` per kind of question found, in the order asked.

    The phrases come from nlu_data/question_kinds.yml at training and travel inside the model.
    """

    _FILE = "question_kinds.json"

    def __init__(self, phrases: dict[str, list[str]], model_storage: ModelStorage, resource: Resource) -> None:
        self._phrases = phrases
        self._book = PhraseBook(phrases)
        self._model_storage = model_storage
        self._resource = resource

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return where the phrases are written."""
        return {"phrases": "nlu_data/question_kinds.yml"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KindExtractor:
        """Create the component for training, from the written phrases."""
        return cls(read_phrases(Path(config["phrases"])), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KindExtractor:
        """Load the component with the phrases that the model holds."""
        with model_storage.read_from(resource) as folder:
            phrases = json.loads((folder / cls._FILE).read_text(encoding="utf-8"))
        return cls(phrases, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Store the phrases in the model; nothing is learned."""
        with self._model_storage.write_to(self._resource) as folder:
            (folder / self._FILE).write_text(json.dumps(self._phrases, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data as it is: the kinds are found, not learned."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the kinds found to each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            found = [] if text.startswith("/") else self.add_extractor_name(find_kinds(self._book, text))
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def find_kinds(book: PhraseBook, text: str) -> list[dict[str, Any]]:
    """Return one entity per kind of question, in the order asked; weak signs only when there is nothing else."""
    matches = book.find(text)
    strong = [match for match in matches if not match.label.startswith(_WEAK)]
    entities: dict[str, dict[str, Any]] = {}
    for match in strong or matches:
        kind = match.label.removeprefix(_WEAK)
        entity = {"entity": "kind", "value": kind, "start": match.start, "end": match.end}
        entities.setdefault(kind, {**entity, "confidence_entity": 1.0})
    return list(entities.values())


def kinds_in(book: PhraseBook, text: str) -> list[str]:
    """Return the kinds of question found, in the order asked."""
    return [str(entity["value"]) for entity in find_kinds(book, text)]


def read_signs(path: Path) -> dict[str, list[str]]:
    """Return the phrases of nlu_data/signs.yml by sign; the label "" holds the shields."""
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    labelled = {**written["signs"], "": written.get("not_a_sign", [])}
    return {str(label): [str(text) for text in texts] for label, texts in labelled.items()}


def read_phrases(path: Path) -> dict[str, list[str]]:
    """Return the phrases by kind; weak ones under "weak:<kind>", shields under "".

    Raises:
        ValueError: the file names a kind that nobody answers.
    """
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    strong, weak = written["kinds"], written.get("only_alone", {})
    unknown = sorted((set(strong) | set(weak)) - set(KINDS))
    if unknown:
        raise ValueError(f"{path}: unknown kinds {', '.join(unknown)}; write one of {', '.join(KINDS)}")
    labelled = {**strong, **{_WEAK + kind: texts for kind, texts in weak.items()}}
    labelled[""] = written.get("not_a_question", [])
    return {label: [str(text) for text in texts] for label, texts in labelled.items()}
