"""Bringing a message to a citizen who did not just ask: a change of an application, a clerk's words."""

from __future__ import annotations

from typing import Protocol

from channels.messages import Reply


class Deliverer(Protocol):
    """The way out of one channel.

    Raises of `deliver`: `DeliveryRefused` when this person can never be reached so, `DeliveryLater` when the same
    may work at another time; anything else is a fault and is tried again.
    """

    channel: str

    async def deliver(self, address: str, replies: list[Reply], key: str) -> None:
        """Send the replies in order.

        address: the person's id on the channel (for the web: the hash of the conversation).
        key: names this delivery; a channel that can tell a repetition sends nothing twice under one key.
        """
