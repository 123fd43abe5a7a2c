"""Why a clerk's step was not done, one class per advice.

DeskError
├── TakenAlready   another clerk was faster, or the conversation is over: pick the next one
└── NotYours       the conversation is not this clerk's (any more): take it first
"""

from __future__ import annotations


class DeskError(Exception):
    """Base of what the desk raises."""


class TakenAlready(DeskError):
    """Nobody can take this conversation any more."""


class NotYours(DeskError):
    """Only whoever has taken a conversation may write in it."""
