"""Words of a message: segmented with diacritics, split at blanks without, codes whole."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.tokenizer import UndertheseaTokenizer, word_spans


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in word_spans(text)]


def test_words_are_segmented():
    """ "khai sinh" is one word; two loose syllables would meet "sinh viên"."""
    assert words("làm giấy khai sinh ở đâu?") == ["làm", "giấy", "khai sinh", "ở", "đâu"]


def test_text_without_diacritics_is_split_at_blanks():
    """The segmenter makes "lai can" one word of "lam lai can cuoc"."""
    assert words("lam lai can cuoc") == ["lam", "lai", "can", "cuoc"]


@pytest.mark.parametrize(
    "code",
    ["H50.05-261008-0975", "000.00.16.H46-200715-0001", "pin_0123456789ab", "1.001193"],
)
def test_codes_stay_whole(code: str):
    """A code torn apart is lost for everything after."""
    assert code in words(f"hồ sơ {code} tới đâu rồi")


@pytest.mark.parametrize("text", ["", "   ", "???", "👍", "a" * 2_000, "hoà thuý ở Đồng Hới", "1/2 – 3…"])
def test_every_place_is_inside_the_text(text: str):
    """Whatever people type, a place is a place in their text, in order, without overlaps."""
    end = 0
    for start, stop in word_spans(text):
        assert end <= start < stop <= len(text)
        end = stop


def test_the_folded_form_stands_beside_the_word():
    """Other components compare folded forms."""
    tokenizer = UndertheseaTokenizer(UndertheseaTokenizer.get_default_config())
    tokens = tokenizer.tokenize(Message({"text": "Lệ phí?"}), "text")

    assert [(token.text, token.lemma) for token in tokens] == [("Lệ phí", "le phi")]
