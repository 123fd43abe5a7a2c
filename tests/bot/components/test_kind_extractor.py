"""Kinds of question found in one message, several at once, and the look-alikes."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.components.kind_extractor import kinds_in, read_phrases
from knowledge.phrases import PhraseBook
from knowledge.vietnamese import fold

CASES = yaml.safe_load((Path(__file__).parent / "kind_cases.yml").read_text(encoding="utf-8"))
BOOK = PhraseBook(read_phrases(Path("nlu_data/question_kinds.yml")))


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_kinds(case: dict):
    """A kind too many answers what nobody asked; a kind too few leaves a question open."""
    assert kinds_in(BOOK, case["text"]) == case["kinds"]
    assert kinds_in(BOOK, fold(case["text"])) == case["kinds"]


def test_a_kind_nobody_answers_is_refused(tmp_path: Path):
    """A slip in the file must be told to whoever made it."""
    path = tmp_path / "kinds.yml"
    path.write_text("kinds: {colour: [màu gì]}", encoding="utf-8")

    with pytest.raises(ValueError, match="colour"):
        read_phrases(path)
