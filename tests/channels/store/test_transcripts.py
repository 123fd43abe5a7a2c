"""What was said, line by line: in order, of one conversation only, and deleted when it has to be."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from sqlalchemy import Engine

from channels.store.transcripts import Line, Transcripts, Who

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=timezone.utc)


def line(text: str, conversation: str = "a" * 32, who: Who = Who.CITIZEN, at: datetime = NOW) -> Line:
    return Line(conversation, "web", at, who, text)


def test_lines_come_back_in_the_order_in_which_they_were_said(engine: Engine) -> None:
    """A clerk reads a talk, not a heap."""
    store = Transcripts(engine)
    answer = Line("a" * 32, "web", NOW, Who.MACHINE, "Cần tờ khai.", "answered", {"/ask_fee": "Lệ phí"})
    store.add(line("một"), answer)
    store.add(line("hai"), line("của người khác", "b" * 32))

    found = store.latest("a" * 32)
    assert [one.text for one in found] == ["một", "Cần tờ khai.", "hai"]
    assert found[1].buttons == {"/ask_fee": "Lệ phí"} and found[1].outcome == "answered" and found[1].at == NOW


def test_a_page_asks_only_for_what_is_new(engine: Engine) -> None:
    """An open page asks after every message."""
    store = Transcripts(engine)
    store.add(line("một"), line("hai"), line("ba"))
    first = store.latest("a" * 32)[0]

    assert [one.text for one in store.after("a" * 32, first.id)] == ["hai", "ba"]


def test_of_a_long_talk_the_latest_lines_are_read(engine: Engine) -> None:
    """The beginning of last month's talk helps nobody."""
    store = Transcripts(engine)
    store.add(*(line(str(number), who=Who.MACHINE if number % 2 else Who.CITIZEN) for number in range(10)))

    assert [one.text for one in store.latest("a" * 32, 2)] == ["8", "9"]
    assert [one.text for one in store.latest("a" * 32, 2, Who.MACHINE)] == ["7", "9"]


def test_who_wants_to_be_forgotten_is_forgotten_and_nobody_else(engine: Engine) -> None:
    """One wish, one conversation."""
    store = Transcripts(engine)
    store.add(line("một"), line("của người khác", "b" * 32))
    store.forget("a" * 32)

    assert store.latest("a" * 32) == [] and len(store.latest("b" * 32)) == 1


def test_old_lines_go_by_themselves(engine: Engine) -> None:
    """What is kept longer than promised is a leak."""
    store = Transcripts(engine)
    store.add(line("cũ", at=NOW - timedelta(days=91)), line("mới"))

    assert store.forget_before(NOW - timedelta(days=90)) == 1
    assert [one.text for one in store.latest("a" * 32)] == ["mới"]
