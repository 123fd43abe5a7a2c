"""Of what people really say when they refuse, complain or withdraw, the search is hardly ever sure of a procedure."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from actions.outright import MIN_SYLLABLES
from actions.subject import SubjectFinder
from knowledge.commands.services import load_search
from knowledge.verdict import Judge

NLU_DATA = Path(__file__).parents[2] / "nlu_data"
#: The intents whose actions give way to a procedure named outright (actions/services.py).
INTENTS = {"cancel", "complaint", "deny", "follow_application", "privacy", "unfollow_application"}
#: One in fifty (docs/adr/0006).
AT_MOST = 0.02
EVERY = 3


@pytest.fixture(scope="module")
def finder() -> SubjectFinder:
    return SubjectFinder(load_search(), Judge.load())


def sentences() -> list[str]:
    """Return every third long example of those intents."""
    stored = [yaml.safe_load(path.read_text(encoding="utf8")) for path in sorted(NLU_DATA.glob("*.yml"))]
    blocks = [block for one in stored for block in one.get("nlu", ()) if block.get("intent") in INTENTS]
    lines = [line.removeprefix("- ") for block in blocks for line in block["examples"].splitlines()]
    return [line for line in lines if len(line.split()) >= MIN_SYLLABLES][::EVERY]


def test_a_refusal_or_a_complaint_is_hardly_ever_taken_for_a_procedure(finder: SubjectFinder) -> None:
    """Otherwise whoever complains about an office would be told which papers it wants."""
    asked = sentences()

    taken = [text for text in asked if finder.names_outright(text)]

    assert len(asked) > 200
    assert len(taken) <= AT_MOST * len(asked), taken


@pytest.mark.parametrize(
    "text", ["em út không lấy phần thừa kế, viết giấy từ chối", "ket hon voi nguoi lao o xa bien gioi"]
)
def test_a_procedure_named_outright_is_seen(finder: SubjectFinder, text: str) -> None:
    """With marks and without: a search that is never sure would pass the test above."""
    assert finder.names_outright(text)
