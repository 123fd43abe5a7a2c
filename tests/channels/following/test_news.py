"""The news themselves: what changed and what to do, nothing that a stranger may not read on a locked phone."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from actions.applications import STATUS_WORDS
from actions.one_stop.port import Payment, Status
from channels.following.news import News
from channels.messages import Reply, ReplyButton
from tests.actions.test_applications import CODE, NOON, VIEW


@pytest.mark.parametrize("status", [*Status, None])
def test_every_status_has_its_news(status: Status | None) -> None:
    """In the words of the status card, with the code, in one bubble."""
    reply = News().of(replace(VIEW, status=status, status_text="Chờ liên thông thuế"), is_final=False)

    assert CODE in reply.text and STATUS_WORDS.get(status, "Chờ liên thông thuế") in reply.text  # type: ignore[arg-type]
    assert "\n\n" not in reply.text and not re.search(r"[{}]|None", reply.text)
    assert [button.title for button in reply.buttons] == ["Xem chi tiết", "Thôi theo dõi"]
    assert all(CODE in button.payload for button in reply.buttons)


def test_names_papers_reasons_and_amounts_stay_behind_the_identity_check() -> None:
    """The message may light up on a phone that lies on a counter."""
    view = replace(
        VIEW,
        papers_to_add=("Đơn của ông Nguyễn Văn Mẫu",),
        reason="Ông Nguyễn Văn Mẫu khai thiếu",
        payment=Payment(50_000),
    )
    for status in Status:
        text = News().of(replace(view, status=status), is_final=False).text
        assert not [word for word in ("Mẫu", "Đơn", "50.000", "khai thiếu") if word in text]


def test_deadlines_are_told() -> None:
    """Who must act has to know until when."""
    assert (
        "hạn nộp: 22/11/2026" in News().of(replace(VIEW, status=Status.PAPERS_NEEDED, papers_due_at=NOON), False).text
    )
    assert "hẹn trả kết quả: 22/11/2026" in News().of(VIEW, False).text


def test_after_a_final_status_there_is_nothing_to_stop() -> None:
    """The button would do nothing."""
    assert [one.title for one in News().of(replace(VIEW, status=Status.RETURNED), True).buttons] == ["Xem chi tiết"]


def test_several_become_one_message_that_says_when_it_may_be_a_repetition() -> None:
    """At most four buttons, the newest."""
    replies = [
        Reply(text=f"tin {n}", buttons=[ReplyButton(title=f"nút {n}-{m}", payload=f"/p{n}{m}") for m in range(2)])
        for n in range(3)
    ]
    one = News().together(replies, maybe_again=False)
    again = News().together(replies[:1], maybe_again=True)

    assert one.text == "tin 0\n\ntin 1\n\ntin 2" and [button.payload for button in one.buttons] == [
        "/p10",
        "/p11",
        "/p20",
        "/p21",
    ]
    assert again.text == "(Tin này có thể đã tới một lần.)\n\ntin 0"
