"""Rules found by an index are the rules that Rasa finds."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from rasa.core.featurizers.tracker_featurizers import MaxHistoryTrackerFeaturizer
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rule_lookup import RuleIndex, RuleLookup

ACTIONS = ("action_listen", "action_answer", "utter_thanks", "status_form")
INTENTS = ("ask_fee", "thanks", "ask_status")
#: Rasa's methods, before anything replaces them.
FIND, STATES = RulePolicy._get_possible_keys, RulePolicy._prediction_states


def some_state(random: Random, in_rule: bool) -> dict[str, dict[str, Any]]:
    """Return a state of a rule or of a conversation, as Rasa writes them."""
    state: dict[str, dict[str, Any]] = {}
    if random.random() < 0.85:
        state["prev_action"] = {"action_name": random.choice(ACTIONS)}
    if random.random() < 0.7:
        intents = (*INTENTS, "should_not_be_set") if in_rule else INTENTS
        state["user"] = {"intent": random.choice(intents)}
    if random.random() < 0.3:
        value = "should_not_be_set" if in_rule and random.random() < 0.5 else [1.0]
        state["slots"] = {"procedure_code": value if in_rule else tuple(value)}
    if random.random() < 0.2:
        state["active_loop"] = {
            "name": random.choice(("status_form", "should_not_be_set" if in_rule else "status_form"))
        }
    return state


def some_rules(random: Random) -> dict[str, str]:
    """Return a table of rules of one to three states."""
    rules = [[some_state(random, True) for _ in range(random.randint(1, 3))] for _ in range(60)]
    return {json.dumps(states, sort_keys=True): "action_answer" for states in rules}


@pytest.mark.parametrize("seed", range(20))
def test_the_same_rules_match(seed: int) -> None:
    """Whatever the conversation holds, also at its beginning."""
    random = Random(seed)
    policy = object.__new__(RulePolicy)
    table, lookup = some_rules(random), RuleLookup(FIND, STATES)
    matched = 0
    for _ in range(100):
        states = [some_state(random, False) for _ in range(random.randint(1, 6))]
        found = lookup.find(policy, table, states)
        assert found == FIND(policy, table, states)
        matched += len(found)

    assert matched > 50


def test_few_rules_are_held_against_a_conversation() -> None:
    """That is what it is for."""
    rules = [
        [{"prev_action": {"action_name": "action_listen"}, "user": {"intent": f"intent_{number}"}}]
        for number in range(50)
    ]
    index = RuleIndex({json.dumps(states): "action_answer" for states in rules})

    assert len(index.candidates(rules[7][0])) == 1


@pytest.mark.parametrize("length", range(1, 7))
def test_the_states_of_a_conversation_are_the_same(length: int) -> None:
    """By text and by intent, asked one after the other, and again when the conversation has gone on."""
    domain = Domain.from_dict(
        {"intents": ["greet", "ask_fee"], "slots": {"code": {"type": "text", "mappings": [{"type": "from_text"}]}}}
    )
    events: list[Event] = [
        ActionExecuted("action_listen"),
        UserUttered("chào", {"name": "greet"}),
        SlotSet("code", "1.001193"),
        ActionExecuted("action_default_fallback"),
        ActionExecuted("action_listen"),
        UserUttered("lệ phí", {"name": "ask_fee"}),
    ]
    policy = object.__new__(RulePolicy)
    vars(policy)["_Policy__featurizer"] = MaxHistoryTrackerFeaturizer()
    tracker = DialogueStateTracker.from_events("c", [], slots=domain.slots)
    lookup = RuleLookup(FIND, STATES)
    for event in events[:length]:
        tracker.update(event, domain)
        for use_text in (True, False):
            assert lookup.states(policy, tracker, domain, use_text) == STATES(policy, tracker, domain, use_text)
