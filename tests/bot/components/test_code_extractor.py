"""Codes found in messages, however they are typed."""

from __future__ import annotations

from bot.components.code_extractor import find_entities


def found(text: str) -> list[tuple[str, str]]:
    return [(entity["entity"], entity["value"]) for entity in find_entities(text)]


def test_a_code_is_canonical():
    """The one-stop system knows codes in one form only."""
    assert found("hs h50.05 - 261008 - 0975 xong chưa") == [("application_code", "H50.05-261008-0975")]


def test_a_wrong_code_comes_as_typed_with_its_problem():
    """The citizen must be told what is wrong with it."""
    (entity,) = find_entities("H50.05-269999-0975")

    assert (entity["entity"], entity["value"], entity["problem"]) == (
        "application_code_problem",
        "H50.05-269999-0975",
        "bad_date",
    )


def test_the_code_taken_back_is_not_the_one_meant():
    """ "Không phải X, mã là Y" is about Y."""
    entities = dict(found("không phải H50.05-261008-0975, mã là H50.05-261008-0976"))

    assert entities["application_code"] == "H50.05-261008-0976"
    assert entities["other_application_code"] == "H50.05-261008-0975"


def test_masked_digits_and_procedures():
    """Digits come masked; a procedure may be named by its code."""
    assert found("pin_0123456789ab") == [("pin_token", "pin_0123456789ab")]
    assert found("thủ tục 1.001193.000.00.00.H56") == [("procedure_code", "1.001193")]
    assert found("pin_123") == []


def test_a_button_speaks_for_itself():
    """The payload names its entities; finding them twice would double them."""
    assert find_entities('/choose_procedure{"procedure_code": "1.001193"}') == []
