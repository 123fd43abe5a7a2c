"""Zalo's window: 48 hours after a person's message, eight messages in them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine

from channels.store.zalo_people import ZaloPeople

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)


@pytest.fixture
def people(engine: Engine) -> ZaloPeople:
    return ZaloPeople(engine, 48 * HOUR, 8)


def test_eight_messages_fit_and_no_ninth(people: ZaloPeople) -> None:
    """Zalo refuses the ninth; the person's next message opens the way."""
    people.heard("c", NOON)
    assert people.reserve("c", 8, NOON, is_answer=False)
    assert not people.reserve("c", 1, NOON, is_answer=True)

    people.heard("c", NOON + HOUR)
    assert people.reserve("c", 1, NOON + HOUR, is_answer=True)


def test_nobody_gets_half_an_answer(people: ZaloPeople) -> None:
    """What does not fit as a whole waits as a whole."""
    people.heard("c", NOON)
    assert people.reserve("c", 7, NOON, is_answer=False)

    assert not people.reserve("c", 2, NOON, is_answer=False)
    assert people.reserve("c", 1, NOON, is_answer=False)


def test_after_two_days_the_window_is_closed(people: ZaloPeople) -> None:
    """Forty-eight hours after the last message of the person."""
    people.heard("c", NOON)

    assert people.reserve("c", 1, NOON + 47 * HOUR, is_answer=False)
    assert not people.reserve("c", 1, NOON + 48 * HOUR, is_answer=False)


def test_an_old_message_that_comes_late_opens_nothing(people: ZaloPeople) -> None:
    """A repeated webhook is no new message."""
    people.heard("c", NOON)
    people.reserve("c", 8, NOON, is_answer=False)
    people.heard("c", NOON - HOUR)

    assert not people.reserve("c", 1, NOON, is_answer=False)


def test_unsent_messages_are_given_back(people: ZaloPeople) -> None:
    """A fault of the network must not use the window up."""
    people.heard("c", NOON)
    people.reserve("c", 8, NOON, is_answer=False)
    people.give_back("c", 3)

    assert people.reserve("c", 3, NOON, is_answer=False)


def test_zalo_is_believed_when_it_says_closed(people: ZaloPeople) -> None:
    """It also counts what others sent for the account, e.g. from its own pages."""
    people.heard("c", NOON)
    people.close("c")
    people.give_back("c", 1)

    assert not people.reserve("c", 1, NOON, is_answer=True)


def test_strangers_get_answers_but_no_pushes(people: ZaloPeople) -> None:
    """After a deletion nothing is kept; its answer still goes out."""
    assert not people.reserve("c", 1, NOON, is_answer=False)
    assert people.reserve("c", 1, NOON, is_answer=True)


def test_who_left_is_remembered_until_they_follow_again(people: ZaloPeople) -> None:
    """Writing is not following: pushes stay off."""
    people.left("new")
    people.heard("c", NOON)
    people.left("c")
    people.heard("c", NOON + HOUR)
    assert people.has_left("c") and people.has_left("new")

    people.heard("c", NOON + 2 * HOUR, follows=True)
    assert not people.has_left("c")


def test_forgetting_leaves_nothing(people: ZaloPeople) -> None:
    """Neither on request nor after the retention."""
    people.left("c")
    people.forget("c")
    people.heard("old", datetime(2020, 1, 1, tzinfo=timezone.utc))

    assert not people.has_left("c")
    assert people.forget_older_than(90) == 1


def test_workers_together_do_not_send_more_than_eight(engine: Engine) -> None:
    """The count is the database's, not a worker's."""
    ZaloPeople(engine, 48 * HOUR, 8).heard("c", NOON)

    def reserve(_: int) -> bool:
        return ZaloPeople(engine, 48 * HOUR, 8).reserve("c", 1, NOON, is_answer=False)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(reserve, range(16))) == 8
