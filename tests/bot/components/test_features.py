"""N-grams and their weights."""

from __future__ import annotations

import numpy as np
import pytest

from bot.components.features import MessageReader, Vocabulary, plain_words
from knowledge.phrases import PhraseBook

READER = MessageReader(PhraseBook({"fee": ["lệ phí"]}), PhraseBook({"danger": ["cháy nhà"]}))


def test_codes_and_numbers_become_placeholders():
    """Which number it is says nothing about the kind of question."""
    words, _ = plain_words("hồ sơ H50.05-261008-0975 và pin_0123456789ab thủ tục 1.001193 năm 2024")

    assert [word for word in words if word.startswith("<")] == ["<code>", "<pin>", "<procedure>", "<number>"]


def test_shorthand_is_spelled_out():
    """ "lm ntn" and "làm như thế nào" are one question."""
    assert plain_words("lm ntn")[1] == ["làm", "như", "thế", "nào"]


def test_signs_stand_among_the_words():
    """A phrase, a foreign script and a very short message are signs of their own."""
    assert "<kind fee>" in READER.read("le phi")[1]
    assert "<sign danger>" in READER.read("cháy nhà rồi")[1]
    assert "<foreign>" in READER.read("你好")[1]
    assert "<foreign>" not in READER.read("Đường về quê mình, ơi ưỡi")[1]


@pytest.mark.parametrize("text", ["ສະບາຍດີ", "สวัสดี", "привет", "안녕하세요", "ありがとう"])
def test_neighbours_scripts_are_foreign(text: str):
    """Lao and Thai are what people from across the border write."""
    assert "<foreign>" in READER.read(text)[1]


def test_a_picture_alone_is_read():
    """A thumb is an answer; beside words it says nothing new."""
    assert "👍" in READER.read("👍")[1]
    assert "👍" not in READER.read("cảm ơn 👍")[1]


def test_every_group_of_a_message_has_length_one():
    """Otherwise a long story outweighs a short question."""
    messages = [READER.read(text) for text in ("lệ phí bao nhiêu", "nộp ở đâu")]
    vocabulary = Vocabulary.learn(messages)
    row = vocabulary.matrix(messages)[0].toarray()[0]

    assert np.isclose(np.linalg.norm(row), np.sqrt(3))


def test_coverage_tells_gibberish():
    """A message of unknown syllables must not be taken for anything."""
    vocabulary = Vocabulary.learn([READER.read("lệ phí bao nhiêu")])

    assert vocabulary.coverage(READER.read("lệ phí")) == 1.0
    assert vocabulary.coverage(READER.read("xyzzy")) == 0.0
    assert vocabulary.coverage(READER.read("")) == 0.0
    assert vocabulary.coverage(READER.read("cháy nhà")) == 0.5  # a sign: the phrase is known, its syllables are not


def test_what_decides_nothing_is_forgotten_but_no_syllable():
    """Whether a message is understood at all is told by its known syllables."""
    groups = [READER.read("cấp lại thẻ"), READER.read("mất thẻ rồi")]
    vocabulary = Vocabulary.learn(groups)
    terms = [term for group in vocabulary.terms for term in group]
    smaller = vocabulary.where(np.array([term == "mất" for term in terms]))

    assert smaller.terms[0] == ["mất"] and smaller.terms[2] == []
    assert {"cap", "lai", "the", "mat", "roi"} <= set(smaller.terms[1])
    assert not any(" " in term for term in smaller.terms[1])
    assert len(smaller.idf) == sum(map(len, smaller.terms))
    assert smaller.coverage(groups[0]) == 1.0
