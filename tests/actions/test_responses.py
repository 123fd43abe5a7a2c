"""Actions, channels and the domain agree: every response named exists, with all its values, and none is idle."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.kinds import BUTTON_TITLES, Kind
from actions.one_stop.port import Status
from knowledge.codes import CodeProblem

ROOT = Path(__file__).parents[2]
_BRACES = re.compile(r"\{(\w+)\}")
#: Spoken by rasa itself when it can predict nothing.
SPOKEN_BY_RASA = {"utter_default"}
#: Written for life events that are not in the catalogue yet.
AWAITING_THEIR_SPEAKER = {"utter_life_event_unknown"}


@cache
def domain_responses() -> dict[str, set[str]]:
    """Return the variables of every response, by name."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "bot" / "domain" / "responses").glob("*.yml")):
        for name, variants in yaml.safe_load(path.read_text(encoding="utf8"))["responses"].items():
            found[name] = {word for variant in variants for word in _BRACES.findall(variant.get("text", ""))}
    return found


def spoken(names: str) -> list[str]:
    """Return all names that a pattern with one {…} stands for."""
    ends = {
        "utter_status_{…}": [status.name.lower() for status in Status],
        "utter_news_{…}": [*(status.name.lower() for status in Status), "as_received"],
        "utter_code_{…}": [problem.value for problem in CodeProblem],
        "utter_ask_which_{…}": ["act", "foreign", "level", "listed", "who"],
        "utter_zalo_thumb_{…}": ["up", "down"],
        "utter_told_{…}": [kind.value for kind in Kind if kind not in BUTTON_TITLES],
        "utter_{…}_not_stated": [kind.value for kind in Kind if kind not in BUTTON_TITLES],
    }
    return [names.replace("{…}", end) for end in ends[names]] if "{…}" in names else [names]


def _text(node: ast.expr) -> list[str]:
    """Return the response names that an expression may give; a computed part reads {…}."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("utter_"):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        joined = "".join(str(part.value) if isinstance(part, ast.Constant) else "{…}" for part in node.values)
        return spoken(joined) if joined.startswith("utter_") else []
    if isinstance(node, ast.IfExp):
        return _text(node.body) + _text(node.orelse)
    return []


@cache
def code_of(folder: str) -> list[tuple[Path, ast.Module]]:
    paths = sorted((ROOT / folder).rglob("*.py"))
    return [(path, ast.parse(path.read_text(encoding="utf8"))) for path in paths]


@cache
def named_in_code() -> set[str]:
    """Return every response name that stands anywhere in actions/ or channels/."""
    trees = [tree for folder in ("actions", "channels") for _, tree in code_of(folder)]
    names = {name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.expr) for name in _text(node)}
    return {name for name in names if not name.endswith("_")}  # the beginning of a computed name is no name


@cache
def named_in_dialogue() -> set[str]:
    """Return every response that a rule or story of the dialogue utters."""
    texts = [path.read_text(encoding="utf8") for path in (ROOT / "bot" / "dialogue").glob("*.yml")]
    return {name for text in texts for name in re.findall(r"\butter_\w+", text)}


def calls() -> list[tuple[str, str, set[str], bool]]:
    """Return (place, response, values given, whether further values come by **) of every say and close."""
    found: list[tuple[str, str, set[str], bool]] = []
    for path, tree in code_of("actions"):
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            named = {
                target.id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(function):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                    continue
                if node.func.attr not in ("say", "close"):
                    continue
                first = node.args[0]
                first = named.get(first.id, first) if isinstance(first, ast.Name) else first
                values = {keyword.arg for keyword in node.keywords if keyword.arg}
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                open_ended = any(keyword.arg is None for keyword in node.keywords)
                found += [(place, name, values, open_ended) for name in _names(first)]
    return found


def _names(node: ast.expr) -> list[str]:
    """Return the names behind an expression, also those in a table of choices."""
    direct = _text(node)
    return direct or [name for part in ast.walk(node) if isinstance(part, ast.Constant) for name in _text(part)]


def test_no_response_is_written_twice() -> None:
    """Of two texts with one name, one would be spoken and the other mended."""
    paths = sorted((ROOT / "bot" / "domain" / "responses").glob("*.yml"))
    names = Counter(name for path in paths for name in yaml.safe_load(path.read_text(encoding="utf8"))["responses"])

    assert [name for name, count in names.items() if count > 1] == []


def test_every_response_named_exists() -> None:
    """Rasa skips an unknown name in silence; the citizen meets nothing."""
    assert sorted((named_in_code() | named_in_dialogue()) - set(domain_responses())) == []


def test_every_response_is_spoken_by_somebody() -> None:
    """A sentence nobody speaks will be mended in vain."""
    idle = set(domain_responses()) - named_in_code() - named_in_dialogue()

    assert sorted(idle - AWAITING_THEIR_SPEAKER - SPOKEN_BY_RASA) == []


def test_the_calls_are_found() -> None:
    """The tests below must not pass by finding nothing."""
    found = {name for _, name, _, _ in calls()}

    assert len(found) > 40
    assert {"utter_fee", "utter_status_finished", "utter_ask_which_act", "utter_online_none"} <= found


def test_every_value_of_a_response_is_given() -> None:
    """A missing value sends raw braces to a citizen."""
    known = domain_responses()
    missing = [
        f"{place}: {name} wants {sorted(known[name] - values)}"
        for place, name, values, open_ended in calls()
        if not open_ended and not known.get(name, set()) <= values
    ]

    assert missing == []


def test_the_values_of_a_status_cover_every_status_response() -> None:
    """They are given as one table, so they are compared as one."""
    from actions.applications import _values
    from tests.actions.test_applications import VIEW

    given = set(_values(VIEW))
    wanted = {name: domain_responses()[name] for name in spoken("utter_status_{…}")}

    assert {name: words - given for name, words in wanted.items() if words - given} == {}


@pytest.mark.parametrize("name", sorted(domain_responses()))
def test_what_the_dialogue_says_itself_needs_no_values(name: str) -> None:
    """Rules know no facts: a response they utter has no braces."""
    if name in named_in_dialogue() and name not in named_in_code():
        assert domain_responses()[name] == set()


def test_every_action_of_the_domain_is_built(tmp_path: Path) -> None:
    """An action that nobody runs fails the turn."""
    from actions.digits import DigitVault
    from actions.services import Services, build_actions
    from tests.actions.builders import FakeJudge, FakeSearch
    from tests.actions.test_applications import FakeLookup
    from tests.fakes.subscriptions import MemorySubscriptions

    domain: dict[str, Any] = yaml.safe_load((ROOT / "bot" / "domain" / "domain.yml").read_text(encoding="utf8"))
    parts: Any = (FakeSearch({}), FakeJudge(), FakeLookup(), DigitVault())

    services = Services(*parts, subscriptions=MemorySubscriptions())
    assert {action.name() for action in build_actions(services)} == set(domain["actions"])
