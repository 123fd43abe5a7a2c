"""Tickets of the desk: one a conversation, one clerk a ticket, whatever happens at the same time."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, select

from channels.messages import Reply
from channels.store.addresses import ADDRESSES
from channels.store.database import open_database
from channels.store.desk import Tickets
from channels.store.outbox import OUTBOX
from channels.store.tickets import Ended, Holder, Reason, Said, State, Ticket
from channels.store.transcripts import Transcripts, Who

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=timezone.utc)
LAN, HOA = Holder(1, "lan", "Cô Lan"), Holder(2, "hoa", "Cô Hoa")
CITIZEN = "a" * 32


def minutes(count: float) -> datetime:
    return NOW + timedelta(minutes=count)


def note(text: str, key: str = "k") -> Said:
    return Said(Who.DESK, text, key)


def told(text: str, key: str) -> Said:
    return Said(Who.OFFICER, text, key, lambda channel: [Reply(text=f"{channel}: {text}")], "handed_over", "lan")


@pytest.fixture
def tickets(engine: Engine) -> Tickets:
    return Tickets(engine)


def waiting(tickets: Tickets, conversation: str = CITIZEN, at: datetime = NOW) -> Ticket:
    return tickets.open(conversation, Reason.ASKED, "cho gặp cán bộ", at)[0]


def writes_on(engine: Engine, channel: str) -> None:
    with engine.begin() as connection:
        row = {"conversation": CITIZEN, "channel": channel, "sealed": "", "last_s": 0}
        connection.execute(ADDRESSES.insert().values(row))


def letters(engine: Engine) -> list[tuple[str, str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(select(OUTBOX).order_by(OUTBOX.c.id)).all()
    return [(row.channel, row.replies, row.outcome) for row in rows]


def test_asking_twice_keeps_the_first_place(tickets: Tickets) -> None:
    """Impatience must not cost the place."""
    first, is_new = tickets.open(CITIZEN, Reason.ASKED, "gặp cán bộ", NOW)
    again, is_new_again = tickets.open(CITIZEN, Reason.ASKED, "gặp cán bộ với", minutes(3))

    assert (is_new, is_new_again) == (True, False)
    assert again == first


def test_people_are_counted_who_were_there_before(tickets: Tickets) -> None:
    """A number that is true, complaints not counted: they wait for no answer."""
    tickets.open("c" * 32, Reason.COMPLAINT, "thái độ", NOW)
    waiting(tickets, at=minutes(1))
    second = waiting(tickets, "b" * 32, minutes(1))

    assert tickets.ahead_of(second) == 1


def test_a_complaint_becomes_a_wish_for_a_person(tickets: Tickets) -> None:
    """Who complained and then wants to talk must not be told that they wait already."""
    tickets.open(CITIZEN, Reason.COMPLAINT, "thái độ", NOW)
    ticket, is_new = tickets.open(CITIZEN, Reason.ASKED, "gặp cán bộ", minutes(5))

    assert is_new and ticket.reason is Reason.ASKED and ticket.waits_since == minutes(5)


def test_of_two_clerks_at_the_same_moment_one_gets_the_conversation(tickets: Tickets) -> None:
    """Two answers to one citizen, each not knowing of the other, are worse than none."""
    ticket = waiting(tickets)
    clerks = [Holder(number, f"c{number}", f"Cán bộ {number}") for number in range(1, 9)]
    start = threading.Barrier(len(clerks))
    won: list[Holder] = []

    def reach(clerk: Holder) -> None:
        start.wait()
        if tickets.take(ticket.id, clerk, minutes(1), note("nhận", f"k{clerk.account_id}")):
            won.append(clerk)

    threads = [threading.Thread(target=reach, args=(clerk,)) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1
    taken = tickets.get(ticket.id)
    assert taken and taken.state is State.TAKEN and taken.officer_id == won[0].account_id


def test_only_the_clerk_who_has_it_writes(tickets: Tickets, engine: Engine) -> None:
    """And what is written is in the outbox at once, with its line."""
    writes_on(engine, "telegram")
    ticket = waiting(tickets)
    tickets.take(ticket.id, LAN, minutes(1), note("nhận"))

    assert not tickets.write(ticket.id, HOA, minutes(2), told("Chào anh", "k1"))
    assert tickets.write(ticket.id, LAN, minutes(2), told("Chào anh", "k2"))
    [(channel, replies, outcome)] = letters(engine)
    assert channel == "telegram" and "telegram: Chào anh" in replies and outcome == "handed_over"
    assert [line.text for line in Transcripts(engine).latest(CITIZEN)] == ["nhận", "Chào anh"]


def test_words_sent_twice_are_said_once(tickets: Tickets, engine: Engine) -> None:
    """A clerk whose line dropped presses again."""
    writes_on(engine, "web")
    ticket = waiting(tickets)
    tickets.take(ticket.id, LAN, minutes(1), note("nhận"))
    for _ in range(2):
        assert tickets.write(ticket.id, LAN, minutes(2), told("Chào anh", "k2"))

    assert len(letters(engine)) == 1
    assert len(Transcripts(engine).latest(CITIZEN)) == 2


def test_a_forwarded_conversation_waits_again_for_whom_it_was_meant(tickets: Tickets) -> None:
    """It may be taken by anybody: nobody waits for a colleague on holiday."""
    ticket = waiting(tickets)
    tickets.take(ticket.id, LAN, minutes(1), note("nhận"))
    assert not tickets.forward(ticket.id, HOA, minutes(2), note("chuyển"), "Đất đai", None)
    assert tickets.forward(ticket.id, LAN, minutes(2), note("chuyển"), "Đất đai", HOA)

    again = tickets.of(CITIZEN)
    assert again and again.state is State.WAITING and again.field == "Đất đai" and again.wanted_name == "Cô Hoa"
    assert again.waits_since == minutes(2)
    assert tickets.take(ticket.id, LAN, minutes(3), note("nhận", "k9"))


def test_a_conversation_is_taken_from_the_colleague_who_has_it_and_from_no_other(tickets: Tickets) -> None:
    """What the page showed may be over by now."""
    ticket = waiting(tickets)
    tickets.take(ticket.id, LAN, minutes(1), note("nhận"))

    assert not tickets.take(ticket.id, HOA, minutes(9), note("nhận"), held_by=77)
    assert tickets.take(ticket.id, HOA, minutes(9), note("nhận", "k2"), held_by=LAN.account_id)
    assert not tickets.write(ticket.id, LAN, minutes(10), told("còn tôi", "k3"))


def test_after_the_end_the_next_wish_is_a_new_one(tickets: Tickets) -> None:
    """And what is over cannot be ended again."""
    ticket = waiting(tickets)
    assert tickets.close(ticket.id, Ended.CITIZEN, minutes(1), note("thôi"))
    assert not tickets.close(ticket.id, Ended.CITIZEN, minutes(2), note("thôi"))
    assert tickets.of(CITIZEN) is None

    assert waiting(tickets, at=minutes(3)).id != ticket.id


def test_since_when_an_answer_is_owed_does_not_move_with_further_words(tickets: Tickets) -> None:
    """Who asks every minute would else never be late."""
    ticket = waiting(tickets)
    tickets.take(ticket.id, LAN, minutes(1), note("nhận"))
    tickets.write(ticket.id, LAN, minutes(2), told("Chào anh", "k1"))
    for minute in (3, 4, 5):
        assert tickets.heard(CITIZEN, minutes(minute)) == ticket.id

    owed = tickets.of(CITIZEN)
    assert owed and owed.is_unanswered and owed.is_unread and owed.owed_since == minutes(3)
    tickets.seen(ticket.id, LAN, minutes(6))
    read = tickets.of(CITIZEN)
    assert read and not read.is_unread and read.is_unanswered


def test_two_workers_remind_once_and_apologise_once(tickets: Tickets, engine: Engine) -> None:
    """Each worker looks at the queue."""
    writes_on(engine, "web")
    ticket = waiting(tickets)

    assert tickets.warn(ticket.id, ticket.warned_at, minutes(6))
    assert not tickets.warn(ticket.id, ticket.warned_at, minutes(6))
    assert tickets.apologise(ticket.id, minutes(21), told("xin lỗi", "k1"))
    assert not tickets.apologise(ticket.id, minutes(21), told("xin lỗi", "k2"))
    assert len(letters(engine)) == 1


def test_a_restart_keeps_the_queue(tickets: Tickets, database_url: str) -> None:
    """Whoever waits still waits after an update of the program."""
    waiting(tickets)
    waiting(tickets, "b" * 32, minutes(1))
    again = open_database(database_url)

    assert [one.conversation for one in Tickets(again).all_open()] == [CITIZEN, "b" * 32]
    again.dispose()


def test_who_wants_to_be_forgotten_leaves_the_queue(tickets: Tickets) -> None:
    """Nothing is left, and the pages are told which tickets are gone."""
    ticket = waiting(tickets)

    assert tickets.forget(CITIZEN) == [ticket.id]
    assert tickets.get(ticket.id) is None
    assert not tickets.take(ticket.id, LAN, minutes(1), note("nhận"))


def test_old_tickets_go_by_themselves(tickets: Tickets) -> None:
    """They hold words of people."""
    waiting(tickets)

    assert tickets.forget_before(NOW) == 0
    assert tickets.forget_before(minutes(1)) == 1
