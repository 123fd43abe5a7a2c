"""Search cases: files of people and lines of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.cases import CasesFault, load_cases

YAML = """
- question: " làm khai sinh "
  codes: ["1.001193"]
  marks: [dialect]
- {question: trời mưa không, codes: []}
"""


def test_questions_of_a_folder_are_read_with_what_they_mean(tmp_path: Path) -> None:
    """No code means: out of scope, which is something else than forgotten."""
    (tmp_path / "a.yml").write_text(YAML, encoding="utf8")
    first, second = load_cases(tmp_path)

    assert first.question == "làm khai sinh" and first.codes == {"1.001193"} and first.in_scope
    assert not second.in_scope


def test_lines_of_json_are_read_too(tmp_path: Path) -> None:
    """Others hand over their questions so, and call the codes gold_codes."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"question": "mat so do", "gold_codes": ["1.012786"]}\n\n', encoding="utf8")

    (case,) = load_cases(path)

    assert case.codes == {"1.012786"} and not case.has_diacritics


@pytest.mark.parametrize(
    "text",
    ['- {codes: ["1.001193"]}', "- {question: x}", '- {question: "  ", codes: []}', "- chỉ một dòng", "- {question: ["],
)
def test_a_case_that_says_too_little_is_told_with_its_place(tmp_path: Path, text: str) -> None:
    """A case without codes would quietly count as out of scope."""
    path = tmp_path / "a.yml"
    path.write_text(text, encoding="utf8")

    with pytest.raises(CasesFault, match=r"a\.yml"):
        load_cases(path)
