"""One message in, replies out: the same rules for every channel.

Ids are hashed and secrets masked before anything behind sees them; messages of one conversation are taken one
after the other; a message that comes twice gets the same reply, not a second turn.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from time import perf_counter
from typing import Any

from actions.digits import DigitVault
from actions.one_stop.last_known import LastKnownStore
from actions.turn import Outcome
from channels.errors import DialogueUnavailable, TextTooLong, TooFast
from channels.hooks import Heard, Hooks
from channels.limits import Limits, Pause
from channels.masking import hide_people
from channels.messages import Reply, ReplyButton, ReplyLink, TurnResult
from channels.privacy import hashed_id, mask_numbers
from channels.rasa_client import RasaClient, Utterance
from channels.sentences import Sentences
from channels.store.addresses import WEB, AddressBook
from channels.store.conversations import ConversationState, ConversationStore

log = logging.getLogger(__name__)
_SOMETHING_SAID = re.compile(r"[^\W_]")
#: What is left of a number that is neither four digits nor an ID or phone number.
_ONLY_DIGITS = re.compile(r"\d{2,3}|\d{5,7}")
_MARKUP = re.compile(r"<[^<>]{0,200}>")


@dataclass(frozen=True)
class Message:
    """One message of a person on a channel; `payload` instead of `text` when a button was pressed."""

    channel: str
    person: str
    message_id: str
    text: str | None = None
    payload: str | None = field(default=None)


@dataclass(frozen=True)
class _Answer:
    """The result of a turn, whether the dialogue now waits for identity digits, whether to forget everything."""

    result: TurnResult
    expects_digits: bool
    forget: bool = False


class Conversations:
    """Takes messages of all channels to the dialogue and brings its replies back."""

    def __init__(
        self,
        rasa: RasaClient,
        store: ConversationStore,
        last_known: LastKnownStore,
        vault: DigitVault,
        sentences: Sentences,
        identity_key: bytes,
        max_text: int,
        retention_days: int,
        addresses: AddressBook | None = None,
        hooks: Hooks | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._rasa = rasa
        self._store = store
        self._last_known = last_known
        self._vault = vault
        self._sentences = sentences
        self._identity_key = identity_key
        self._max_text = max_text
        self._retention_days = retention_days
        self._addresses = addresses
        self._hooks = hooks or Hooks()
        self._limits = limits
        self._turns: dict[str, tuple[asyncio.Lock, int]] = {}

    async def take(self, message: Message) -> TurnResult:
        """Return the replies to a message; faults behind become an honest sentence, never an exception.

        Raises:
            TextTooLong: the text is longer than the limit; nothing was done.
            TooFast: the person wrote too much in the last minute (web only); nothing was done.
        """
        result, told = await self.answer(message)
        if told:
            await told
        return result

    async def answer(self, message: Message) -> tuple[TurnResult, asyncio.Task[None] | None]:
        """As `take`, but return before those who listen have heard of the turn.

        The task ends when they have; the next message of the conversation waits for it. None: nobody is told.
        """
        if len(message.text or "") > self._max_text:
            raise TextTooLong(self._max_text)
        conversation = self.hash_of(message.channel, message.person)
        async with AsyncExitStack() as turn:
            await turn.enter_async_context(self._turn_of(conversation))
            state, notes = await asyncio.to_thread(self._look, conversation, message.message_id)
            if state.reply is not None:
                return TurnResult.model_validate_json(state.reply), None
            if self._limits and (pause := await self._limits.pause_of_person(conversation)):
                return self._slow_down(message.channel, pause), None
            started = perf_counter()
            heard = self._heard(conversation, message, state, notes)
            answer = await self._answer(heard, state)
            result = answer.result
            if result.outcome is Outcome.FAILED:
                return result, None  # not kept: the same message may be sent again and be answered then
            if answer.forget:
                await self._forget(conversation)
                return result, None
            result = await self._hooks.finish(heard, result)
            if state.is_new:
                notice = self._sentences.say("utter_notice", days=self._retention_days)
                result.replies.insert(0, Reply(text=notice))
            await asyncio.to_thread(
                self._store.close,
                conversation,
                message.channel,
                message.message_id,
                result,
                is_new=state.is_new,
                expects_digits=answer.expects_digits,
            )
            took_ms = (perf_counter() - started) * 1000
            return result, asyncio.create_task(self._tell(message, heard, result, took_ms, turn.pop_all()))

    def hash_of(self, channel: str, person: str) -> str:
        """Return the name under which a person of a channel is known behind the gateway."""
        return hashed_id(self._identity_key, channel, person)

    async def forget(self, channel: str, person: str) -> None:
        """Delete everything kept of a person of a channel, also in the dialogue; nothing is said.

        Raises:
            DialogueUnavailable: the dialogue server could not delete its part; nothing else was deleted.
        """
        conversation = self.hash_of(channel, person)
        async with self._turn_of(conversation):
            await self._rasa.forget(conversation)
            await self._forget(conversation)

    async def _forget(self, conversation: str) -> None:
        await self._hooks.forget(conversation)
        await self._last_known.forget(conversation)
        await asyncio.to_thread(self._store.forget, conversation)
        if self._addresses:
            await self._addresses.forget(conversation)

    async def _tell(
        self, message: Message, heard: Heard, result: TurnResult, took_ms: float, turn: AsyncExitStack
    ) -> None:
        async with turn:
            if self._addresses:
                await self._addresses.remember(heard.conversation, message.channel, message.person)
            await self._hooks.tell(heard, result, took_ms)

    def _slow_down(self, channel: str, pause: Pause) -> TurnResult:
        """Ask for a pause: the web's page waits by itself; on other channels it is said, once a minute."""
        if channel == WEB:
            raise TooFast(pause.seconds)
        said = [Reply(text=self._sentences.say("utter_slow_down", seconds=pause.seconds))] if pause.first else []
        return TurnResult(replies=said, outcome=Outcome.FAILED)

    def _look(self, conversation: str, message_id: str) -> tuple[ConversationState, dict[str, Any]]:
        return self._store.open(conversation, message_id), self._hooks.look(conversation)

    def _heard(self, conversation: str, message: Message, state: ConversationState, notes: dict[str, Any]) -> Heard:
        words = message.payload or self._clean(message.text or "", state)
        now = datetime.now(timezone.utc)
        return Heard(conversation, message.channel, message.message_id, words, message.payload is not None, now, notes)

    async def _answer(self, heard: Heard, state: ConversationState) -> _Answer:
        if not heard.words:
            return self._own("utter_nothing_said", Outcome.NOTHING_FOUND, state)
        if (taken := await self._hooks.intercept(heard)) is not None:
            return _Answer(taken, state.expects_digits)
        if state.expects_digits and _ONLY_DIGITS.fullmatch(heard.words):
            return self._own("utter_digits_wanted", Outcome.STATUS_ASKED, state)
        try:
            utterances = await self._rasa.send(heard.conversation, heard.words, heard.channel)
            forget = any(utterance.custom.get("turn", {}).get("forget") for utterance in utterances)
            if forget:
                await self._rasa.forget(heard.conversation)
        except DialogueUnavailable as error:
            log.warning("no answer from the dialogue server: %s", error)
            return self._own("utter_fault", Outcome.FAILED, state)
        return _Answer(assemble(utterances, heard.channel), waits_for_digits(utterances), forget)

    def _clean(self, text: str, state: ConversationState) -> str:
        """Return the text as the dialogue may see it; empty when it says nothing."""
        words = _MARKUP.sub(" ", text).strip()
        if not _SOMETHING_SAID.search(words):
            return ""
        # A slash at the beginning is for buttons; typed, it is a word like any other.
        return hide_people(mask_numbers(words, self._vault, state.expects_digits)).lstrip("/ ")

    def _own(self, sentence: str, outcome: Outcome, state: ConversationState) -> _Answer:
        result = TurnResult(replies=[Reply(text=self._sentences.say(sentence))], outcome=outcome)
        return _Answer(result, state.expects_digits)

    @asynccontextmanager
    async def _turn_of(self, conversation: str) -> AsyncIterator[None]:
        """Wait until the conversation's earlier messages are done; locks of silent conversations are dropped."""
        lock, waiting = self._turns.get(conversation, (asyncio.Lock(), 0))
        self._turns[conversation] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._turns[conversation]
            if waiting == 1:
                del self._turns[conversation]
            else:
                self._turns[conversation] = (lock, waiting - 1)


