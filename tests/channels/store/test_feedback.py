"""Judgements of answers are kept once each, found by the desk, and gone on request."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine

from actions.turn import Outcome
from channels.messages import Reply, TurnResult
from channels.store.conversations import ConversationStore
from channels.store.feedback import MAX_WORDS, Feedback, FeedbackStore, Rated

NOW = datetime.now(timezone.utc).replace(microsecond=0)
PERSON, OTHER_PERSON = "a" * 32, "b" * 32


@pytest.fixture
def store(engine: Engine) -> FeedbackStore:
    return FeedbackStore(engine)


def judgement(message: str = "m1", value: str = "down", reason: str | None = None, **other: object) -> Feedback:
    facts = {"conversation": PERSON, "procedure_code": "1.001193", "words": None, "pressed_in": "f1", "at": NOW}
    return Feedback(message_id=message, value=value, reason=reason, **{**facts, **other})  # type: ignore[arg-type]


def answered(engine: Engine, message: str, outcome: Outcome, code: str | None = None) -> None:
    result = TurnResult(replies=[Reply(text="x")], outcome=outcome, procedure_code=code)
    conversations = ConversationStore(engine)
    is_new = conversations.open(PERSON, message).is_new
    conversations.close(PERSON, "web", message, result, is_new=is_new, expects_digits=False)


def test_a_later_judgement_takes_the_place_of_the_earlier(store: FeedbackStore) -> None:
    """A thumb corrected, or a reason after the thumb, is one opinion and not two."""
    store.keep(judgement())
    store.keep(judgement(reason="wrong", pressed_in="f2"))

    assert store.latest() == [judgement(reason="wrong", pressed_in="f2")]


def test_the_rated_answer_is_the_newest_that_has_thumbs(engine: Engine, store: FeedbackStore) -> None:
    """Between it and the thumb may stand the thanks for another one."""
    answered(engine, "m1", Outcome.ANSWERED, "1.001193")
    answered(engine, "m2", Outcome.SMALL_TALK)

    assert store.newest_answer(PERSON, ["answered"]) == Rated("m1", "1.001193")
    assert store.newest_answer(OTHER_PERSON, ["answered"]) is None


def test_words_are_waited_for_only_right_after_they_were_offered(engine: Engine, store: FeedbackStore) -> None:
    """Later the next message is a question again."""
    answered(engine, "m1", Outcome.ANSWERED)
    answered(engine, "f1", Outcome.SMALL_TALK)
    store.keep(judgement(reason="other"))

    since = NOW - timedelta(minutes=1)
    assert store.waiting_for_words(PERSON, "other", since) == "m1"
    assert store.waiting_for_words(PERSON, "wrong", since) is None
    assert store.waiting_for_words(PERSON, "other", NOW + timedelta(seconds=1)) is None
    answered(engine, "m2", Outcome.ASKED_BACK)
    assert store.waiting_for_words(PERSON, "other", since) is None


def test_words_are_cut_at_a_limit(engine: Engine, store: FeedbackStore) -> None:
    """A table is no place for a novel."""
    store.keep(judgement(reason="other"))
    store.add_words(PERSON, "m1", "x" * 5000)

    assert store.latest()[0].words == "x" * MAX_WORDS


def test_the_desk_finds_what_to_mend(store: FeedbackStore) -> None:
    """Newest first, by thumb and by procedure."""
    store.keep(judgement("m1", at=NOW - timedelta(hours=1)))
    store.keep(judgement("m2", "up"))
    store.keep(judgement("m3", procedure_code="1.000656", at=NOW - timedelta(hours=2)))

    assert [one.message_id for one in store.latest()] == ["m2", "m1", "m3"]
    assert [one.message_id for one in store.latest(value="down")] == ["m1", "m3"]
    assert [one.message_id for one in store.latest(procedure_code="1.000656")] == ["m3"]
    assert len(store.latest(limit=1)) == 1


def test_a_person_is_forgotten_and_the_others_stay(store: FeedbackStore) -> None:
    """The law's right to deletion covers opinions too."""
    store.keep(judgement())
    store.keep(judgement(conversation=OTHER_PERSON))
    store.forget(PERSON)

    assert [one.conversation for one in store.latest()] == [OTHER_PERSON]


def test_old_judgements_go(store: FeedbackStore) -> None:
    """Like the conversations they are about."""
    store.keep(judgement("m1", at=NOW - timedelta(days=91)))
    store.keep(judgement("m2"))

    assert store.forget_older_than(90) == 1
    assert [one.message_id for one in store.latest()] == ["m2"]
