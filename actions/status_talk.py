"""What was said lately in the talk about an application: which digits are fresh, whether a look-up just failed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rasa_sdk import Tracker

from knowledge.vietnamese import fold

#: In place of a code, what the button "Tra hồ sơ khác" carries: the form then asks for one.
ANOTHER = "another"
#: In place of a digits' token: the identity check of this application succeeded lately in this conversation.
CHECKED = "checked"
_MESSAGES_DIGITS_LIVE = 2
_ANOTHER = re.compile(r"\b(ho so|hs|ma|cai) khac\b")
_THE_OTHER = re.compile(r"\b(ho so|hs|ma|cai) (kia|con lai|truoc do)\b")


def are_fresh_digits(tracker: Tracker, token: str) -> bool:
    """Tell whether the digits came with this message or the one before; older ones were meant for another code."""
    lately = [message for message, _ in zip(_messages(tracker), range(_MESSAGES_DIGITS_LIVE), strict=False)]
    return any(token in _entities(message, "pin_token") for message in lately)


def wants_another(tracker: Tracker) -> bool:
    """Tell whether the message asks for another application without its code: "tra hồ sơ khác"."""
    message = tracker.latest_message or {}
    intent = (message.get("intent") or {}).get("name")
    names_a_code = _entities(message, "application_code") or _entities(message, "application_code_problem")
    return intent == "ask_status" and not names_a_code and bool(_ANOTHER.search(fold(message.get("text") or "")))


def the_other_one(tracker: Tracker) -> str | None:
    """Return the application shown before the last one when the message means it: "thế còn hồ sơ kia"."""
    message = tracker.latest_message or {}
    names_a_code = _entities(message, "application_code") or _entities(message, "application_code_problem")
    known = tracker.get_slot("last_applications") or []
    means_it = not names_a_code and _THE_OTHER.search(fold(message.get("text") or ""))
    return str(known[1]) if means_it and len(known) > 1 else None


def brought_a_wrong_code(tracker: Tracker) -> bool:
    """Tell whether the message holds a code of wrong form, of which the citizen has been told."""
    return bool(_entities(tracker.latest_message or {}, "application_code_problem"))


def just_looked_up(tracker: Tracker) -> bool:
    """Tell whether this turn has looked an application up already: the form goes on after a failure."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "action" and event["name"] == "action_show_status":
            return True
    return False


def _messages(tracker: Tracker) -> Iterator[dict[str, Any]]:
    """Yield the citizen's messages, the latest first."""
    return (event.get("parse_data") or {} for event in reversed(tracker.events) if event["event"] == "user")


def _entities(message: dict[str, Any], name: str) -> list[Any]:
    return [entity["value"] for entity in message.get("entities") or () if entity["entity"] == name]
