"""The learned classifier on a handful of sentences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.intent_classifier import IntentClassifier

EXAMPLES = [
    ("lệ phí bao nhiêu", "ask_fee"),
    ("tốn bao nhiêu tiền", "ask_fee"),
    ("hết mấy tiền", "ask_fee"),
    ("phí thế nào", "ask_fee"),
    ("nộp ở đâu", "ask_place"),
    ("làm chỗ nào", "ask_place"),
    ("đến đâu nộp", "ask_place"),
    ("ở mô rứa", "ask_place"),
    ("trời mưa không", "out_of_scope"),
    ("giá vàng hôm nay", "out_of_scope"),
    ("kể chuyện cười", "out_of_scope"),
    ("đội nào thắng", "out_of_scope"),
]


@pytest.fixture
def trained(tmp_path: Path) -> tuple[IntentClassifier, dict, LocalModelStorage, Resource]:
    config = {**IntentClassifier.get_default_config(), "cautious_intents": ["out_of_scope"]}
    storage, resource = LocalModelStorage(tmp_path), Resource("classifier")
    classifier = IntentClassifier.create(config, storage, resource, context())
    examples = [Message({"text": text, "intent": intent}) for text, intent in EXAMPLES]
    classifier.train(TrainingData(examples))
    return classifier, config, storage, resource


def context() -> ExecutionContext:
    return ExecutionContext(GraphSchema({}))


def intent_of(classifier: IntentClassifier, text: str) -> dict:
    (message,) = classifier.process([Message({"text": text})])
    return message.get("intent")


def test_it_learns(trained):
    """The right one of three, with and without diacritics."""
    classifier = trained[0]

    assert intent_of(classifier, "lệ phí tốn bao nhiêu")["name"] == "ask_fee"
    assert intent_of(classifier, "nop o dau vay")["name"] == "ask_place"


def test_probabilities_sum_to_one(trained):
    """The fallback compares them with a threshold."""
    (message,) = trained[0].process([Message({"text": "nộp ở đâu"})])

    assert np.isclose(sum(one["confidence"] for one in message.get("intent_ranking")), 1.0)


def test_gibberish_gets_no_intent(trained):
    """The search decides then."""
    assert intent_of(trained[0], "xyzzy qwertz")["name"] is None


def test_nobody_is_turned_away_on_a_guess(trained):
    """A citizen's question half understood as small talk goes to the search."""
    classifier = trained[0]
    classifier._config["cautious_threshold"] = 1.01

    assert intent_of(classifier, "trời mưa không")["name"] == "nlu_fallback"


def test_loaded_it_says_the_same_and_holds_no_pickle(trained):
    """A model file that runs code when it is read would be a way in."""
    classifier, config, storage, resource = trained
    loaded = IntentClassifier.load(config, storage, resource, context())

    (before,) = classifier.process([Message({"text": "lệ phí"})])
    (after,) = loaded.process([Message({"text": "lệ phí"})])
    assert before.get("intent_ranking") == after.get("intent_ranking")
    with storage.read_from(resource) as folder:
        assert {path.suffix for path in folder.iterdir()} == {".json", ".npz"}
