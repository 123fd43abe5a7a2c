"""Cuts a long story into clauses: what is asked stands in one of them, the rest is how it came about."""

from __future__ import annotations

import re

_ENDS = re.compile(r"[.!?;\n]+|,\s")
#: From this many words on a message is a story.
STORY_WORDS = 23
CLAUSE_WORDS = 14
LONGEST = 28
#: Messages typed or dictated without any punctuation are cut into overlapping windows.
WINDOW, STEP = 24, 18
_TOO_SHORT = 6
MOST_CLAUSES = 8


def clauses(text: str) -> list[str]:
    """Return the clauses of a story, each of about 14 to 28 words; nothing when the message is short.

    >>> clauses("xin cấp lại giấy khai sinh")
    []
    """
    if len(text.split()) < STORY_WORDS:
        return []
    joined: list[str] = []
    current = ""
    for piece in filter(None, map(str.strip, _ENDS.split(text))):
        current = f"{current}, {piece}" if current else piece
        if len(current.split()) >= CLAUSE_WORDS:
            joined.append(current)
            current = ""
    if current and joined and len(current.split()) < _TOO_SHORT:
        joined[-1] += f", {current}"
    elif current:
        joined.append(current)
    return [part for clause in joined for part in _windows(clause)][:MOST_CLAUSES]


def _windows(clause: str) -> list[str]:
    words = clause.split()
    if len(words) <= LONGEST:
        return [clause]
    return [" ".join(words[start : start + WINDOW]) for start in range(0, len(words), STEP)]
