"""One line more or less in a data file, and not a byte of the rest."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
import yaml

from channels.teaching.errors import ChangeRefused
from channels.teaching.writing import add_alias, add_example, examples_of, remove_alias, remove_example
from knowledge.procedure_file import write_yaml
from tests.fakes.tiny_search import BEEKEEPING, FOREIGN_CARD, READING_CARD

ROOT = Path(__file__).parents[3]
NLU = """# Lời chú.
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - chào
      - xin chào

  # Chú giữa chừng.
  - intent: out_of_scope
    examples: |
      - mai trời có mưa không
"""


def diff(before: str, after: str) -> list[str]:
    """Return the lines that came and went."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


@pytest.mark.parametrize("alias", ["làm thẻ mượn truyện", "thẻ: loại 2", "# thẻ", 'thẻ "vàng"', "- thẻ", "12", "yes"])
def test_a_name_is_one_line_at_the_end_of_the_list(alias: str) -> None:
    """Whatever YAML makes of its letters, it is read back as written."""
    before = write_yaml(READING_CARD)
    after = add_alias(before, alias)

    assert len(diff(before, after)) == 1
    assert yaml.safe_load(after)["also_called"] == [*READING_CARD.also_called, alias]
    assert remove_alias(after, alias) == before


def test_a_procedure_without_names_gets_a_list() -> None:
    """It stands where the writer of the catalogue puts it."""
    before = write_yaml(FOREIGN_CARD)
    after = add_alias(before, "thẻ cho người Lào")

    assert diff(before, after) == ["+also_called:", "+- thẻ cho người Lào"]
    assert after.index("also_called") < after.index("facets:")


def test_a_file_written_otherwise_is_left_to_people() -> None:
    """A list on one line is fine for a person; the machine keeps its hands off."""
    text = 'code: "1.000005"\nalso_called: [nuôi ong]\nfacets: {act: first}\n'

    with pytest.raises(ChangeRefused, match="khác thường"):
        add_alias(text, "ong mật")
    with pytest.raises(ChangeRefused):
        add_alias("a: [", "ong mật")


def test_taking_away_what_is_not_there_changes_nothing() -> None:
    """Somebody has mended the file by hand meanwhile."""
    text = write_yaml(BEEKEEPING)

    assert remove_alias(text, "không có") == text
    assert remove_example(NLU, "greet", "không có") == NLU


def test_an_example_is_the_last_one_of_its_intent() -> None:
    """Comments and blank lines stay where they are, also at the end of the file."""
    middle, last = add_example(NLU, "greet", "alo ai đó"), add_example(NLU, "out_of_scope", "nay nắng không")

    assert diff(NLU, middle) == ["+      - alo ai đó"] and diff(NLU, last) == ["+      - nay nắng không"]
    assert examples_of(middle)["greet"] == ["chào", "xin chào", "alo ai đó"]
    assert remove_example(middle, "greet", "alo ai đó") == NLU
    assert examples_of(add_example(NLU.rstrip(), "out_of_scope", "xổ số"))["out_of_scope"][-1] == "xổ số"


def test_an_intent_that_is_not_there_is_refused() -> None:
    """The list of intents and the data must agree."""
    with pytest.raises(ChangeRefused, match="nlu_data"):
        add_example(NLU, "fly", "bay đi")


@pytest.mark.parametrize("path", sorted((ROOT / "knowledge" / "catalogue").rglob("*.yml"))[::40], ids=lambda p: p.stem)
def test_real_procedures_take_a_name(path: Path) -> None:
    """The catalogue as it is, not as the tests would have it."""
    before = path.read_text(encoding="utf8")
    after = add_alias(before, "cách gọi: thử nghiệm")

    assert len(diff(before, after)) == 1
    assert remove_alias(after, "cách gọi: thử nghiệm") == before


@pytest.mark.parametrize("path", sorted((ROOT / "nlu_data").glob("*.yml")), ids=lambda p: p.stem)
def test_real_examples_take_another(path: Path) -> None:
    """Every intent of every file."""
    before = path.read_text(encoding="utf8")
    for intent in examples_of(before):
        after = add_example(before, intent, "câu thử nghiệm")
        assert diff(before, after) == ["+      - câu thử nghiệm"]
        assert remove_example(after, intent, "câu thử nghiệm") == before
