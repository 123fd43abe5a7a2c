"""One message in, replies out: order, repetition, faults, masking, deletion."""

from __future__ import annotations

import asyncio

import pytest

from actions.digits import DigitVault
from actions.turn import Outcome
from channels.conversation import Conversations, Message, assemble, waits_for_digits
from channels.errors import TextTooLong
from channels.rasa_client import Utterance
from channels.store.conversations import ConversationStore
from tests.fakes.rasa import FakeRasa, Mood, say


def message(text: str | None = "chào", message_id: str = "m1", person: str = "p1", **more: str) -> Message:
    return Message("web", person, message_id, text, **more)


async def test_the_first_reply_brings_the_notice_and_the_second_does_not(conversations: Conversations) -> None:
    """A machine says that it is one, once."""
    first = await conversations.take(message())
    second = await conversations.take(message(message_id="m2"))

    assert [reply.text[:20] for reply in first.replies] == ["Tôi là máy trả lời t", "« chào »"]
    assert [reply.text for reply in second.replies] == ["« chào »"]


async def test_a_repeated_message_gets_the_same_reply_and_is_no_second_turn(
    conversations: Conversations, rasa: FakeRasa
) -> None:
    """Zalo delivers up to five times, phones lose the answer."""
    first = await conversations.take(message())
    again = await conversations.take(message())

    assert again == first
    assert len(rasa.heard) == 1


async def test_the_same_message_id_of_two_people_is_two_messages(conversations: Conversations, rasa: FakeRasa) -> None:
    """Ids are only unique within a conversation; channels are kept apart too."""
    await conversations.take(message(person="p1"))
    await conversations.take(message(person="p2"))
    await conversations.take(Message("zalo", "p1", "m1", "chào"))

    assert len({sender for sender, _ in rasa.heard}) == 3


async def test_a_repeated_message_while_the_first_is_under_way_is_no_second_turn(
    conversations: Conversations, rasa: FakeRasa
) -> None:
    """A retry comes when the answer is slow, that is: before it is there."""
    rasa.delay_s = 0.2
    first, again = await asyncio.gather(conversations.take(message()), conversations.take(message()))

    assert again == first
    assert len(rasa.heard) == 1


async def test_messages_of_one_conversation_are_taken_one_after_the_other(
    conversations: Conversations, rasa: FakeRasa
) -> None:
    """Thumbs are faster than answers."""
    rasa.delay_s = 0.05
    sent = [message(f"câu {chr(97 + n)}", f"m{n}") for n in range(6)]
    results = await asyncio.gather(*(conversations.take(one) for one in sent))

    assert rasa.texts == [one.text for one in sent]
    assert [result.replies[-1].text for result in results] == [f"« {one.text} »" for one in sent]
    assert rasa.at_work == 1


async def test_different_conversations_do_not_wait_for_each_other(conversations: Conversations, rasa: FakeRasa) -> None:
    """One slow turn must not hold up the province."""
    rasa.delay_s = 0.3
    await asyncio.gather(*(conversations.take(message(person=f"p{n}")) for n in range(5)))

    assert rasa.side_by_side > 1


async def test_locks_of_silent_conversations_are_dropped(conversations: Conversations) -> None:
    """A year of visitors must not stay in memory."""
    await asyncio.gather(*(conversations.take(message(person=f"p{n}")) for n in range(5)))

    assert conversations._turns == {}


@pytest.mark.parametrize("mood", [Mood.SILENT, Mood.ERROR, Mood.GARBAGE, Mood.WRONG_TYPE])
async def test_a_fault_behind_becomes_an_honest_sentence(
    conversations: Conversations, rasa: FakeRasa, mood: Mood
) -> None:
    """Never silence, never a stack trace."""
    rasa.mood = mood
    result = await conversations.take(message())

    assert result.outcome is Outcome.FAILED
    assert "trục trặc" in result.replies[0].text


