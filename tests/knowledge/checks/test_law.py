"""Legal basis: repealed, undated, doubled."""

from __future__ import annotations

from datetime import date

from knowledge.checks.law import check_legal_basis, check_newer_laws, load_repealed
from knowledge.model import LegalText
from tests.knowledge.builders import make_procedure
from tests.knowledge.checks.records import messages, run_check


def test_a_repealed_text_is_told_with_what_replaced_it() -> None:
    """A citizen who quotes a repealed decree at the counter is sent home."""
    procedure = make_procedure(legal_basis=(LegalText("13/2023/NĐ-CP", "Nghị định cũ"),))

    found = run_check(check_legal_basis, procedure, repealed=load_repealed())

    assert messages(found) == ["13/2023/NĐ-CP đã hết hiệu lực: bỏ dòng này, căn cứ đúng là 356/2025/NĐ-CP"]
    assert found[0].problem.line == procedure_line(procedure, "- number: 13/2023/NĐ-CP")


def procedure_line(procedure: object, text: str) -> int:
    from knowledge.procedure_file import write_yaml

    return write_yaml(procedure).splitlines().index(text) + 1  # type: ignore[arg-type]


def test_a_text_without_any_year_is_told() -> None:
    """ "250/QĐ-TTg" exists every year."""
    undated = LegalText("250/QĐ-TTg", "Quyết định")
    dated = LegalText("250/QĐ-TTg", "Quyết định", date(2013, 1, 29))
    by_number = LegalText("250/2013/QĐ-TTg", "Quyết định")

    assert len(run_check(check_legal_basis, make_procedure(legal_basis=(undated,)))) == 1
    assert run_check(check_legal_basis, make_procedure(legal_basis=(dated,))) == []
    assert run_check(check_legal_basis, make_procedure(legal_basis=(by_number,))) == []


def test_a_date_to_come_and_a_text_named_twice_are_told() -> None:
    """Both are slips of the keyboard."""
    law = LegalText("9/2027/NĐ-CP", "Nghị định", date(2027, 1, 1))

    told = messages(run_check(check_legal_basis, make_procedure(legal_basis=(law, law))))

    assert any("ở tương lai" in message for message in told)
    assert any("ghi hai lần" in message for message in told)


def test_an_older_law_of_the_same_name_is_a_reminder_not_an_error() -> None:
    """A new law of the same name mostly replaces the old one, but a person has to look."""
    old = make_procedure("1.000001", legal_basis=(LegalText("38/2019/QH14", "Luật Thả diều"),))
    new = make_procedure("1.000002", legal_basis=(LegalText("108/2025/QH15", "Luật Thả diều"),))

    found = run_check(check_newer_laws, old, new)

    assert [(finding.warning, finding.problem.path.name) for finding in found] == [(True, "1.000001.yml")]
    assert "108/2025/QH15" in found[0].problem.message
