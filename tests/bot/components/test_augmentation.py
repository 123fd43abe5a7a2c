"""Further training sentences made from the written ones."""

from __future__ import annotations

from bot.components.augmentation import Example, augment

NAMES = ["hộ chiếu", "sổ đỏ", "giấy khai sinh"]


def test_every_sentence_is_learned_without_diacritics_too():
    """The folded variant is worth less than what a person wrote."""
    sentences = augment([Example("lệ phí?", "ask_fee")], NAMES, 2, frozenset())

    assert [(one.text, one.weight) for one in sentences] == [("lệ phí?", 1.0), ("le phi?", 0.7)]


def test_an_example_counts_as_much_as_its_file_says():
    """Half sentences of a talk are many, and say little about whole questions."""
    sentences = augment([Example("lệ phí?", "ask_fee", 0.1)], NAMES, 2, frozenset())

    assert [round(one.weight, 3) for one in sentences] == [0.1, 0.07]


def test_procedures_are_swapped():
    """ "… cần giấy tờ gì" must not hang on the birth certificate."""
    sentences = augment([Example("làm giấy khai sinh cần gì", "ask_documents")], NAMES, 2, frozenset())
    texts = {one.text for one in sentences}

    assert len(texts) >= 4
    assert all(one.origin == 0 for one in sentences)
    assert any("hộ chiếu" in text or "sổ đỏ" in text for text in texts)


def test_a_fixed_intent_keeps_its_words():
    """A life event is its words."""
    assert len(augment([Example("mới làm sổ đỏ", "life_event")], NAMES, 2, frozenset({"life_event"}))) == 2


def test_the_same_seed_gives_the_same_sentences():
    """Two trainings of the same sources give the same model."""
    written = [Example("làm hộ chiếu cần gì", "ask_documents")]

    assert augment(written, NAMES, 2, frozenset()) == augment(written, NAMES, 2, frozenset())
