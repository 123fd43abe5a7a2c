"""Thumbs and reasons, from the message to the table."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from actions.digits import DigitVault
from actions.one_stop.last_known import MemoryLastKnown
from channels.conversation import Conversations, Message
from channels.feedback import FeedbackKeeper, read_payload
from channels.hooks import Hooks
from channels.messages import TurnResult
from channels.rasa_client import RasaClient
from channels.sentences import Sentences
from channels.store.conversations import ConversationStore
from channels.store.database import open_database
from channels.store.feedback import Feedback, FeedbackStore
from tests.fakes.rasa import FakeRasa, say

DOWN, OTHER = '/feedback{"value":"down"}', '/feedback{"value":"down","reason":"other"}'


class Talk:
    """One person's conversation with a gateway that keeps feedback."""

    def __init__(self, conversations: Conversations, store: FeedbackStore) -> None:
        self.conversations = conversations
        self.store = store
        self._number = 0

    async def says(self, text: str) -> TurnResult:
        self._number += 1
        return await self.conversations.take(Message("web", "c1", f"m{self._number}", text))

    async def presses(self, payload: str) -> TurnResult:
        self._number += 1
        return await self.conversations.take(Message("web", "c1", f"m{self._number}", payload=payload))

    @property
    def kept(self) -> list[Feedback]:
        return self.store.latest()


def dialogue(text: str) -> list[dict[str, Any]]:
    """Answer questions with a procedure, buttons with small talk."""
    return [say("ạ")] if text.startswith("/") else [say("Đây ạ", "answered", procedure_code="1.001193")]


@pytest_asyncio.fixture
async def talk(client: RasaClient, rasa: FakeRasa, tmp_path: Path) -> AsyncIterator[Talk]:
    rasa.answer = dialogue
    engine = open_database(f"sqlite:///{tmp_path / 'feedback.db'}")
    store, sentences = FeedbackStore(engine), Sentences()
    keeper = FeedbackKeeper(store, sentences)
    hooks = Hooks([keeper], [keeper])
    last_known, vault = MemoryLastKnown(), DigitVault()
    conversations = Conversations(
        client, ConversationStore(engine), last_known, vault, sentences, b"key", 200, 90, None, hooks
    )
    yield Talk(conversations, store)
    engine.dispose()


async def test_a_thumb_is_kept_with_the_answer_it_is_about(talk: Talk) -> None:
    """A thumb alone tells nobody which procedure to mend."""
    await talk.says("giấy khai sinh")
    await talk.presses(DOWN)

    [kept] = talk.kept
    assert (kept.message_id, kept.procedure_code, kept.value, kept.reason) == ("m1", "1.001193", "down", None)
    assert len(kept.conversation) == 32


async def test_the_reason_joins_the_thumb(talk: Talk) -> None:
    """Two presses, one opinion."""
    await talk.says("giấy khai sinh")
    await talk.presses(DOWN)
    await talk.presses('/feedback{"value":"down","reason":"wrong"}')

    assert [(one.value, one.reason) for one in talk.kept] == [("down", "wrong")]


async def test_own_words_are_taken_in_place_of_a_question(talk: Talk, rasa: FakeRasa) -> None:
    """The dialogue would answer a complaint about an answer with another answer."""
    await talk.says("giấy khai sinh")
    await talk.presses(OTHER)
    thanks = await talk.says("Thiếu mẫu tờ khai, gọi tôi 0912345678")

    assert "ghi lại" in thanks.replies[0].text
    assert [one.words for one in talk.kept] == ["Thiếu mẫu tờ khai, gọi tôi •••"]
    assert len(rasa.heard) == 2


async def test_after_the_words_questions_are_questions_again(talk: Talk, rasa: FakeRasa) -> None:
    """Only one message was asked for."""
    await talk.says("giấy khai sinh")
    await talk.presses(OTHER)
    await talk.says("thiếu mẫu")
    answer = await talk.says("lệ phí khai sinh")

    assert answer.procedure_code == "1.001193"
    assert [one.words for one in talk.kept] == ["thiếu mẫu"]


@pytest.mark.parametrize(
    "wish",
    [
        "xóa dữ liệu của tôi",
        "cho tôi gặp cán bộ",
        "gọi cấp cứu giúp",
        "làm khai tử ở đâu?",
        "tôi muốn tự tử",
    ],
)
async def test_what_must_not_be_missed_goes_to_the_dialogue(talk: Talk, rasa: FakeRasa, wish: str) -> None:
    """Nobody in danger, and no wish for deletion, may end up in a table of opinions."""
    await talk.says("giấy khai sinh")
    await talk.presses(OTHER)
    await talk.says(wish)

    assert rasa.texts[-1] == wish
    assert [one.words for one in talk.kept] == [None]


async def test_who_presses_another_button_is_not_waited_for(talk: Talk, rasa: FakeRasa) -> None:
    """The next words belong to what was pressed."""
    await talk.says("giấy khai sinh")
    await talk.presses(OTHER)
    await talk.presses("/ask_status")
    await talk.says("H50.05-261120-0001")

    assert rasa.texts[-1] == "H50.05-261120-0001"


async def test_a_thumb_without_an_answer_is_not_kept(talk: Talk) -> None:
    """A button of an old page."""
    await talk.presses(DOWN)

    assert talk.kept == []


async def test_a_forgotten_person_leaves_no_opinion(talk: Talk) -> None:
    """Deletion covers it."""
    await talk.says("giấy khai sinh")
    await talk.presses(DOWN)
    await talk.conversations.forget("web", "c1")

    assert talk.kept == []


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        (DOWN, ("down", None)),
        ('/feedback{"value": "up"}', ("up", None)),
        ('/feedback{"value":"down","reason":"<b>"}', ("down", None)),
        ('/feedback{"value":"down","reason":7}', ("down", None)),
        ('/feedback{"value":"sideways"}', None),
        ("/feedback{not json}", None),
        ('/feedback{"value":["up"]}', None),
        ("/ask_fee", None),
    ],
)
def test_payloads_are_read_with_care(payload: str, told: tuple[str, str | None] | None) -> None:
    """Anybody can send anything under the name of a button."""
    assert read_payload(payload) == told
