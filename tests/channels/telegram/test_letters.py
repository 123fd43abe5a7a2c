"""Replies become few messages with keyboards that Telegram takes."""

from __future__ import annotations

import pytest

from actions.turn import Outcome
from channels.messages import Reply, ReplyButton, ReplyLink, TurnResult
from channels.telegram.keyboard import without_thumbs
from channels.telegram.letters import Composer, Letter
from tests.fakes.telegram_rules import check_keyboard

CANCEL = ReplyButton(title="Thôi", payload="/cancel")


def rows(letter: Letter) -> list[list[str]]:
    """Return the titles, after the fake has judged the keyboard."""
    if letter.keyboard is None:
        return []
    check_keyboard(letter.keyboard.to_dict())
    return [[button.text for button in row] for row in letter.keyboard.inline_keyboard]


def answered(*replies: Reply, outcome: Outcome = Outcome.ANSWERED, codes: tuple[str, ...] = ()) -> TurnResult:
    return TurnResult(
        replies=list(replies), outcome=outcome, procedure_code=next(iter(codes), None), procedure_codes=list(codes)
    )


def test_bubbles_without_buttons_join_the_next() -> None:
    """One ring for one answer."""
    letters = Composer().replies([Reply(text="a"), Reply(text="b", buttons=[CANCEL]), Reply(text="c")])

    assert [letter.body.text for letter in letters] == ["a\n\nb", "c"]
    assert [rows(letter) for letter in letters] == [[["Thôi"]], []]


def test_nothing_to_say_is_no_message() -> None:
    """Telegram refuses empty ones."""
    assert Composer().replies([]) == []


def test_short_titles_stand_in_pairs_and_long_ones_alone() -> None:
    """A title that is cut in the middle on a phone says nothing."""
    titles = ["Lệ phí", "Thời hạn", "Nộp ở đâu", "Khai sinh cho trẻ mới sinh (trong nước)", "Thôi"]
    (letter,) = Composer().replies([Reply(text="a", buttons=[ReplyButton(title=t, payload="/cancel") for t in titles])])

    assert rows(letter) == [["Lệ phí", "Thời hạn"], ["Nộp ở đâu"], [titles[3]], ["Thôi"]]


@pytest.mark.parametrize(
    ("url", "own", "behind_a_button", "in_the_text"),
    [
        ("https://dichvucong.gov.vn/x?a=1", "", True, False),
        ("/thu-tuc/1.001193", "https://motcua.tinh.gov.vn", True, False),
        ("/thu-tuc/1.001193", "", False, False),
        ("http://127.0.0.1:8000/thu-tuc", "", False, True),
        ("http://dichvucong.gov.vn/", "", False, True),
        ("https://user@dichvucong.gov.vn/", "", False, True),
        ("javascript:alert(1)", "", False, False),
    ],
)
def test_a_link_is_a_button_where_telegram_takes_it(
    url: str, own: str, behind_a_button: bool, in_the_text: bool
) -> None:
    """A refused link would take the whole answer with it; one that leads nowhere is not shown."""
    (letter,) = Composer(own).replies([Reply(text="a", links=[ReplyLink(title="Xem", url=url)])])

    assert (rows(letter) == [["Xem"]]) is behind_a_button
    assert ("Xem: " in letter.body.text) is in_the_text


def test_a_choice_that_fits_into_no_button_is_left_out() -> None:
    """The citizen can still type it."""
    long = ReplyButton(title="Dài", payload='/x{"value": "' + "a" * 99 + '"}')
    (letter,) = Composer().replies([Reply(text="a", buttons=[long, CANCEL])])

    assert rows(letter) == [["Thôi"]]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_thumbs_stand_under_what_can_be_rated(outcome: Outcome) -> None:
    """As in the widget."""
    (letter,) = Composer().answer(answered(Reply(text="a"), outcome=outcome))
    rated = {"answered", "life_event_shown", "status_shown", "nothing_found"}

    assert (rows(letter) == [["👍", "👎"]]) is (outcome.value in rated)


def test_the_checklist_is_offered_for_each_procedure_of_an_answer() -> None:
    """Two requests in one message have two lists."""
    composer = Composer(checklist_title="Tải danh sách")
    (one,) = composer.answer(answered(Reply(text="a"), codes=("1.001193",)))
    (two,) = composer.answer(answered(Reply(text="a"), codes=("1.001193", "1.000894")))
    (none,) = composer.answer(answered(Reply(text="a"), outcome=Outcome.ASKED_BACK, codes=("1.001193",)))

    assert rows(one)[0] == ["Tải danh sách"]
    assert rows(two)[:2] == [["Tải danh sách 1.001193"], ["Tải danh sách 1.000894"]]
    assert rows(none) == []


def test_the_keyboard_stands_under_the_last_piece_of_a_long_answer() -> None:
    """There the thumb is."""
    letters = Composer().replies([Reply(text="Một câu. " * 900, buttons=[CANCEL])])

    assert [bool(letter.keyboard) for letter in letters] == [False, True]


def test_after_a_rating_only_the_thumbs_go() -> None:
    """The choices stay of use."""
    (letter,) = Composer().answer(answered(Reply(text="a", buttons=[CANCEL])))

    left = without_thumbs(letter.keyboard)
    assert left and [[button.text for button in row] for row in left.inline_keyboard] == [["Thôi"]]
    assert without_thumbs(None) is None
