"""Splits a Vietnamese message into words, with codes kept whole and a folded form beside each word."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from underthesea import word_tokenize

from knowledge.codes import find_application_codes
from knowledge.vietnamese import fold, has_diacritics

PIN_TOKEN = re.compile(r"(?<!\w)pin_[0-9a-f]{12}(?!\w)")
PROCEDURE_CODE = re.compile(r"(?<![\w.])\d\.\d{6}(?:\.\d{2,3})*(?:\.[A-Z]\d{2})?(?!\w)", re.IGNORECASE)
_PLAIN_TOKEN = re.compile(r"\w+")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class UndertheseaTokenizer(Tokenizer):
    """Words (từ) by underthesea; `token.lemma` is the word folded (lower case, no diacritics).

    Codes and masked digits are found on the raw text first, because a word segmenter tears them apart.
    A stretch typed without diacritics is split at blanks: segmenting it gives wrong words.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults that Rasa's own tokenizer base class asks for."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Name what must be installed."""
        return ["underthesea"]

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Return the tokens of one attribute of a message, in order."""
        text: str = message.get(attribute) or ""
        spans = word_spans(text) or [(0, len(text))]
        tokens = [Token(text[start:end], start, end, lemma=fold(text[start:end])) for start, end in spans]
        return list(self._apply_token_pattern(tokens))


def kept_spans(text: str) -> list[tuple[int, int]]:
    """Return where codes and masked digits stand, in order, without overlaps."""
    found = [(code.start, code.end) for code in find_application_codes(text)]
    found += [match.span() for pattern in (PIN_TOKEN, PROCEDURE_CODE) for match in pattern.finditer(text)]
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if end > start and (not spans or start >= spans[-1][1]):
            spans.append((start, end))
    return spans


def word_spans(text: str, kept: list[tuple[int, int]] | None = None) -> list[tuple[int, int]]:
    """Return where each word stands; punctuation belongs to no word. kept: the spans of codes, when known."""
    spans: list[tuple[int, int]] = []
    position = 0
    for start, end in kept_spans(text) if kept is None else kept:
        spans += _spans_between(text, position, start)
        spans.append((start, end))
        position = end
    return spans + _spans_between(text, position, len(text))


def _spans_between(text: str, start: int, end: int) -> list[tuple[int, int]]:
    stretch = text[start:end]
    plain = [(start + match.start(), start + match.end()) for match in _PLAIN_TOKEN.finditer(stretch)]
    if not plain or not has_diacritics(stretch):
        return plain
    return _segmented(text, start, end) or plain


def _segmented(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return underthesea's words as places in the text, or nothing when they cannot be found there again."""
    spans: list[tuple[int, int]] = []
    position = start
    for word in word_tokenize(text[start:end], use_token_normalize=False):
        pieces = word.split()
        for index, piece in enumerate(pieces):
            found = text.find(piece, position, end)
            if found < 0:
                return []
            position = found + len(piece)
            if index == 0:
                first = found
        if pieces and _PLAIN_TOKEN.search(word):
            spans.append((first, position))
    return spans
