"""Which earlier procedure a message goes back to: the first ("cái đầu"), the last one, or the one it names."""

from __future__ import annotations

import re

from actions.bearing import DEEP
from actions.choices import names_first
from actions.memory import Memory
from knowledge.search import Search
from knowledge.vietnamese import fold

_COUNTS = re.compile(r"\b(?:quay lai|tro lai|quay ve) (?:cai|thu tuc|viec|chuyen)\b")
#: "Quay lại chứng chỉ dược" names which of the earlier ones.
_NAMES = re.compile(r"(?:(?:a|da|ok|thoi|u|cho (?:em|toi|tui|minh))[ ,]+)*(?:quay|tro) (?:lai|ve) ")


def goes_back(text: str, intent: str) -> bool:
    """Tell whether a message goes back without naming where to."""
    return intent == "go_back" or _COUNTS.search(fold(text)) is not None


def earlier(text: str, memory: Memory) -> str | None:
    """Return the first or the last of the earlier procedures; the one under discussion when there was none before."""
    return memory.history[0 if names_first(text) else -1] if memory.history else memory.procedure_code


def named_earlier(text: str, memory: Memory, search: Search) -> str | None:
    """Return the earlier procedure that a message names to go back to, or None when it does no such thing."""
    found = _NAMES.match(fold(text))
    if not found or not memory.history:
        return None
    known = {*memory.history, memory.procedure_code}
    codes = (hit.procedure.code for hit in search.find(text[found.end() :], DEEP).hits)
    return next((code for code in codes if code in known), None)
