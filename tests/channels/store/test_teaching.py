"""Proposals, settled questions and builds, in SQLite and in PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine

from channels.store.releases import BuildState, BuildStore
from channels.store.teaching import State, TeachingStore, question_key

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=timezone.utc)
LATER = NOW + timedelta(hours=1)
ONE, TWO = question_key("mất thẻ thư viện"), question_key("xin thẻ sách")


@pytest.fixture
def store(engine: Engine) -> TeachingStore:
    return TeachingStore(engine)


@pytest.fixture
def builds(engine: Engine) -> BuildStore:
    return BuildStore(engine)


def test_a_question_is_known_however_it_is_written() -> None:
    """Without marks, with a question mark, in capitals: one question."""
    assert question_key("Mất thẻ thư viện?") == question_key("mat the  thu vien") == ONE != TWO


def test_a_proposal_settles_its_questions(store: TeachingStore) -> None:
    """They leave the list while somebody decides."""
    number = store.propose(NOW, "lan", True, "1.000001", "thẻ sách", [ONE, TWO, ONE])
    (waiting,) = store.in_state(State.OPEN)

    assert (waiting.id, waiting.made_by, waiting.target, waiting.words) == (number, "lan", "1.000001", "thẻ sách")
    assert waiting.made_at == NOW and waiting.is_name
    assert store.settled() == {ONE: None, TWO: None}


def test_two_editors_decide_and_one_wins(store: TeachingStore) -> None:
    """The line must not be written twice."""
    number = store.propose(NOW, "lan", False, "greet", "alo", [ONE])

    assert store.move(number, State.OPEN, State.DECIDING, NOW, "minh")
    assert not store.move(number, State.OPEN, State.REJECTED, NOW, "hoa", "không phải")
    assert store.move(number, State.DECIDING, State.APPROVED, LATER, "minh", file="nlu_data/small_talk.yml")
    decided = store.get(number)
    assert decided is not None and (decided.decided_by, decided.file) == ("minh", "nlu_data/small_talk.yml")
    assert decided.decided_at == LATER and decided.state is State.APPROVED


def test_a_rejected_proposal_gives_its_questions_back(store: TeachingStore) -> None:
    """With the reason, for whoever proposed it."""
    number = store.propose(NOW, "lan", True, "1.000001", "thẻ sách", [ONE])
    store.hide(NOW, "lan", [TWO], "câu ẩn")
    store.move(number, State.OPEN, State.REJECTED, NOW, "minh", "là thủ tục khác")

    assert store.settled() == {TWO: None}
    assert [one.reason for one in store.in_state(State.REJECTED)] == ["là thủ tục khác"]


def test_what_is_hidden_can_be_shown_again(store: TeachingStore) -> None:
    """A group is listed once; nothing of a proposal is given back by it."""
    store.hide(NOW, "lan", [ONE, TWO], "thẻ sách")
    assert [(one.words, one.by) for one in store.hidden()] == [("thẻ sách", "lan")]
    store.show_again(ONE)
    assert store.settled() == {TWO: None}

    store.propose(NOW, "lan", True, "1.000001", "thẻ sách", [ONE])
    store.show_again(ONE)
    assert ONE in store.settled()


def test_a_crash_while_writing_opens_the_proposal_again(store: TeachingStore) -> None:
    """Nobody waits for a worker that is gone."""
    number = store.propose(NOW, "lan", True, "1.000001", "thẻ sách", [ONE])
    store.move(number, State.OPEN, State.DECIDING, NOW, "minh")
    store.reopen_interrupted(NOW)
    assert store.in_state(State.DECIDING)
    store.reopen_interrupted(LATER)
    assert [one.id for one in store.in_state(State.OPEN)] == [number]


def test_a_build_takes_in_what_is_approved_until_it_is_in_service(store: TeachingStore, builds: BuildStore) -> None:
    """A build that fell leaves its changes to the next one; one in service has learned them."""
    number = store.propose(NOW, "lan", True, "1.000001", "thẻ sách", [ONE])
    assert store.taken_in(builds.begin(NOW, "minh")) == []
    store.move(number, State.OPEN, State.APPROVED, NOW, "minh")
    second, third = builds.begin(NOW, "minh"), builds.begin(NOW, "minh")
    assert [one.id for one in store.taken_in(second)] == [number]
    assert [one.id for one in store.taken_in(third)] == [number]
    builds.went_live(third, LATER, "minh")

    assert store.taken_in(builds.begin(NOW, "minh")) == []
    assert store.settled() == {ONE: LATER}


def test_old_proposals_that_led_to_nothing_go(store: TeachingStore) -> None:
    """What was approved stays: it stands in the data files."""
    kept, gone = (store.propose(NOW, "lan", True, "1.000001", words, []) for words in ("một", "hai"))
    store.move(kept, State.OPEN, State.APPROVED, NOW, "minh")
    store.move(gone, State.OPEN, State.REJECTED, NOW, "minh", "không")
    store.hide(NOW, "lan", [ONE], "ẩn")

    assert store.forget_before(NOW) == 0
    assert store.forget_before(LATER) == 2
    assert store.get(kept) is not None and store.get(gone) is None and store.settled() == {}


def test_the_end_of_a_build_is_written_once(builds: BuildStore) -> None:
    """Every worker looks; one of them acts."""
    number = builds.begin(NOW, "minh")
    running = builds.running()
    assert running is not None and running.id == number and running.began_by == "minh"

    assert builds.end(number, BuildState.PASSED, LATER, '{"passes": true}')
    assert not builds.end(number, BuildState.FAILED, LATER, "{}")
    assert builds.running() is None
    ended = builds.get(number)
    assert ended is not None and (ended.state, ended.ended_at, ended.report) == (
        BuildState.PASSED,
        LATER,
        '{"passes": true}',
    )


def test_the_history_knows_what_was_in_service_when(builds: BuildStore) -> None:
    """Going back is a new turn in service, not a new build."""
    first, second = builds.begin(NOW, "minh"), builds.begin(NOW, "minh")
    builds.went_live(first, NOW, "minh")
    builds.went_live(second, LATER, "minh")
    builds.went_live(first, LATER + timedelta(hours=1), "hoa")

    assert [one.id for one in builds.been_live()] == [first, second]
    back = builds.been_live()[0]
    assert (back.first_live_at, back.live_at, back.live_by) == (NOW, LATER + timedelta(hours=1), "hoa")
    assert [one.id for one in builds.history()] == [second, first]