async def test_a_failed_turn_is_not_kept_so_that_a_retry_is_answered(
    conversations: Conversations, rasa: FakeRasa
) -> None:
    """The widget sends the same message id again; it must not get the old excuse. The notice is still to come."""
    rasa.mood = Mood.ERROR
    await conversations.take(message())
    rasa.mood = Mood.WELL
    result = await conversations.take(message())

    assert result.outcome is Outcome.SMALL_TALK
    assert "máy trả lời tự động" in result.replies[0].text


async def test_a_slow_dialogue_server_is_given_up_on(conversations: Conversations, rasa: FakeRasa) -> None:
    """Nobody waits forever in front of a phone."""
    rasa.delay_s = 3.0
    result = await conversations.take(message())

    assert result.outcome is Outcome.FAILED


async def test_a_text_too_long_is_refused_before_anything_is_done(conversations: Conversations, rasa: FakeRasa) -> None:
    """A megabyte would hold up everybody."""
    with pytest.raises(TextTooLong) as refused:
        await conversations.take(message("a" * 201))

    assert refused.value.limit == 200
    assert rasa.heard == []


@pytest.mark.parametrize("text", ["", "   ", "...", "???", "😀😀", "<script></script>", "\u200b", "—"])
async def test_what_says_nothing_is_answered_without_asking_the_dialogue(
    conversations: Conversations, rasa: FakeRasa, text: str
) -> None:
    """Emoji and dots would be guessed at."""
    result = await conversations.take(message(text))

    assert result.outcome is Outcome.NOTHING_FOUND
    assert "viết bằng chữ" in result.replies[-1].text
    assert rasa.heard == []


async def test_markup_is_taken_out_and_the_words_stay(conversations: Conversations, rasa: FakeRasa) -> None:
    """A pasted link is still a question."""
    await conversations.take(message("<b>lệ phí</b> khai sinh <img src=x onerror=alert()>"))

    assert rasa.texts[0].split() == ["lệ", "phí", "khai", "sinh"]


async def test_a_typed_slash_is_a_word_and_a_pressed_one_a_button(conversations: Conversations, rasa: FakeRasa) -> None:
    """Nobody types himself into an intent."""
    await conversations.take(message("/restart"))
    await conversations.take(message(" / /delete_my_data", "m2"))
    await conversations.take(message(None, "m3", payload="/ask_fee"))

    assert rasa.texts == ["restart", "delete_my_data", "/ask_fee"]


async def test_long_numbers_never_reach_the_dialogue(conversations: Conversations, rasa: FakeRasa) -> None:
    """Rasa's store keeps texts: no ID number may be in one."""
    await conversations.take(message("căn cước 001090012345, điện thoại 0912 345 678"))

    assert rasa.texts == ["căn cước •••, điện thoại •••"]


async def test_four_digits_asked_for_become_a_token(
    conversations: Conversations, rasa: FakeRasa, vault: DigitVault
) -> None:
    """Only the look-up gets them, once."""
    rasa.answer = lambda text: [say("4 số cuối?", "status_asked")]
    await conversations.take(message("tra hồ sơ"))
    await conversations.take(message("1234", "m2"))

    token = rasa.texts[1]
    assert token.startswith("pin_")
    assert vault.take(token) == "1234"


async def test_four_digits_not_asked_for_are_a_year(conversations: Conversations, rasa: FakeRasa) -> None:
    """ "sinh năm 1990" is no secret, and a fee of 5000 neither."""
    rasa.violations = _Deaf()
    await conversations.take(message("con tôi sinh năm 2020"))

    assert rasa.texts == ["con tôi sinh năm 2020"]


async def test_digits_are_expected_after_a_question_was_answered_in_between(
    conversations: Conversations, rasa: FakeRasa
) -> None:
    """The form asks on behind the answer: the next digits are still digits."""
    rasa.answer = lambda text: [
        say("Miễn phí.", "answered", procedure_code="1.001193"),
        say("4 số cuối?", "status_asked"),
    ]
    result = await conversations.take(message("khoan, lệ phí?"))
    await conversations.take(message("1234", "m2"))

    assert result.outcome is Outcome.ANSWERED
    assert rasa.texts[1].startswith("pin_")


