"""Our own words stay our own."""

from __future__ import annotations

from knowledge.auditing.copied import compare_wording
from knowledge.model import Paper
from tests.knowledge.builders import make_procedure, make_source

SENTENCE = " ".join(f"tiếng{number}" for number in range(40))


def test_a_copied_passage_is_told() -> None:
    """The sentences of the source are not the project's."""
    procedure = make_procedure(conditions=(SENTENCE,))

    assert len(list(compare_wording(procedure, make_source(conditions=f"Trước. {SENTENCE}")))) == 1


def test_shorter_agreement_and_names_of_papers_are_no_copies() -> None:
    """Official names are facts."""
    short = " ".join(SENTENCE.split()[:24])
    procedure = make_procedure(conditions=(short,), documents=(Paper(SENTENCE),))

    assert list(compare_wording(procedure, make_source(conditions=SENTENCE))) == []
