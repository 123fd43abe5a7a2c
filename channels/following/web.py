"""The way out to open pages: an event in the line of the conversation, each once."""

from __future__ import annotations

from typing import Any

from channels.events import EventHub
from channels.messages import Reply
from channels.store.addresses import WEB


class WebDeliverer:
    """`Deliverer` of the web: pages fetch their events by themselves."""

    channel = WEB

    def __init__(self, hub: EventHub) -> None:
        self._hub = hub

    async def deliver(self, address: str, replies: list[Reply], key: str, outcome: str | None = None) -> None:
        """Append the replies to the line of the conversation; under the same key nothing is appended.

        outcome: "handed_over" for a clerk's words; None leaves the page in whatever talk it is.
        """
        data: dict[str, Any] = {"replies": [reply.model_dump() for reply in replies]}
        if outcome:
            data["outcome"] = outcome
        await self._hub.append(address, key, data)
