"""The form of a conversation in YAML (README.md beside this file) and what every reply must be fit for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from actions.one_stop.simulator.faults import Mode
from actions.turn import Outcome

HERE = Path(__file__).parent
KNOWN_MISSES = HERE / "known_misses.yml"
MAX_BUBBLE = 4_000

#: What no citizen may ever read: a template's braces, Python's words, abolished offices and service levels.
_UNFIT = re.compile(
    r"[{}]|\b(?:None|null|True|False|Traceback|Exception|utter_\w+|action_\w+|pin_[0-9a-f]{12})\b"
    r"|UBND (?:cấp )?(?:huyện|quận)|Ủy ban nhân dân (?:cấp )?(?:huyện|quận)|mức độ [34]\b"
)
#: The state's sites, and the app's own list of papers to print.
_GOOD_LINK = re.compile(r"https://([a-z0-9-]+\.)*gov\.vn(/|$)|/thu-tuc/\d\.\d{6}/danh-sach$")
Name = Annotated[str, Field(min_length=5)]
Model = TypeVar("Model", bound=BaseModel)


class Step(BaseModel):
    """One message and what must come back; only what is written is checked."""

    model_config = ConfigDict(extra="forbid")

    says: str | None = None
    presses: str | None = None
    one_stop: Mode | None = None
    outcome: Outcome | None = None
    procedure: str | None = None
    procedures: list[str] | None = None
    contains: list[str] = []
    lacks: list[str] = []
    buttons: list[str] = []
    candidates_contain: list[str] = []
    picks: Annotated[int, Field(ge=1, le=9)] | None = None

    @model_validator(mode="after")
    def _one_message(self) -> Step:
        if (self.says is None) == (self.presses is None):
            raise ValueError("each step has either says or presses")
        return self


class Journey(BaseModel):
    """A conversation; its name is the sentence that it proves."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    steps: Annotated[list[Step], Field(min_length=1)]


class KnownMiss(BaseModel):
    """A conversation that does not go as written yet, and why."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    why: Annotated[str, Field(min_length=10)]


def load_journeys(folder: Path = HERE) -> dict[str, list[Journey]]:
    """Return the conversations by topic (file name).

    Raises:
        ValueError: an unknown key, a step without a message, or two conversations of one name.
    """
    topics: dict[str, list[Journey]] = {}
    for path in sorted(folder.glob("*.yml")):
        if path.name != KNOWN_MISSES.name:
            topics[path.stem] = [_parse(Journey, entry, path) for entry in _entries(path)]
    names = [journey.name for journeys in topics.values() for journey in journeys]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"two conversations of one name: {twice}")
    return topics


def load_known_misses(path: Path = KNOWN_MISSES) -> dict[str, str]:
    """Return why each known miss fails, by the conversation's name."""
    misses = [_parse(KnownMiss, entry, path) for entry in _entries(path)]
    return {miss.name: miss.why for miss in misses}


def _entries(path: Path) -> list[Any]:
    content = yaml.safe_load(path.read_text(encoding="utf8"))
    if content is None:
        return []
    if not isinstance(content, list):
        raise ValueError(f"{path.name}: write a list of conversations")
    return content


def _parse(model: type[Model], entry: Any, path: Path) -> Model:
    try:
        return model.model_validate(entry)
    except ValueError as error:
        name = entry.get("name", "?") if isinstance(entry, dict) else entry
        raise ValueError(f"{path.name}, {name!r}: {error}") from error


def faults_of(step: Step, result: dict[str, Any], offered: list[str]) -> list[str]:
    """Return how a turn differs from what the step asks for, one sentence each.

    offered: the codes that the turn before offered.
    """
    text = "\n".join(reply["text"] for reply in result["replies"])
    titles = [button["title"] for reply in result["replies"] for button in reply["buttons"]]
    found = unfit_for_citizens(result)
    found += [f"does not say {part!r}" for part in step.contains if part not in text]
    found += [f"says {part!r}" for part in step.lacks if part in text]
    found += [f"has no button {title!r}, only {titles}" for title in step.buttons if title not in titles]
    if step.outcome is not None and result["outcome"] != step.outcome.value:
        found.append(f"outcome {result['outcome']}, not {step.outcome.value}")
    if step.outcome is not Outcome.FAILED and result["outcome"] == Outcome.FAILED.value:
        found.append("the turn failed")
    if "procedure" in step.model_fields_set and result["procedure_code"] != step.procedure:
        found.append(f"is about {result['procedure_code']}, not {step.procedure}")
    if step.procedures is not None and result["procedure_codes"] != step.procedures:
        found.append(f"procedures {result['procedure_codes']}, not {step.procedures}")
    if step.picks is not None and result["procedure_code"] not in offered[step.picks - 1 : step.picks]:
        found.append(f"is about {result['procedure_code']}, not choice {step.picks} of {offered}")
    missing = [code for code in step.candidates_contain if code not in result["candidates"]]
    if missing:
        found.append(f"offers {result['candidates']}, without {missing}")
    return found


def unfit_for_citizens(result: dict[str, Any]) -> list[str]:
    """Return what is wrong with a turn whatever was asked: silence, programmers' words, links to strangers."""
    found = [] if result["replies"] else ["says nothing"]
    for reply in result["replies"]:
        if not reply["text"].strip() or len(reply["text"]) > MAX_BUBBLE:
            found.append(f"a bubble of {len(reply['text'])} letters")
        if unfit := _UNFIT.search(reply["text"]):
            found.append(f"a citizen reads {unfit[0]!r}")
        found += [f"links to {link['url']}" for link in reply["links"] if not _GOOD_LINK.match(link["url"])]
    return found
