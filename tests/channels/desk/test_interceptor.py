"""The citizen's side: the machine helps while one waits, is silent while a clerk is there, and one can always leave."""

from __future__ import annotations

import pytest

from actions.desk import Reach
from actions.turn import Outcome
from channels.hooks import Heard
from channels.messages import Reply, TurnResult
from channels.sentences import Sentences
from channels.store.tickets import Ended, Reason, State
from tests.channels.desk.conftest import CITIZEN, LAN, World

MISS = Outcome.NOTHING_FOUND


async def test_while_one_waits_the_machine_answers_and_says_that_the_place_is_kept(world: World) -> None:
    """Waiting is no reason to leave a question unanswered that the machine knows."""
    await world.asks_for_a_person()
    result = await world.says("lệ phí khai sinh")

    assert result.outcome is Outcome.ANSWERED
    assert [reply.text for reply in result.replies] == ["Máy: lệ phí khai sinh", "Chỗ chờ cán bộ của anh/chị vẫn giữ."]
    assert result.replies[-1].buttons[0].payload == "/leave_desk"


async def test_what_the_machine_cannot_answer_is_noted_for_the_clerk(world: World) -> None:
    """To somebody who waits for a person "I found nothing" is no answer."""
    await world.asks_for_a_person()
    result = await world.says("nhà tôi tranh chấp lối đi với hàng xóm", MISS)

    assert [reply.text for reply in result.replies] == [
        "Câu này tôi chưa trả lời được; tôi đã ghi lại để cán bộ đọc và trả lời anh/chị tại đây."
    ]
    assert result.outcome is MISS  # for those who count, it is still a miss
    assert "citizen: nhà tôi tranh chấp lối đi với hàng xóm" in world.lines()


async def test_outside_working_hours_one_hears_when_the_desk_opens_and_leaves_a_message(world: World) -> None:
    """The clerk finds it in the morning."""
    world.clock.later(hours=10)
    place = await world.desk.queue.ask(world.conversation, "gặp cán bộ")
    result = await world.says("nhờ anh chị xem giúp hồ sơ của em", MISS)

    assert place.reach is Reach.CLOSED and place.opens_at and (place.opens_at.hour, place.opens_at.day) == (7, 24)
    assert "7:30 thứ Ba, ngày 24/11/2026" in result.replies[0].text
    assert world.ticket.state is State.WAITING
    assert "citizen: nhờ anh chị xem giúp hồ sơ của em" in world.lines()


async def test_while_a_clerk_has_the_conversation_the_machine_is_silent(world: World) -> None:
    """Every word goes to the clerk, none to the dialogue."""
    await world.is_taken()
    world.clock.later(seconds=1)
    result = await world.says("thế em cần giấy gì nữa không")

    assert result.replies == [] and result.outcome is Outcome.HANDED_OVER
    assert world.heard_by_machine == []
    assert world.lines()[-1] == "citizen: thế em cần giấy gì nữa không"
    assert world.ticket.is_unread


async def test_pressing_for_a_person_again_is_answered_at_once(world: World) -> None:
    """Silence on a button looks like a fault."""
    await world.is_taken()
    result = await world.says("/handover", payload=True)

    assert "Cán bộ đang trao đổi" in result.replies[0].text and result.outcome is Outcome.HANDED_OVER


@pytest.mark.parametrize(("words", "is_payload"), [("/delete_my_data", True), ("xóa dữ liệu của tôi", False)])
async def test_deleting_one_s_data_works_also_while_a_clerk_is_there(
    world: World, words: str, is_payload: bool
) -> None:
    """A right does not wait for the end of a talk."""
    await world.is_taken()
    await world.says(words, payload=is_payload)

    assert world.heard_by_machine == [words]


@pytest.mark.parametrize(
    "words", ["thôi, không cần gặp nữa", "hủy gặp cán bộ", "dạ thôi khỏi chờ nữa ạ", "không cần nữa", "thôi không cần"]
)
async def test_whoever_waits_can_leave(world: World, words: str) -> None:
    """In their own words."""
    await world.asks_for_a_person()
    result = await world.says(words)

    assert "không chờ cán bộ nữa" in result.replies[0].text and result.outcome is Outcome.SMALL_TALK
    assert world.desk.tickets.of(world.conversation) is None
    assert world.heard_by_machine == []


@pytest.mark.parametrize(
    "words",
    [
        "không biết nộp cho cán bộ nào",
        "nhờ cán bộ hỏi giúp người ở xã",
        "cán bộ gặp khó dễ thì sao",
        "làm khai sinh không cần gặp mặt được không",
        "thôi cho gặp cán bộ đi",
    ],
)
async def test_a_question_with_the_same_words_is_no_leaving(world: World, words: str) -> None:
    """Losing one's place by a misunderstanding is worse than pressing a button."""
    await world.asks_for_a_person()
    await world.says(words)

    assert world.ticket.state is State.WAITING


