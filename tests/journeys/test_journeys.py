"""Whole conversations with the running system, as citizens have them; the cases are in the YAML files beside."""

from __future__ import annotations

import pytest

from tests.journeys.cases import Journey, load_journeys, load_known_misses
from tests.journeys.conversation import WentAnotherWay, walk
from tests.journeys.system import System

TOPICS = load_journeys()
KNOWN_MISSES = load_known_misses()
CASES = [pytest.param(j, id=f"{topic}: {j.name}") for topic, journeys in TOPICS.items() for j in journeys]


@pytest.mark.parametrize("journey", CASES)
def test_conversation(journey: Journey, system: System) -> None:
    """What the name says is what a citizen meets; a known miss must still be one."""
    why = KNOWN_MISSES.get(journey.name)
    if why is None:
        walk(journey, system)
        return
    with pytest.raises(WentAnotherWay):
        walk(journey, system)
        pytest.fail(f"{journey.name!r} goes as written now: take it out of known_misses.yml")


def test_every_known_miss_is_a_conversation() -> None:
    """A renamed conversation must not leave a stale excuse behind."""
    names = {journey.name for journeys in TOPICS.values() for journey in journeys}

    assert set(KNOWN_MISSES) <= names


def test_there_are_enough_conversations_and_enough_without_marks() -> None:
    """People on phones leave the marks out: at least eighty conversations, three in ten messages unmarked."""
    journeys = [journey for found in TOPICS.values() for journey in found]
    said = [step.says for journey in journeys for step in journey.steps if step.says]
    words = [text for text in said if any(letter.isalpha() for letter in text)]
    unmarked = [text for text in words if text.isascii()]

    assert len(journeys) >= 80
    assert len(unmarked) >= 0.3 * len(words)
