"""Entities have a say in what a message is taken for."""

from __future__ import annotations

import pytest

from bot.components.second_thoughts import believed, reconsidered

THANKS = [("thanks", 0.8), ("ask_place", 0.15), ("ask_fee", 0.05)]


def test_thanks_behind_a_question_leave_the_question():
    """ "… nop o dau vay, cam on nhieu" wants an address, not a bow."""
    ranking = reconsidered(THANKS, {"kind"}, ["thanks"])

    assert [intent for intent, _ in ranking] == ["ask_place", "ask_fee"]
    assert ranking[0][1] == pytest.approx(0.75)


def test_thanks_alone_stay_thanks():
    """Nothing was asked."""
    assert reconsidered(THANKS, set(), ["thanks"])[0][0] == "thanks"


def test_giving_a_code_and_asking_about_it_do_not_outvote_each_other():
    """ "còn hồ sơ H50… nữa" is half of each; a third of both was less than a guess."""
    ranking = [("ask_fee", 0.36), ("ask_status", 0.33), ("inform_code", 0.31)]

    merged = reconsidered(ranking, {"application_code"}, [])

    assert merged[0] == ("ask_status", pytest.approx(0.64))
    assert [intent for intent, _ in merged] == ["ask_status", "ask_fee"]


def test_without_a_code_both_stay_apart():
    """A form that waits for the code tells them apart by it."""
    ranking = [("inform_code", 0.6), ("ask_status", 0.4)]

    assert reconsidered(ranking, set(), []) == ranking


def test_a_code_alone_needs_no_question():
    """Where only one of both is known, nothing is invented."""
    assert reconsidered([("inform_code", 1.0)], {"application_code"}, []) == [("inform_code", 1.0)]


@pytest.mark.parametrize(
    ("confidence", "entities", "intent"),
    [(0.5, set(), "nlu_fallback"), (0.8, set(), "ask_status"), (0.5, {"application_code"}, "ask_status")],
)
def test_a_mere_guess_is_not_acted_upon_unless_a_code_stands_there(confidence, entities, intent):
    """The search looks first, but not past the code of an application."""
    best = {"name": "ask_status", "confidence": confidence}

    assert believed(best, entities, ["ask_status"], 0.7)["name"] == intent