def waits_for_digits(utterances: list[Utterance]) -> bool:
    """Tell whether the status form asks for something; it may do so after answering another question."""
    turns = [u.custom["turn"] for u in utterances if u.custom.get("turn")]
    return any(turn["outcome"] == Outcome.STATUS_ASKED.value for turn in turns)


def assemble(utterances: list[Utterance], channel: str = WEB) -> TurnResult:
    """Put the dialogue's utterances together as one result.

    In the middle of a status check a question is answered and the form asks on: the answer names the turn. Links
    stand in the bubble of the turn that brought them; a relative one means something on the web only.
    """
    replies: list[Reply] = []
    told: dict[str, Any] = {}
    for utterance in utterances:
        turn = utterance.custom.get("turn")
        if turn and (turn["outcome"] != Outcome.STATUS_ASKED.value or not told):
            told = turn
        buttons = [ReplyButton(title=b["title"], payload=b["payload"]) for b in utterance.buttons]
        links = [ReplyLink(**link) for link in (turn or {}).get("links", ())]
        links = [link for link in links if channel == WEB or link.url.startswith("https://")]
        if utterance.text:
            replies.append(Reply(text=utterance.text, buttons=buttons, links=links))
    return TurnResult(
        replies=replies,
        outcome=told.get("outcome", Outcome.SMALL_TALK.value),
        procedure_code=told.get("procedure_code"),
        procedure_codes=told.get("procedure_codes") or [],
        candidates=told.get("candidates") or [],
    )
