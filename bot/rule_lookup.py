"""Finds the rules of a turn as Rasa's rule policy does, in less time: a turn asks for them three times.

Rasa holds each rule against each state of the whole conversation, and works the states out anew each time. Here only
the rules are held that can match the last state, against as many states as the longest rule has; and the states are
worked out once for the two questions "by its text?" and "by its intent?" of the same message.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

#: The last action and the intent that the last state of a rule asks for; None = any.
_Key = tuple[object, object]
_Find = Callable[[RulePolicy, dict[str, str], list[State]], set[str]]
_States = Callable[..., list[State]]


class RuleIndex:
    """The rules of one table by what their last state asks for.

    longest: how many states the longest of them has.
    """

    def __init__(self, table: dict[str, str]) -> None:
        self.longest = 0
        self._rules: dict[_Key, list[str]] = defaultdict(list)
        for rule in table:
            states = RulePolicy._rule_key_to_state(rule)
            self.longest = max(self.longest, len(states))
            self._rules[_asked_by(states[-1])].append(rule)

    def candidates(self, state: State) -> set[str]:
        """Return every rule that may match a conversation whose last state this is."""
        action = state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME)
        intent = state.get(USER, {}).get(INTENT)
        keys = {(action, intent), (action, None), (None, intent), (None, None)}
        return {rule for key in keys for rule in self._rules.get(key, ())}


def _asked_by(rule_state: State) -> _Key:
    action = rule_state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME)
    intent = rule_state.get(USER, {}).get(INTENT)
    return None if action == SHOULD_NOT_BE_SET else action, None if intent == SHOULD_NOT_BE_SET else intent


class RuleLookup:
    """What replaces two methods of Rasa's RulePolicy while a model is served."""

    def __init__(self, find: _Find, states: _States) -> None:
        """find, states: Rasa's own methods, for what is not worth an index."""
        self._find = find
        self._states = states
        self._known: tuple[DialogueStateTracker, Event, list[State]] | None = None

    def find(self, policy: RulePolicy, table: dict[str, str], states: list[State]) -> set[str]:
        """Return the rules of a table that match a conversation."""
        # The first state of a conversation has no last action; rules that begin there match whatever else it holds.
        if not states or not states[-1].get(PREVIOUS_ACTION):
            return self._find(policy, table, states)
        index = _index_of(policy, table)
        possible = index.candidates(states[-1])
        for back, state in enumerate(reversed(states[-index.longest :])):
            possible = {rule for rule in possible if policy._is_rule_applicable(rule, back, state)}
        return possible

    def states(
        self, policy: RulePolicy, tracker: DialogueStateTracker, domain: Domain, use_text: bool = False, **more: Any
    ) -> list[State]:
        """Return the states of a conversation, the last message by its text or by its intent."""
        if not tracker.events or tracker.latest_action_name != ACTION_LISTEN_NAME:
            return self._states(policy, tracker, domain, use_text, **more)
        last = tracker.events[-1]
        if self._known is None or self._known[0] is not tracker or self._known[1] is not last:
            self._known = (tracker, last, policy.featurizer._create_states(tracker, domain))
        states = [{name: dict(part) for name, part in state.items()} for state in self._known[2]]
        if not use_text:
            self._known = None  # asked last; nobody's words are held any longer
        policy.featurizer._choose_last_user_input([states], use_text)
        return states


def _index_of(policy: RulePolicy, table: dict[str, str]) -> RuleIndex:
    """Return the index of one of a policy's tables; it goes when the model goes."""
    indexes: dict[int, RuleIndex] = vars(policy).setdefault("rule_indexes", {})
    if id(table) not in indexes:
        indexes[id(table)] = RuleIndex(table)
    return indexes[id(table)]


def install() -> None:
    """Let every rule policy of this process find its rules this way; not while training, which changes the tables."""
    lookup = RuleLookup(RulePolicy._get_possible_keys, RulePolicy._prediction_states)
    RulePolicy._get_possible_keys = lambda self, table, states: lookup.find(self, table, states)
    RulePolicy._prediction_states = (
        lambda self, tracker, domain, use_text_for_last_user_input=False, rule_only_data=None: lookup.states(
            self, tracker, domain, use_text_for_last_user_input, rule_only_data=rule_only_data
        )
    )
