"""What an event of a person leads to: a turn of the conversation, a kind refusal, or forgetting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timezone

from actions.turn import Outcome
from channels.conversation import Conversations, Message
from channels.errors import TextTooLong
from channels.messages import Reply, ReplyButton, TurnResult
from channels.sentences import Sentences
from channels.store.zalo_people import ZaloPeople
from channels.zalo.buttons import ButtonSeal, looks_sealed
from channels.zalo.events import Event, Kind
from channels.zalo.outgoing import ZALO, ZaloOutgoing

REFUSALS: Mapping[Kind, str] = {
    Kind.PICTURE: "utter_zalo_picture",
    Kind.FILE: "utter_zalo_file",
    Kind.VOICE: "utter_zalo_voice",
    Kind.STICKER: "utter_zalo_sticker",
    Kind.LOCATION: "utter_zalo_location",
}
#: Ways a turn ends after which a thumb says something.
RATED = frozenset({Outcome.ANSWERED, Outcome.LIFE_EVENT_SHOWN, Outcome.STATUS_SHOWN})
GREETING = "/greet"


class ZaloTalk:
    """Handles one event after the other; doing the same event again does no harm.

    sentences: those of zalo.yml.  gateway: those of gateway.yml.
    """

    def __init__(
        self,
        conversations: Conversations,
        people: ZaloPeople,
        outgoing: ZaloOutgoing,
        seal: ButtonSeal,
        sentences: Sentences,
        gateway: Sentences,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self._conversations = conversations
        self._people = people
        self._outgoing = outgoing
        self._seal = seal
        self._sentences = sentences
        self._gateway = gateway
        self._now = now

    async def handle(self, event: Event) -> None:
        """Do what an event asks for.

        Raises:
            DialogueUnavailable: a person's data could not be deleted everywhere.
            DeliveryError, ZaloError: an answer did not get through.
        """
        conversation = self._conversations.hash_of(ZALO, event.person)
        if event.kind is Kind.WITHDRAW:
            await self._conversations.forget(ZALO, event.person)
        elif event.kind is Kind.UNFOLLOW:
            await asyncio.to_thread(self._people.left, conversation)
        else:
            at, follows = min(event.at, self._now()), event.kind is Kind.FOLLOW
            await asyncio.to_thread(self._people.heard, conversation, at, follows=follows)
            await self._answer(event)

    async def _answer(self, event: Event) -> None:
        replies = [Reply(text=self._sentences.say(REFUSALS[event.kind]))] if event.kind in REFUSALS else []
        extra: list[ReplyButton] = []
        if event.kind is Kind.FOLLOW or event.words.strip() or event.kind is Kind.TEXT:
            result = await self._turn(event)
            replies += result.replies
            extra = self._thumbs() if result.outcome in RATED else []
        await self._outgoing.answer(event.person, replies, event.key, extra)

    async def _turn(self, event: Event) -> TurnResult:
        payload = GREETING if event.kind is Kind.FOLLOW else self._seal.open(event.person, event.words)
        if payload is None and looks_sealed(event.words):  # of another person, or made with an earlier key
            return _own(self._sentences.say("utter_zalo_old_button"))
        text = event.words if payload is None else None
        try:
            return await self._conversations.take(Message(ZALO, event.person, event.key, text, payload))
        except TextTooLong as error:
            return _own(self._gateway.say("utter_too_long", limit=error.limit))

    def _thumbs(self) -> list[ReplyButton]:
        return [
            ReplyButton(
                title=self._sentences.say(f"utter_zalo_thumb_{value}"), payload=f'/feedback{{"value":"{value}"}}'
            )
            for value in ("up", "down")
        ]


def _own(text: str) -> TurnResult:
    return TurnResult(replies=[Reply(text=text)], outcome=Outcome.NOTHING_FOUND)
