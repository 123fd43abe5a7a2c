"""Checks intents, rules, forms and sentences before training: `python -m bot.validate`."""

from __future__ import annotations

import logging
import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import yaml
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.validator import Validator

from bot.components.kind_extractor import read_phrases

OUTCOMES = frozenset(
    {
        "answered",
        "life_event_shown",
        "asked_back",
        "nothing_found",
        "out_of_scope",
        "small_talk",
        "status_asked",
        "status_shown",
        "status_refused",
        "one_stop_unavailable",
        "handed_over",
        "failed",
    }
)
_NUMBER = re.compile(r"\b(?:1[89]00[ .]?\d{4,6}|0\d{9,10}|0\d{2,3}[ .]\d{3}[ .]\d{3,4})\b")


def rasa_problems() -> Iterator[str]:
    """Yield what Rasa's own validator finds wrong."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        importer = TrainingDataImporter.load_from_config("config.yml", "bot/domain", ["nlu_data", "bot/dialogue"])
        validator = Validator.from_importer(importer)
        checks = [
            validator.verify_domain_validity(),
            validator.verify_nlu(ignore_warnings=False),
            validator.verify_actions_in_stories_rules(),
            validator.verify_forms_in_stories_rules(),
            validator.verify_form_slots(),
            validator.verify_slot_mappings(),
            validator.verify_story_structure(ignore_warnings=False),
        ]
    for warning in caught:
        text = str(warning.message)
        if issubclass(warning.category, UserWarning) and "auto-fill" not in text and not _is_spoken_by_an_action(text):
            yield text
    if not all(checks):
        yield "rasa data validate failed; its messages stand above"


def _is_spoken_by_an_action(warning: str) -> bool:
    """Tell whether a warning is only about a sentence or an intent that no rule names: the app's actions use them."""
    return "is not used in any story or rule" in warning or "is not being used in any story" in warning


def response_problems(folder: Path) -> Iterator[str]:
    """Yield sentences that carry an unknown outcome, a phone number, or a missing text."""
    for path in sorted(folder.glob("*.yml")):
        for name, variants in (yaml.safe_load(path.read_text(encoding="utf-8")).get("responses") or {}).items():
            for variant in variants:
                yield from (f"{path}: {name}: {problem}" for problem in _problems_of(variant))


def _problems_of(variant: dict[str, object]) -> Iterator[str]:
    text = variant.get("text")
    if not isinstance(text, str) or not text.strip():
        yield "write a text"
        return
    if _NUMBER.search(text):
        yield "a phone number is a fact of the province: take it from the settings as a {variable}"
    custom = variant.get("custom")
    turn = custom.get("turn") if isinstance(custom, dict) else None
    if isinstance(turn, dict) and turn.get("outcome") not in OUTCOMES:
        yield f"unknown outcome {turn.get('outcome')!r}; write one of {', '.join(sorted(OUTCOMES))}"


def kind_problems(path: Path) -> Iterator[str]:
    """Yield phrases written under two kinds of question."""
    owners: dict[str, str] = {}
    for kind, phrases in read_phrases(path).items():
        for phrase in phrases:
            if owners.setdefault(phrase, kind) != kind:
                first, second = (one or "not_a_question" for one in (owners[phrase], kind))
                yield f"{path}: '{phrase}' stands under {first} and {second}"


def main() -> int:
    """Print every problem; return 1 when there is one."""
    logging.getLogger("rasa").setLevel(logging.WARNING)
    problems = [
        *rasa_problems(),
        *response_problems(Path("bot/domain/responses")),
        *kind_problems(Path("nlu_data/question_kinds.yml")),
    ]
    for problem in problems:
        print(f"• {problem}", file=sys.stderr)
    print(f"{len(problems)} lỗi (problems)" if problems else "Không có lỗi (no problems).")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
