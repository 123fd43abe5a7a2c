"""The sentences kept aside stay apart, and what is measured on them is what the dialogue does."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.crossvalidate import read_examples
from bot.measure_intents import KEPT_ASIDE, main, read_cases, same_action
from knowledge.vietnamese import fold, has_diacritics

ROOT = Path(__file__).parents[2]
BUTTONS_ONLY = {"choose_procedure", "feedback", "inform_pin"}  # nobody writes these in words


def parsed(intent: str, *kinds: str) -> dict[str, Any]:
    return {"intent": {"name": intent}, "entities": [{"entity": "kind", "value": kind} for kind in kinds]}


@pytest.mark.parametrize(
    ("guess", "wanted", "same"),
    [
        (parsed("ask_fee"), "ask_fee", True),
        (parsed("ask_procedure", "fee"), "ask_fee", True),
        (parsed("nlu_fallback", "duration", "fee"), "ask_fee", True),
        (parsed("ask_fee", "documents"), "ask_fee", False),  # the words found are answered, not the intent
        (parsed("life_event", "fee"), "ask_fee", False),
        (parsed("nlu_fallback"), "ask_procedure", True),
        (parsed("ask_procedure", "fee"), "ask_procedure", False),
        (parsed("ask_place"), "ask_procedure", False),
        (parsed("inform_code"), "ask_status", True),
        (parsed("nlu_fallback"), "out_of_scope", False),
        (parsed("greet"), "greet", True),
    ],
)
def test_same_action(guess: dict[str, Any], wanted: str, same: bool):
    """What counts is what the citizen gets."""
    assert same_action(guess, wanted) is same


def test_a_file_is_measured(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Two understood, one that cannot be: the shares, the confusion and the sentence are printed."""
    file = tmp_path / "cases.yml"
    file.write_text("ask_fee: [hết bao nhiêu tiền]\nthanks: [cảm ơn bạn nhiều]\ninsult: [cảm ơn]\n", encoding="utf-8")

    assert main([str(file), "--model", str(model), "--verbose"]) == 0

    said = capsys.readouterr().out
    assert said.count("0.667") == 4
    assert "1  insult -> thanks" in said
    assert "insult -> thanks (other action or kind): cảm ơn" in said


def test_a_missing_model_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Nothing is trained here."""
    with pytest.raises(SystemExit):
        main(["--model", str(tmp_path / "none.tar.gz")])
    assert "python -m bot.train" in capsys.readouterr().err


def test_sentences_kept_aside_are_in_no_other_file():
    """What was learned, or looked at while writing examples, measures nothing."""
    learned = [example.text for example in read_examples()]
    looked_at = [text for text, _ in read_cases(ROOT / "tests/bot/intent_cases.yml")]
    others = {fold(text) for text in (*learned, *looked_at)}

    assert [text for text, _ in read_cases(ROOT / KEPT_ASIDE) if fold(text) in others] == []


def test_every_intent_is_kept_aside_in_enough_words():
    """Ten sentences at least of whatever a citizen can type, a third of all without diacritics."""
    cases = read_cases(ROOT / KEPT_ASIDE)
    domain = yaml.safe_load((ROOT / "bot/domain/domain.yml").read_text(encoding="utf-8"))
    count = Counter(intent for _, intent in cases)

    assert set(count) == {intent for one in domain["intents"] for intent in one} - BUTTONS_ONLY
    assert min(count.values()) >= 10
    assert len({fold(text) for text, _ in cases}) == len(cases)
    assert sum(not has_diacritics(text) for text, _ in cases) / len(cases) >= 0.33