@pytest.mark.parametrize(
    ("words", "leaves"), [("không cần nữa", False), ("không gặp", False), ("thôi không cần gặp cán bộ nữa", True)]
)
async def test_with_a_clerk_only_plain_words_end_the_talk(world: World, words: str, leaves: bool) -> None:
    """ "Không cần nữa" may answer what the clerk asked."""
    ticket = await world.is_taken()
    await world.says(words)

    closed = world.desk.tickets.get(ticket.id)
    assert closed and (closed.ended is Ended.CITIZEN) is leaves


async def test_no_code_during_a_status_check_is_not_the_end_of_waiting(world: World) -> None:
    """ "Không cần nữa" answers what was asked last: the code."""
    await world.asks_for_a_person()
    await world.says("tra hồ sơ", Outcome.STATUS_ASKED)
    await world.says("thôi không cần nữa")

    assert world.ticket.state is State.WAITING and "thôi không cần nữa" in world.heard_by_machine


async def test_an_old_button_to_leave_does_nothing(world: World) -> None:
    """It is answered all the same."""
    result = await world.says("/leave_desk", payload=True)

    assert "không chờ cán bộ" in result.replies[0].text


async def test_after_two_questions_without_an_answer_a_person_is_offered(world: World) -> None:
    """Offered, not forced: a button, and "có" does as well."""
    first = await world.says("xin giấy abc", MISS)
    second = await world.says("giấy xyz", Outcome.OUT_OF_SCOPE)

    assert len(first.replies) == 1
    assert second.replies[-1].buttons[0].payload == "/handover"
    yes = await world.says("dạ có ạ")
    assert yes.outcome is Outcome.HANDED_OVER and world.ticket.reason is Reason.MISSED


async def test_the_offer_is_not_repeated_after_every_miss(world: World) -> None:
    """Two by two."""
    offered = [len((await world.says(f"câu {number}", MISS)).replies) == 2 for number in range(4)]

    assert offered == [False, True, False, True]


async def test_an_answer_in_between_begins_the_count_anew(world: World) -> None:
    """Two misses in a row are meant."""
    await world.says("xin giấy abc", MISS)
    await world.says("khai sinh")

    assert len((await world.says("giấy xyz", MISS)).replies) == 1


async def test_a_yes_to_something_else_is_none_to_the_offer(world: World) -> None:
    """Only what was said last counts."""
    await world.says("abc", MISS)
    await world.says("xyz", MISS)
    await world.says("khai sinh")
    await world.says("có")

    assert world.desk.tickets.of(world.conversation) is None
    assert world.heard_by_machine[-1] == "có"


async def test_where_nobody_has_an_account_nobody_is_offered_or_promised(world: World) -> None:
    """The desk is empty until the first account is made."""
    world.is_staffed = False
    place = await world.desk.queue.ask(world.conversation, "gặp cán bộ")
    await world.says("abc", MISS)
    second = await world.says("xyz", MISS)

    assert place.reach is Reach.NOBODY
    assert len(second.replies) == 1
    assert not await world.desk.queue.complain(world.conversation, "thái độ")


async def test_a_complaint_waits_without_promises(world: World) -> None:
    """Whoever complained and asks on is not told about a place in a queue."""
    await world.desk.queue.complain(world.conversation, "cán bộ hách dịch")
    result = await world.says("lệ phí khai sinh")

    assert [reply.text for reply in result.replies] == ["Máy: lệ phí khai sinh"]
    assert world.ticket.reason is Reason.COMPLAINT


async def test_what_is_kept_is_masked_and_buttons_are_kept_by_their_titles(world: World) -> None:
    """The clerk reads what the citizen read."""
    await world.says("số của tôi 044088001234")
    await world.says("abc", MISS)
    await world.says("xyz", MISS)
    await world.says("/handover", payload=True)

    said = [line for line in world.lines() if line.startswith("citizen")]
    assert said == ["citizen: số của tôi •••", "citizen: abc", "citizen: xyz", "citizen: [Gặp cán bộ]"]
    assert any("Anh/chị có muốn hỏi cán bộ không?" in line for line in world.lines())


async def test_to_be_forgotten_empties_queue_and_transcript(world: World) -> None:
    """Also while a clerk has the conversation."""
    ticket = await world.is_taken(LAN)
    await world.says("bí mật của tôi")
    await world.desk.listener.forget(world.conversation)

    assert world.lines() == []
    assert world.desk.tickets.get(ticket.id) is None


async def test_the_first_notice_is_not_in_the_clerk_s_way(world: World) -> None:
    """Every conversation begins with it; the answer under it is what the clerk looks for."""
    notice = Reply(text=Sentences().say("utter_notice", days=90))
    heard = Heard(CITIZEN, "web", "m0", "khai sinh", False, world.clock.now)
    answer = TurnResult(replies=[notice, Reply(text="Cần tờ khai.")], outcome=Outcome.ANSWERED)
    world.desk.listener.turn_ended(heard, answer, 1.0)

    assert world.lines() == ["citizen: khai sinh", "machine: Cần tờ khai."]
