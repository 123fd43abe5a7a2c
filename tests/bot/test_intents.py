"""Citizens' own sentences, none of them in the training data, and the kind of question they are."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from rasa.core.agent import Agent

from bot.crossvalidate import read_examples
from knowledge.vietnamese import fold, has_diacritics

HERE = Path(__file__).parent
CASES = [
    (text, intent)
    for intent, texts in yaml.safe_load((HERE / "intent_cases.yml").read_text(encoding="utf-8")).items()
    for text in texts
]
KNOWN_MISSES = frozenset(yaml.safe_load((HERE / "known_misses.yml").read_text(encoding="utf-8")) or ())
MIN_ACCURACY = 0.92
MIN_ACCURACY_FOLDED = 0.90


@pytest.fixture(scope="module")
def guesses(model: Path) -> dict[str, str]:
    """What the trained model says to every case, as written and without diacritics."""
    import asyncio

    agent = Agent.load(model)

    async def parse() -> dict[str, str]:
        texts = {variant for text, _ in CASES for variant in (text, fold(text))}
        return {text: (await agent.parse_message(text))["intent"]["name"] for text in texts}

    return asyncio.run(parse())


@pytest.mark.parametrize(("text", "intent"), CASES, ids=[text for text, _ in CASES])
def test_understood(text: str, intent: str, guesses: dict[str, str]):
    """A citizen's words lead to the right kind of answer."""
    if text in KNOWN_MISSES:
        assert guesses[text] != intent, "understood now: take it off known_misses.yml"
        pytest.skip("a known miss")
    assert guesses[text] == intent


def test_accuracy(guesses: dict[str, str], record_property):
    """The share understood, counting every known miss."""
    written = sum(guesses[text] == intent for text, intent in CASES) / len(CASES)
    folded = sum(guesses[fold(text)] == intent for text, intent in CASES) / len(CASES)
    print(f"\n{len(CASES)} câu: đúng {written:.3f} như đã viết, {folded:.3f} khi bỏ dấu")
    assert written >= MIN_ACCURACY
    assert folded >= MIN_ACCURACY_FOLDED


def test_cases_are_not_training_data():
    """A case that was learned by heart measures nothing."""
    learned = {fold(example.text) for example in read_examples()}
    repeated = [text for text, _ in CASES if fold(text) in learned]

    assert repeated == []


def test_enough_cases_lack_diacritics():
    """About four in ten citizens type without them."""
    assert sum(not has_diacritics(text) for text, _ in CASES) / len(CASES) >= 0.4
