"""Replies as Zalo messages: few of them, at most five buttons, longer choices as numbers."""

from __future__ import annotations

from typing import Any

from channels.messages import Reply, ReplyButton, ReplyLink
from channels.zalo.rendering import ZaloMessage, render

PORTAL = ReplyLink(title="Xem trên Cổng", url="https://dichvucong.gov.vn/")
THUMBS = [ReplyButton(title="👍", payload="/feedback"), ReplyButton(title="👎", payload="/feedback")]


def sealed(payload: str) -> str:
    return f"sealed {payload}"


def choices(count: int) -> list[ReplyButton]:
    return [ReplyButton(title=f"Việc {n}", payload=f'/choose_procedure{{"c": "{n}"}}') for n in range(1, count + 1)]


def titles(message: ZaloMessage) -> list[str]:
    return [button["title"] for button in message.buttons]


def one(replies: list[Reply], extra: list[ReplyButton] | None = None, hint: str = "") -> ZaloMessage:
    (message,) = render(replies, sealed, extra or [], hint)
    return message


def test_neighbours_become_one_message() -> None:
    """Eight messages are few; a notice and an answer need not be two of them."""
    message = one([Reply(text="Tôi là máy."), Reply(text="**Lệ phí:** không", links=[PORTAL])])

    assert message.text == "Tôi là máy.\n\nLệ phí: không"


def test_buttons_stay_under_their_text() -> None:
    """Two answers with a link each would be mixed up in one message."""
    messages = render([Reply(text="a", links=[PORTAL]), Reply(text="b", links=[PORTAL])], sealed)

    assert [message.text for message in messages] == ["a", "b"]


def test_a_button_sends_the_sealed_payload_and_a_link_opens() -> None:
    """The shapes that Zalo's API wants."""
    body: dict[str, Any] = one([Reply(text="a", buttons=THUMBS[:1], links=[PORTAL])]).body()

    assert body["attachment"]["payload"]["buttons"] == [
        {"title": "👍", "type": "oa.query.hide", "payload": "sealed /feedback"},
        {"title": "Xem trên Cổng", "type": "oa.open.url", "payload": {"url": "https://dichvucong.gov.vn/"}},
    ]
    assert one([Reply(text="a")]).body() == {"text": "a"}


def test_more_than_five_choices_become_numbers() -> None:
    """The dialogue understands “số 2”; the first ones stay buttons, and what is no choice."""
    none = ReplyButton(title="Không phải", payload="/none_of_these")
    message = one([Reply(text="Việc nào ạ?", buttons=[*choices(6), none])], hint="Nhắn “số {number}”.")

    lines = [f"{number}. Việc {number}" for number in range(1, 7)]
    assert message.text.splitlines() == ["Việc nào ạ?", *lines, "Nhắn “số 5”."]
    assert titles(message) == ["Việc 1", "Việc 2", "Việc 3", "Việc 4", "Không phải"]


def test_a_text_that_numbers_its_choices_is_not_numbered_again() -> None:
    """Life events list their steps by themselves."""
    text = "\n".join(f"{number}. Việc {number}: cần làm sớm" for number in range(1, 7))

    assert one([Reply(text=text, buttons=choices(6))]).text == text


def test_links_without_room_stand_in_the_text() -> None:
    """Choices come first, but the source is not lost."""
    message = one([Reply(text="Việc nào ạ?", buttons=choices(5), links=[PORTAL])])

    assert titles(message) == [f"Việc {number}" for number in range(1, 6)]
    assert message.text == "Việc nào ạ?\nXem trên Cổng: https://dichvucong.gov.vn/"


def test_relative_addresses_are_left_out() -> None:
    """They lead somewhere on the portal page only."""
    assert one([Reply(text="a", links=[ReplyLink(title="Trang", url="/thu-tuc/1")])]).buttons == ()


def test_thumbs_come_where_there_is_room_for_both() -> None:
    """Half a choice is none."""
    assert titles(one([Reply(text="a", buttons=choices(3))], THUMBS)) == ["Việc 1", "Việc 2", "Việc 3", "👍", "👎"]
    assert titles(one([Reply(text="a", buttons=choices(3), links=[PORTAL])], THUMBS)) == [
        "Việc 1",
        "Việc 2",
        "Việc 3",
        "Xem trên Cổng",
    ]


def test_buttons_of_a_long_answer_are_under_its_end() -> None:
    """That is where people are when they have read it."""
    messages = render([Reply(text="Một câu dài. " * 300, buttons=choices(2))], sealed)

    assert [len(message.buttons) for message in messages] == [0, 2] or [len(m.buttons) for m in messages] == [0, 0, 2]
    assert all(len(message.text) <= 2000 for message in messages)


def test_a_long_title_is_shortened() -> None:
    """Official titles are longer than a button."""
    (button,) = one([Reply(text="a", buttons=[ReplyButton(title="d" * 300, payload="/x")])]).buttons

    assert len(button["title"]) == 100 and button["title"].endswith("…")


def test_nothing_to_say_is_no_message() -> None:
    """While a clerk has the conversation the machine sends nothing."""
    assert render([], sealed) == []
