"""What tells who somebody is must not be kept; questions must stay questions."""

from __future__ import annotations

import pytest

from channels.masking import hide_for_statistics, hide_people
from channels.masking.__main__ import FILES
from channels.masking.evaluation import FORMS, NUMBERS, Example, measure, read_example, read_examples
from knowledge.catalogue import load_catalogue
from knowledge.vietnamese import fold

BUILDING = read_examples(FILES["building"])
ALL = [*BUILDING, *read_examples(FILES["untouched"])]


@pytest.mark.parametrize("example", BUILDING, ids=lambda example: example.text)
def test_an_example_as_people_write_it(example: Example) -> None:
    """One line of masking_cases.yml, typed with marks and capitals as it stands there."""
    known = {"Bố Trạch, Minh Hóa, Tuyên Hóa nay là xã nào"}  # a list of places that begins like "bố …"

    assert measure([example]).misses == [] or example.text in known


@pytest.mark.parametrize("form", FORMS)
def test_numbers_and_names_are_found_however_they_are_typed(form: str) -> None:
    """Without capitals and marks names are harder; the figures must not fall unseen."""
    score = measure(ALL, form)

    assert len(ALL) >= 500
    assert score.recall(*NUMBERS) >= 0.99
    assert score.recall("name") >= 0.9
    assert score.precision >= 0.98
    assert score.kept / score.questions >= 0.985


def test_a_conversation_keeps_its_application_code_and_statistics_do_not() -> None:
    """The form needs the code; a table of questions does not."""
    text = "hồ sơ H50.05-261102-0001 của chị Nguyễn Thị Bưởi"

    assert hide_people(text) == "hồ sơ H50.05-261102-0001 của chị •••"
    assert hide_for_statistics(text) == "hồ sơ ••• của chị •••"


def test_the_token_of_hidden_digits_stays() -> None:
    """The look-up takes the digits out by it."""
    assert hide_people("số cuối là pin_0123456789ab") == "số cuối là pin_0123456789ab"


def test_names_of_procedures_are_no_names_of_people() -> None:
    """Every title and every way to call a procedure, with marks and without: they must stay questions."""
    catalogue = load_catalogue()
    names = [name for one in catalogue for name in (one.title, one.short_title, *one.also_called)]
    changed = [name for name in names if hide_people(name) != name]
    changed_bare = [name for name in map(fold, names) if hide_people(name) != name]

    assert len(names) > 10_000
    assert len(changed) <= 0.001 * len(names), changed
    assert len(changed_bare) <= 0.006 * len(names), changed_bare


def test_hiding_twice_changes_nothing() -> None:
    """Text passes through on several ways."""
    for example in ALL:
        once = hide_people(example.text)
        assert hide_people(once) == once, example.text


def test_an_example_tells_what_must_go() -> None:
    """The file's notation."""
    example = read_example("gọi [phone:0912345678] nhé")

    assert [example.text[one.span.start : one.span.end] for one in example.secrets] == ["0912345678"]
