"""The learned weights that tell the kind of question of a message: a linear machine over n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from bot.components.features import MessageReader, Vocabulary
from knowledge.phrases import PhraseBook


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