async def test_deleting_deletes_on_both_sides(
    conversations: Conversations, rasa: FakeRasa, store: ConversationStore
) -> None:
    """ "Tôi đã xoá" must be true."""
    await conversations.take(message())
    sender = rasa.heard[0][0]
    rasa.answer = lambda text: [say("Tôi đã xoá.", "small_talk", forget=True)]
    result = await conversations.take(message("xoá dữ liệu của tôi", "m2"))

    assert result.replies[-1].text == "Tôi đã xoá."
    assert rasa.forgotten == [sender]
    assert store.open(sender, "m1").reply is None
    assert store.open(sender, "m3").is_new


async def test_a_deletion_that_failed_is_not_reported_as_done(conversations: Conversations, rasa: FakeRasa) -> None:
    """Better to ask again than to lie."""
    rasa.answer = lambda text: [say("Tôi đã xoá.", "small_talk", forget=True)]
    rasa.secret = "another"
    result = await conversations.take(message("xoá dữ liệu của tôi"))

    assert result.outcome is Outcome.FAILED
    assert "đã xoá" not in result.replies[-1].text


class _Deaf(list[str]):
    """Takes no complaint: years may pass."""

    def append(self, item: str) -> None:
        return None


def utterance(text: str | None, outcome: str | None = None, **turn: object) -> Utterance:
    custom = {} if outcome is None else {"turn": {"outcome": outcome, **turn}}
    return Utterance.model_validate({"text": text, "custom": custom})


def test_the_last_turn_told_names_the_result() -> None:
    """Answers come in several bubbles, the turn with the last."""
    result = assemble([utterance("a"), utterance("b", "answered", procedure_code="1.1", procedure_codes=["1.1"])])

    assert (result.outcome, result.procedure_code, result.procedure_codes) == (Outcome.ANSWERED, "1.1", ["1.1"])
    assert [reply.text for reply in result.replies] == ["a", "b"]


def test_an_answer_in_the_middle_of_a_status_check_names_the_turn() -> None:
    """The form's question behind it does not hide the answer."""
    result = assemble([utterance("a", "answered", procedure_code="1.1"), utterance("mã?", "status_asked")])

    assert result.outcome is Outcome.ANSWERED
    assert waits_for_digits([utterance("a", "answered"), utterance("mã?", "status_asked")])
    assert not waits_for_digits([utterance("a", "answered")])


def test_a_joke_in_the_middle_of_a_status_check_names_the_turn() -> None:
    """What the domain answers itself carries its outcome and nothing else."""
    result = assemble([utterance("ngoài việc", "out_of_scope"), utterance("mã?", "status_asked")])

    assert result.outcome is Outcome.OUT_OF_SCOPE


def test_a_question_of_the_form_alone_is_the_turn() -> None:
    """Nothing else was said."""
    assert assemble([utterance("mã?", "status_asked")]).outcome is Outcome.STATUS_ASKED


def test_links_stand_in_the_bubble_that_brought_them() -> None:
    """The source belongs to the answer, not to the question behind it."""
    links = [{"title": "Trang", "url": "https://dichvucong.gov.vn/"}]
    result = assemble([utterance("a", "answered", links=links), utterance("mã?", "status_asked")])

    assert [len(reply.links) for reply in result.replies] == [1, 0]


def test_what_says_nothing_is_small_talk() -> None:
    """Responses without a turn are small talk; bubbles without text are none."""
    result = assemble([utterance("a"), utterance(None)])

    assert result.outcome is Outcome.SMALL_TALK
    assert len(result.replies) == 1


def test_only_the_web_gets_addresses_without_a_host() -> None:
    """A phone cannot open "/thu-tuc/…", and a messaging platform refuses the whole message for it."""
    links = [{"title": "Danh sách", "url": "/thu-tuc/1.001193/danh-sach"}, {"title": "Cổng", "url": "https://a.test/"}]
    utterances = [Utterance(text="Chào", custom={"turn": {"outcome": "answered", "links": links}})]

    assert [link.title for link in assemble(utterances).replies[0].links] == ["Danh sách", "Cổng"]
    assert [link.title for link in assemble(utterances, "telegram").replies[0].links] == ["Cổng"]
