"""The list of questions: put together, grouped, without what is settled."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from sqlalchemy import Engine

from channels.staff.roles import Role
from channels.store.questions import Asked, Why
from channels.store.teaching import question_key
from channels.teaching.board import put_together
from channels.teaching.files import Change
from knowledge.verdict import Outcome
from tests.channels.teaching.conftest import officer
from tests.fakes.teaching import ask, make_teaching

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)


def test_one_question_asked_often_is_one_question() -> None:
    """With all reasons, the first and the last time, and the answer given last."""
    asked = [
        Asked("mất thẻ thư viện?", "đáp mới", Why.REFUSED, NOW),
        Asked("Mat the thu vien", "đáp cũ", Why.UNANSWERED, NOW - DAY),
        Asked("nuôi ong", "đáp", Why.UNSURE, NOW),
    ]
    first, second = put_together(asked, {})

    assert (first.words, first.said, first.times) == ("mất thẻ thư viện?", "đáp mới", 2)
    assert first.whys == (Why.REFUSED, Why.UNANSWERED) and (first.first_at, first.last_at) == (NOW - DAY, NOW)
    assert second.times == 1


def test_what_is_settled_stays_away_until_it_is_missed_again() -> None:
    """Asked after the release that should have learned it: it has not."""
    asked = [Asked("nuôi ong", "đáp", Why.UNANSWERED, NOW)]
    key = question_key("nuôi ong")

    assert put_together(asked, {key: None}) == []
    assert put_together(asked, {key: NOW + DAY}) == []
    assert len(put_together(asked, {key: NOW - DAY})) == 1


def test_codes_of_applications_are_hidden_here_too() -> None:
    """A transcript needs them, a list for teaching does not."""
    (one,) = put_together([Asked("hồ sơ H50.05-261102-0001 của tôi", "đáp", Why.UNSURE, NOW)], {})

    assert "0001" not in one.words


async def test_groups_stand_by_size_with_what_would_be_said_now(engine: Engine, root: Path) -> None:
    """The largest first; candidates even where the verdict is that nothing fits."""
    ask(engine, "nuôi ong ở rẫy", "xin mượn truyện tranh", "mượn truyện tranh xin", "cho mượn truyện tranh xin")
    teaching, _, _ = make_teaching(engine, root)
    shown = teaching.board.gather()

    assert [group.times for group in shown.groups] == [3, 1]
    assert {one.words for one in shown.groups[0].questions} == {
        "xin mượn truyện tranh", "mượn truyện tranh xin", "cho mượn truyện tranh xin"
    }  # fmt: skip
    bees = shown.groups[1]
    assert bees.now.outcome is Outcome.CLEAR and bees.now.offered[0].code == bees.now.candidates[0].code == "1.000005"


async def test_a_settled_group_is_gone_at_once(engine: Engine, root: Path) -> None:
    """The clerk's next look must not show it again."""
    ask(engine, "mượn truyện tranh", "nuôi ong ở rẫy")
    teaching, _, _ = make_teaching(engine, root)
    teaching.board._shown = teaching.board.gather()
    lan = officer("lan", Role.CLERK)
    await teaching.propose(lan, Change(True, "1.000001", "mượn truyện"), [question_key("mượn truyện tranh")])
    shown = await teaching.board.look()

    assert shown is not None and [group.words for group in shown.groups] == ["nuôi ong ở rẫy"]
    await teaching.hide(lan, [question_key("nuôi ong ở rẫy")], "nuôi ong ở rẫy")
    assert teaching.board.gather().groups == ()
    await teaching.show_again(question_key("nuôi ong ở rẫy"))
    assert len(teaching.board.gather().groups) == 1


async def test_an_empty_list_is_a_list(engine: Engine, root: Path) -> None:
    """Nothing asked, nothing broken."""
    teaching, _, _ = make_teaching(engine, root)

    assert teaching.board.gather().groups == ()
