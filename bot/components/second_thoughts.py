"""What the entities of a message say against, or for, the intent that its words suggest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME

Ranking = list[tuple[str, float]]

#: A message with one of these is about an application, however it is worded.
APPLICATION = frozenset({"application_code", "application_code_problem", "pin_token"})
#: Both lead to the status check; a code in the message is given and asked about at once.
GIVES, ASKS = "inform_code", "ask_status"


def reconsidered(
    ranking: Sequence[tuple[str, float]], entities: Collection[str], courtesies: Collection[str]
) -> Ranking:
    """Return the ranking in the light of the kinds of entities that were found, likeliest first.

    Whoever asks for a kind of fact does not merely say thanks: the courtesies are left out and the rest is scaled up.
    Giving a code and asking where it stands are one where a code is given: together they outvote the rest, and the
    likelier of the two keeps the name.
    """
    rest = [one for one in ranking if "kind" not in entities or one[0] not in courtesies]
    left = sum(probability for _, probability in rest)
    before = sum(probability for _, probability in ranking)
    if rest and left:
        rest = [(intent, probability * before / left) for intent, probability in rest]
    together = [one for one in rest if one[0] in (GIVES, ASKS)] if APPLICATION & set(entities) else []
    if len(together) > 1:
        (name, _), *_ = together
        merged = [(name, sum(p for _, p in together)), *(one for one in rest if one not in together)]
        rest = sorted(merged, key=lambda one: -one[1])
    return rest


def believed(
    best: dict[str, Any], entities: Collection[str], cautious: Collection[str], threshold: float
) -> dict[str, Any]:
    """Return the best intent, or the fallback where nobody should be turned away, nor data deleted, on a mere guess."""
    if best["name"] not in cautious or best["confidence"] >= threshold or APPLICATION & set(entities):
        return best
    return {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1.0 - float(best["confidence"])}
