"""Walks one conversation through a running system and tells where it went another way."""

from __future__ import annotations

import uuid
from typing import Any

from tests.journeys.cases import Journey, Step, faults_of
from tests.journeys.system import System


class WentAnotherWay(AssertionError):
    """A turn was not as written; the message shows the conversation so far."""


def walk(journey: Journey, system: System) -> None:
    """Say each step in a conversation of its own.

    Raises:
        WentAnotherWay: at the first step that differs.
    """
    conversation = f"journey-{uuid.uuid4().hex[:12]}"
    told: list[str] = []
    buttons: dict[str, str] = {}
    offered: list[str] = []
    try:
        for step in journey.steps:
            if step.one_stop is not None:
                system.set_one_stop(mode=step.one_stop.value, delay_s=5)
            result = _turn(step, buttons, conversation, system, told)
            faults = faults_of(step, result, offered)
            if faults:
                raise WentAnotherWay("\n".join([journey.name, *told, *(f"  !! {fault}" for fault in faults)]))
            new = {button["title"]: button["payload"] for reply in result["replies"] for button in reply["buttons"]}
            buttons = new or buttons
            offered = result["candidates"] or result["procedure_codes"]
    finally:
        if any(step.one_stop is not None for step in journey.steps):
            system.set_one_stop(mode="ok")


def _turn(step: Step, buttons: dict[str, str], conversation: str, system: System, told: list[str]) -> dict[str, Any]:
    if step.presses is not None:
        told.append(f"> [{step.presses}]")
        payload = step.presses if step.presses.startswith("/") else buttons.get(step.presses)
        if payload is None:
            raise WentAnotherWay("\n".join([*told, f"  !! no such button: {list(buttons)}"]))
        said = {"payload": payload}
    else:
        told.append(f"> {step.says}")
        said = {"text": str(step.says)}
    response = system.say(conversation, said)
    if response.status_code != 200:
        raise WentAnotherWay("\n".join([*told, f"  !! HTTP {response.status_code}: {response.text[:300]}"]))
    result: dict[str, Any] = response.json()
    for reply in result["replies"]:
        told.append("  " + reply["text"].replace("\n", "\n  "))
        told += [f"  [{button['title']}]" for button in reply["buttons"]]
    told.append(f"  -- {result['outcome']} {result['procedure_code']} {result['candidates'] or ''}")
    return result
