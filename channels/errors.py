"""What can go wrong between a channel, the dialogue and the citizen.

ChannelError
├── DialogueUnavailable   rasa does not answer, or answers with nothing: try again in a moment
├── TextTooLong           the message is longer than we read: say it shorter
├── TooFast               more messages in a minute than one person writes: wait, then send the same again
└── DeliveryError         a message did not reach the citizen
    ├── DeliveryRefused   and never will this way: blocked, gone, not allowed
    └── DeliveryLater     not now: too many messages, outside the window of the channel, the platform is down
"""

from __future__ import annotations

from datetime import timedelta


class ChannelError(Exception):
    """Base of what channels/ raises."""


class DialogueUnavailable(ChannelError):
    """The dialogue server gave no usable answer."""


class TextTooLong(ChannelError):
    """The message is longer than `limit` letters."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} letters")
        self.limit = limit


class TooFast(ChannelError):
    """The person writes faster than we answer; `seconds` until the next message is taken."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds} s")
        self.seconds = seconds


class DeliveryError(ChannelError):
    """A message did not reach the citizen."""


class DeliveryRefused(DeliveryError):
    """The citizen cannot be reached this way; trying again is useless."""


class DeliveryLater(DeliveryError):
    """The channel does not take the message now.

    after: the time to wait at least; None when only the citizen's next message opens the way (Zalo's 48 hours).
    """

    def __init__(self, why: str, after: timedelta | None) -> None:
        super().__init__(why)
        self.after = after
