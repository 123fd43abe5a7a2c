"""What can go wrong between a channel and the dialogue.

ChannelError
├── DialogueUnavailable   rasa does not answer, or answers with nothing: try again in a moment
└── TextTooLong           the message is longer than we read: say it shorter
"""

from __future__ import annotations


class ChannelError(Exception):
    """Base of what channels/ raises."""


class DialogueUnavailable(ChannelError):
    """The dialogue server gave no usable answer."""


class TextTooLong(ChannelError):
    """The message is longer than `limit` letters."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} letters")
        self.limit = limit
