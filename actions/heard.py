"""What the dialogue server heard in a message beside its intent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NO_OFFICE = frozenset({"emergency", "insult", "other_language", "out_of_scope", "scam_or_secret"})
#: Together less likely than this: the message is a question for an office.
SURELY_AN_OFFICE = 0.08


def asks_an_office(message: Mapping[str, Any]) -> bool:
    """Tell whether the classifier is sure that a message is none of those that no office answers."""
    ranking = message.get("intent_ranking") or ()
    other = sum(float(one["confidence"]) for one in ranking if one["name"] in _NO_OFFICE)
    return bool(ranking) and other < SURELY_AN_OFFICE


def without_kinds(text: str, message: Mapping[str, Any]) -> str:
    """Return the text without the phrases that ask for a kind of fact ("hết bao nhiêu tiền")."""
    spans = [(e["start"], e["end"]) for e in message.get("entities", ()) if e["entity"] == "kind" and "end" in e]
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text
