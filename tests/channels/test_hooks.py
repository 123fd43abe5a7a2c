"""Who joins a turn: a clerk in place of the machine, and those who keep count."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime, timezone

from actions.digits import DigitVault
from actions.one_stop.last_known import MemoryLastKnown
from actions.turn import Outcome
from channels.conversation import Conversations, Message
from channels.hooks import Heard, Hooks
from channels.messages import Reply, TurnResult
from channels.rasa_client import RasaClient
from channels.sentences import Sentences
from channels.store.conversations import ConversationStore
from tests.fakes.rasa import FakeRasa

HEARD = Heard("c", "web", "m", "chào", False, datetime(2026, 11, 22, tzinfo=timezone.utc))


class Clerk:
    """Takes every conversation over, says nothing itself."""

    def look(self, conversation: str) -> dict[str, str]:
        return {"seen": conversation}

    async def intercept(self, heard: Heard) -> TurnResult | None:
        return TurnResult(replies=[], outcome=Outcome.HANDED_OVER)


class Counter:
    """Remembers what it hears; fails when told to."""

    def __init__(self, fails: bool = False) -> None:
        self.heard: list[tuple[str, Outcome]] = []
        self.forgotten: list[str] = []
        self._fails = fails

    def turn_ended(self, heard: Heard, result: TurnResult, took_ms: float) -> None:
        if self._fails:
            raise RuntimeError("broken")
        self.heard.append((heard.words, result.outcome))

    async def forget(self, conversation: str) -> None:
        self.forgotten.append(conversation)


def gateway(client: RasaClient, store: ConversationStore, hooks: Hooks) -> Conversations:
    sentences = Sentences()
    return Conversations(client, store, MemoryLastKnown(), DigitVault(), sentences, b"k", 200, 90, hooks=hooks)


async def test_while_a_clerk_has_the_conversation_the_machine_is_silent(
    client: RasaClient, store: ConversationStore, rasa: FakeRasa
) -> None:
    """A machine that talks into a conversation of two people is the classic fault of hand-overs."""
    result = await gateway(client, store, Hooks([Clerk()])).take(Message("telegram", "p", "m1", "còn ai không"))

    assert result.outcome is Outcome.HANDED_OVER
    assert rasa.heard == []


async def test_listeners_hear_masked_words_and_the_outcome(client: RasaClient, store: ConversationStore) -> None:
    """Statistics and teaching never see an ID number."""
    counter = Counter()
    await gateway(client, store, Hooks(listeners=[counter])).take(
        Message("web", "p", "m1", "số căn cước 044190001234 nhé")
    )

    ((words, _),) = counter.heard
    assert "044190001234" not in words


async def test_a_repeated_message_is_told_once(client: RasaClient, store: ConversationStore) -> None:
    """Repetitions would count a question twice."""
    counter = Counter()
    conversations = gateway(client, store, Hooks(listeners=[counter]))
    for _ in range(2):
        await conversations.take(Message("web", "p", "m1", "chào"))

    assert len(counter.heard) == 1


async def test_a_failing_listener_harms_neither_the_turn_nor_the_next_listener() -> None:
    """Counting is not worth an answer."""
    counter = Counter()
    await Hooks(listeners=[Counter(fails=True), counter]).tell(
        HEARD, TurnResult(replies=[], outcome=Outcome.ANSWERED), 1.0
    )

    assert counter.heard == [("chào", Outcome.ANSWERED)]


async def test_whoever_wants_to_be_forgotten_is_forgotten_by_all(client: RasaClient, store: ConversationStore) -> None:
    """One wish, every store."""
    counter = Counter()
    conversations = gateway(client, store, Hooks(listeners=[counter]))
    await conversations.take(Message("zalo", "p", "m1", "chào"))
    await conversations.forget("zalo", "p")

    assert counter.forgotten == [conversations.hash_of("zalo", "p")]


class Kindness:
    """Adds a word to every answer; fails when told to."""

    def __init__(self, fails: bool = False) -> None:
        self._fails = fails

    async def finish(self, heard: Heard, result: TurnResult) -> TurnResult:
        if self._fails:
            raise RuntimeError("broken")
        return result.model_copy(update={"replies": [*result.replies, Reply(text="Chúc anh/chị khỏe.")]})


async def test_what_a_finisher_adds_is_said_and_kept(client: RasaClient, store: ConversationStore) -> None:
    """Somebody whose line dropped gets the same words again, the addition too."""
    conversations = gateway(client, store, Hooks(finishers=[Kindness(fails=True), Kindness()]))
    message = Message("web", "p", "m1", "chào")
    result = await conversations.take(message)

    assert result.replies[-1].text == "Chúc anh/chị khỏe."
    assert await conversations.take(message) == result


class Slow:
    """Needs until it is let go to take note of a turn."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.heard: list[str] = []

    def turn_ended(self, heard: Heard, result: TurnResult, took_ms: float) -> None:
        assert self.may_end.wait(10)
        self.heard.append(heard.words)

    async def forget(self, conversation: str) -> None:
        self.heard.clear()


async def test_nobody_waits_for_those_who_listen_but_the_next_message_does(
    client: RasaClient, store: ConversationStore
) -> None:
    """The clerks' pages and the statistics see the turns in their order, and the citizen does not pay for it."""
    slow = Slow()
    conversations = gateway(client, store, Hooks(listeners=[slow]))
    result, told = await conversations.answer(Message("web", "p", "m1", "một"))
    following = asyncio.create_task(conversations.take(Message("web", "p", "m2", "hai")))
    await asyncio.sleep(0.05)

    assert result.replies and told and not told.done() and not following.done()
    slow.may_end.set()
    await following
    assert slow.heard == ["một", "hai"]
