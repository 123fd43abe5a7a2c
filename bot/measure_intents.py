"""Measures the trained model on sentences kept aside: `python -m bot.measure_intents [FILE]`."""

from __future__ import annotations

import argparse
import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog

from bot.components.kind_extractor import KINDS
from bot.train import model_path
from knowledge.vietnamese import fold

KEPT_ASIDE = Path("tests/bot/intent_cases_untouched.yml")
#: Intents that all lead to the answer about a procedure; there the kinds asked make the difference.
ANSWERED = {"ask_procedure", "choose_procedure", "nlu_fallback", *(f"ask_{kind}" for kind in KINDS)}
#: Intents that all start the status check.
STATUS = {"ask_status", "inform_code", "inform_pin"}


def read_cases(path: Path) -> list[tuple[str, str]]:
    """Return the cases of a file `intent: [sentence, …]` as (text, intent)."""
    return [(t, intent) for intent, texts in yaml.safe_load(path.read_text(encoding="utf-8")).items() for t in texts]


def intent_of(parsed: Mapping[str, Any]) -> str:
    """Return the intent that the model took a message for."""
    return str(parsed["intent"]["name"])


def same_action(parsed: Mapping[str, Any], wanted: str) -> bool:
    """Tell whether the dialogue does what the wanted intent would: the same action, and the kind asked among the kinds.

    The kinds are those whose phrases were found; when none was, the one the intent tells (as actions/kinds.py has it).
    """
    intent = intent_of(parsed)
    if wanted not in ANSWERED:
        return intent == wanted or {intent, wanted} <= STATUS
    found = {str(one["value"]) for one in parsed.get("entities", ()) if one["entity"] == "kind"}
    kinds = (found or {intent.removeprefix("ask_")}) & set(KINDS)
    kind = wanted.removeprefix("ask_")
    return intent in ANSWERED and (kind in kinds if kind in KINDS else not kinds)


async def parse_all(model: Path, texts: set[str]) -> dict[str, Mapping[str, Any]]:
    """Return what a model makes of every text."""
    agent = Agent.load(model)
    return {text: await agent.parse_message(text) for text in sorted(texts)}


def main(arguments: list[str] | None = None) -> int:
    """Print both accuracies and the commonest confusions."""
    parser = argparse.ArgumentParser(prog="python -m bot.measure_intents", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=KEPT_ASIDE)
    parser.add_argument("--model", type=Path, default=None, help="by default that of the sources as they are")
    parser.add_argument("--confusions", type=int, default=25, help="how many pairs to print")
    parser.add_argument("--verbose", action="store_true", help="print every misunderstood sentence")
    options = parser.parse_args(arguments)
    model = options.model or model_path()
    if not model.exists():
        parser.error(f"chưa có mô hình {model} (no such model): python -m bot.train")
    configure_structlog(logging.WARNING)
    cases = read_cases(options.file)
    parsed = asyncio.run(parse_all(model, {variant for text, _ in cases for variant in (text, fold(text))}))
    print(f"{len(cases)} câu để riêng (sentences kept aside), {model.name}")
    for title, change in (("như đã viết (as written)", str), ("khi bỏ dấu (without diacritics)", fold)):
        understood = sum(intent_of(parsed[change(text)]) == wanted for text, wanted in cases)
        reached = sum(same_action(parsed[change(text)], wanted) for text, wanted in cases)
        print(f"{title}: đúng ý định (intent) {understood / len(cases):.3f}")
        print(f"{title}: đúng việc làm (same action and kind) {reached / len(cases):.3f}")
    pairs = Counter((wanted, intent_of(parsed[text])) for text, wanted in cases if intent_of(parsed[text]) != wanted)
    print("nhầm nhiều nhất (commonest confusions), right -> guessed:")
    for (wanted, guess), count in pairs.most_common(options.confusions):
        print(f"  {count:3d}  {wanted} -> {guess}")
    for text, wanted in cases if options.verbose else ():
        guess, same = intent_of(parsed[text]), same_action(parsed[text], wanted)
        if guess != wanted or not same:
            print(f"{wanted} -> {guess} ({'same' if same else 'other'} action or kind): {text}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
