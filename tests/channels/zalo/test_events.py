"""What Zalo's events say, and that a repeated one is known."""

from __future__ import annotations

import json
from typing import Any

import pytest

from channels.zalo.events import Event, Kind, read_event
from tests.fakes.zalo import FakeZalo

ZALO = FakeZalo()


def read(body: bytes, **more: Any) -> Event:
    event = read_event(json.loads(body) | more)
    assert event is not None
    return event


def test_a_message_tells_who_said_what() -> None:
    """The sender's id and the words."""
    event = read(ZALO.text("17", "chào"))

    assert (event.kind, event.person, event.words) == (Kind.TEXT, "17", "chào")


@pytest.mark.parametrize("name, kind", [("follow", Kind.FOLLOW), ("unfollow", Kind.UNFOLLOW)])
def test_following_names_a_follower(name: str, kind: Kind) -> None:
    """There is no sender in these events."""
    event = read(ZALO.event(name, "17"))

    assert (event.kind, event.person) == (kind, "17")


def test_a_repeated_message_has_the_same_key() -> None:
    """Zalo repeats with the same msg_id; the timestamp may differ."""
    first, again = read(ZALO.text("17", "chào", "m1")), read(ZALO.text("17", "chào", "m1"), timestamp="1795348800000")

    assert first.key == again.key
    assert first.key != read(ZALO.text("17", "chào", "m2")).key


def test_events_without_a_message_are_known_by_all_they_say() -> None:
    """Following twice in a month is twice; the same webhook repeated is once."""
    first = json.loads(ZALO.event("follow", "17"))
    again = read_event(first | {"timestamp": "1795348800000"})
    repeated = read_event(dict(first))
    event = read_event(first)

    assert event and again and repeated
    assert event.key == repeated.key != again.key


@pytest.mark.parametrize(
    "change",
    [{"event_name": "oa_send_text"}, {"sender": None}, {"sender": {"id": True}}, {"sender": {"id": "9" * 65}}],
)
def test_what_nobody_can_answer_is_no_event(change: dict[str, Any]) -> None:
    """It is taken, and nothing more."""
    assert read_event(json.loads(ZALO.text("17", "chào")) | change) is None


def test_words_are_made_sound() -> None:
    """Half a letter or a zero byte would stumble in every database behind."""
    event = read(ZALO.text("17", "x"), message={"text": "a\x00b\ud800", "msg_id": "1"})

    assert event.words == "a b?"
