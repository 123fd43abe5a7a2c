"""What the assistant did badly on, read out of the masked conversations."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine

from channels.store.feedback import Feedback, FeedbackStore
from channels.store.questions import Questions, Why
from channels.store.transcripts import Line, Transcripts, Who

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=timezone.utc)
LONG_AGO = NOW - timedelta(days=40)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def transcripts(engine: Engine) -> Transcripts:
    return Transcripts(engine)


@pytest.fixture
def questions(engine: Engine) -> Questions:
    return Questions(engine)


def turn(
    transcripts: Transcripts, words: str, said: str, outcome: str, at: datetime, conversation: str = "c" * 32
) -> None:
    """One question and its answer, as the desk's listener keeps them."""
    transcripts.add(
        Line(conversation, "web", at, Who.CITIZEN, words),
        Line(conversation, "web", at, Who.MACHINE, said, outcome),
    )


def thumb(engine: Engine, value: str, at: datetime, conversation: str = "c" * 32) -> None:
    FeedbackStore(engine).keep(Feedback(conversation, f"m{at:%M%S}", None, value, None, None, "x", at))


def test_what_was_missed_is_told_with_what_was_said(transcripts: Transcripts, questions: Questions) -> None:
    """Unanswered, refused and unsure; what was answered is nobody's business here."""
    for place, outcome in enumerate(["nothing_found", "answered", "out_of_scope", "asked_back", "small_talk"]):
        turn(transcripts, f"câu {outcome}", f"đáp {outcome}", outcome, NOW + place * MINUTE)
    found = questions.since(NOW - MINUTE, 10)

    assert [(one.words, one.said, one.why) for one in found] == [
        ("câu asked_back", "đáp asked_back", Why.UNSURE),
        ("câu out_of_scope", "đáp out_of_scope", Why.REFUSED),
        ("câu nothing_found", "đáp nothing_found", Why.UNANSWERED),
    ]
    assert found[-1].at == NOW


def test_conversations_that_cross_keep_their_own_questions(transcripts: Transcripts, questions: Questions) -> None:
    """The line before in the table may belong to somebody else."""
    one, two = "1" * 32, "2" * 32
    transcripts.add(Line(one, "web", NOW, Who.CITIZEN, "của một"))
    transcripts.add(Line(two, "web", NOW, Who.CITIZEN, "của hai"))
    transcripts.add(Line(one, "web", NOW + MINUTE, Who.MACHINE, "đáp một", "nothing_found"))
    transcripts.add(Line(two, "web", NOW + 2 * MINUTE, Who.MACHINE, "đáp hai", "nothing_found"))

    assert [(one.words, one.said) for one in questions.since(NOW, 10)] == [
        ("của hai", "đáp hai"),
        ("của một", "đáp một"),
    ]


def test_a_thumb_down_is_about_the_question_before(
    engine: Engine, transcripts: Transcripts, questions: Questions
) -> None:
    """Pressed buttons in between are no questions, and a thumb up is praise."""
    turn(transcripts, "tách thửa", "đáp sai", "answered", NOW)
    turn(transcripts, "[Chưa đúng]", "Vì sao?", "small_talk", NOW + MINUTE)
    thumb(engine, "down", NOW + 2 * MINUTE)
    turn(transcripts, "làm hộ chiếu", "đáp đúng", "answered", NOW, "d" * 32)
    thumb(engine, "up", NOW + MINUTE, "d" * 32)

    assert [(one.words, one.said, one.why) for one in questions.since(NOW, 10)] == [
        ("tách thửa", "đáp sai", Why.THUMBED_DOWN)
    ]


def test_old_questions_and_buttons_stay_out(engine: Engine, transcripts: Transcripts, questions: Questions) -> None:
    """And no more than asked for."""
    turn(transcripts, "câu cũ", "đáp", "nothing_found", LONG_AGO)
    turn(transcripts, "[Không phải các việc này]", "đáp", "nothing_found", NOW)
    for place in range(5):
        turn(transcripts, f"câu {place}", "đáp", "nothing_found", NOW + place * MINUTE)

    assert [one.words for one in questions.since(NOW - MINUTE, 3)] == ["câu 4", "câu 3", "câu 2"]


def test_who_is_forgotten_asks_nothing(transcripts: Transcripts, questions: Questions) -> None:
    """Nothing was copied, so there is nothing left."""
    turn(transcripts, "câu riêng", "đáp", "nothing_found", NOW)
    transcripts.forget("c" * 32)

    assert questions.since(NOW - MINUTE, 10) == []
