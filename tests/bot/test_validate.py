"""The written words hold together."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.validate import kind_problems, rasa_problems, response_problems


def test_no_problem_in_the_project():
    """What `python -m bot.validate` says."""
    assert list(rasa_problems()) == []
    assert list(response_problems(Path("bot/domain/responses"))) == []
    assert list(kind_problems(Path("nlu_data/question_kinds.yml"))) == []


def test_phone_numbers_and_unknown_outcomes_are_found(tmp_path: Path):
    """An invented hotline sends people nowhere."""
    (tmp_path / "a.yml").write_text(
        'responses:\n  utter_a:\n  - text: "Gọi 1900 1234"\n    custom: {turn: {outcome: happy}}\n'
        "  utter_b:\n  - text: ''\n  utter_c:\n  - text: Gọi 113\n",
        encoding="utf-8",
    )
    problems = list(response_problems(tmp_path))

    assert len(problems) == 3
    assert "phone number" in problems[0] and "happy" in problems[1] and "write a text" in problems[2]


def test_fixed_sentences_need_no_facts():
    """A sentence that no action fills must not show raw braces to a citizen."""
    by_actions = {"utter_emergency", "utter_scam_or_secret"}  # the action says them and knows the turn's outcome
    spoken = {"utter_greet", "utter_goodbye", "utter_thanks", "utter_capabilities", "utter_insult", "utter_privacy"}
    spoken |= {"utter_out_of_scope", "utter_other_language", "utter_no_code", "utter_cancelled", "utter_affirm"}
    spoken |= {"utter_deny", *by_actions}
    for path in Path("bot/domain/responses").glob("*.yml"):
        for name, variants in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items():
            if name in spoken:
                assert all("{" not in variant["text"] for variant in variants)
                assert name in by_actions or all(variant["custom"]["turn"]["outcome"] for variant in variants)
                spoken.discard(name)
    assert spoken == set()
