"""Measures the intent classifier on the written examples, five-fold: `python -m bot.crossvalidate`."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.importers.importer import TrainingDataImporter

from bot.components import intent_learning
from bot.components.augmentation import Example
from bot.components.intent_classifier import IntentClassifier
from bot.components.intent_learning import learn, read_all_phrases, training_sentences
from bot.components.intent_model import IntentModel
from knowledge.vietnamese import fold


def read_examples() -> list[Example]:
    """Return the written examples."""
    importer = TrainingDataImporter.load_from_config("config.yml", "bot/domain", ["nlu_data"])
    return intent_learning.read_examples(importer.get_nlu_data())


def classifier_settings() -> dict[str, Any]:
    """Return the classifier's settings as config.yml has them."""
    pipeline = yaml.safe_load(Path("config.yml").read_text(encoding="utf-8"))["pipeline"]
    name = "bot.components.intent_classifier.IntentClassifier"
    written = next(component for component in pipeline if component["name"] == name)
    return {**IntentClassifier.get_default_config(), **written}


def train_on(examples: Sequence[Example], settings: dict[str, Any]) -> IntentModel:
    """Return the model of some examples; the calibration is left out, it changes no winner."""
    sentences = training_sentences(examples, {**settings, "folds": 1})
    return learn(sentences, read_all_phrases(settings), settings["penalty"], folds=1, min_count=settings["min_count"])


def cross_validate(
    examples: Sequence[Example], settings: dict[str, Any], folds: int
) -> list[tuple[str, str, str, str]]:
    """Return (text, right intent, guess as written, guess without diacritics) for every example, each held out once."""
    judged: list[tuple[str, str, str, str]] = []
    for number in range(folds):
        model = train_on([one for index, one in enumerate(examples) if index % folds != number], settings)
        for text, intent, _ in examples[number::folds]:
            judged.append((text, intent, model.best(text), model.best(fold(text))))
    return judged


def main(arguments: list[str] | None = None) -> int:
    """Print accuracy and the commonest confusions."""
    parser = argparse.ArgumentParser(prog="python -m bot.crossvalidate", description=__doc__)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--confusions", type=int, default=25, help="how many pairs to print")
    parser.add_argument("--verbose", action="store_true", help="print every misunderstood example")
    options = parser.parse_args(arguments)
    examples = read_examples()
    judged = cross_validate(examples, classifier_settings(), options.folds)
    written = sum(right == guess for _, right, guess, _ in judged) / len(judged)
    folded = sum(right == guess for _, right, _, guess in judged) / len(judged)
    print(f"{len(examples)} câu mẫu (examples), {options.folds}-fold")
    print(f"đúng như đã viết (accuracy as written): {written:.3f}")
    print(f"đúng khi bỏ dấu (accuracy without diacritics): {folded:.3f}")
    print("nhầm nhiều nhất (commonest confusions), right -> guessed:")
    pairs = Counter((right, guess) for _, right, guess, _ in judged if right != guess)
    for (right, guess), count in pairs.most_common(options.confusions):
        print(f"  {count:3d}  {right} -> {guess}")
    if options.verbose:
        for text, right, guess, _ in judged:
            if right != guess:
                print(f"{right} -> {guess}: {text}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
