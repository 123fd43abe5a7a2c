"""Who follows what: proofs of consent, what is told to whom once, how it ends."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from actions.following import Consent, NotChecked, TooMany
from actions.one_stop.port import Status
from actions.one_stop.state import State, StateMaker
from actions.one_stop.status_view import StatusView
from channels.messages import Reply
from channels.store.addresses import AddressBook
from channels.store.outbox import OUTBOX, Outbox
from channels.store.subscriptions import CONSENTS, MOST_FOLLOWED, SUBSCRIPTIONS, SqlSubscriptions
from channels.store.watch import Watch
from tests.actions.test_applications import CODE, VIEW
from tests.fakes.one_stop import NOON

OTHER = "H50.05-261102-0002"
MINUTE = timedelta(minutes=1)
STATES = StateMaker(b"k")


def make_subscriptions(engine: Engine) -> SqlSubscriptions:
    return SqlSubscriptions(engine, STATES, days=90)


def state(status: Status, code: str = CODE) -> State:
    return STATES.of(replace(VIEW, code=code, status=status))


async def follow(
    engine: Engine, person: str = "a", code: str = CODE, view: StatusView = VIEW, at: datetime = NOON
) -> None:
    """Let a person of Zalo follow, as after a look-up."""
    subscriptions = make_subscriptions(engine)
    await AddressBook(engine, b"k").remember(person, "zalo", f"zalo-{person}")
    await subscriptions.note_check(person, replace(view, code=code), at)
    await subscriptions.follow(Consent(person, code, "1", "f" * 64, at))


def letters(engine: Engine) -> list[tuple[str, str]]:
    """Return for whom letters lie in the outbox, and their words."""
    with engine.connect() as connection:
        rows = connection.execute(select(OUTBOX.c.conversation, OUTBOX.c.replies).order_by(OUTBOX.c.id)).all()
    return [(row.conversation, row.replies) for row in rows]


def endings(engine: Engine) -> list[str | None]:
    """Return how the consents ended."""
    with engine.connect() as connection:
        return list(connection.scalars(select(CONSENTS.c.ended).order_by(CONSENTS.c.given_ms)).all())


async def record(engine: Engine, status: Status, words: str = "tin", code: str = CODE) -> int:
    """Note that an application was found in a status."""
    return await Watch(engine).record(code, state(status, code), Reply(text=words), NOON, NOON + 5 * MINUTE)


async def test_the_proof_of_consent_is_kept(engine: Engine) -> None:
    """Version, hash of the exact words, time, channel, who, and for which application."""
    await follow(engine)
    with engine.connect() as connection:
        (proof,) = connection.execute(select(CONSENTS)).all()

    assert (proof.version, proof.text_hash, proof.channel) == ("1", "f" * 64, "zalo")
    assert (proof.conversation, proof.code, proof.ended) == ("a", CODE, None)
    assert proof.given_ms == int(NOON.timestamp() * 1000)


@pytest.mark.parametrize(("minutes", "allowed"), [(30, True), (31, False)])
async def test_a_check_counts_for_half_an_hour(engine: Engine, minutes: int, allowed: bool) -> None:
    """And only the one of this person and this application."""
    subscriptions = make_subscriptions(engine)
    for person in ("a", "b"):
        await AddressBook(engine, b"k").remember(person, "zalo", person)
    await subscriptions.note_check("a", VIEW, NOON)
    later = NOON + minutes * MINUTE

    assert [one.code for one in await subscriptions.checked("a", later)] == ([CODE] if allowed else [])
    for person, code in (("b", CODE), ("a", OTHER)):
        with pytest.raises(NotChecked):
            await subscriptions.follow(Consent(person, code, "1", "f", later))
    if allowed:
        assert (await subscriptions.follow(Consent("a", CODE, "1", "f", later))).code == CODE
    else:
        with pytest.raises(NotChecked):
            await subscriptions.follow(Consent("a", CODE, "1", "f", later))


async def test_nobody_follows_hundreds(engine: Engine) -> None:
    """A machine would."""
    for number in range(MOST_FOLLOWED):
        await follow(engine, code=f"H50.05-261102-1{number:03d}")
    with pytest.raises(TooMany):
        await follow(engine)


async def test_everybody_is_told_a_change_once(engine: Engine) -> None:
    """However many follow, and however often it is looked at."""
    await follow(engine, "a")
    await follow(engine, "b")
    assert await record(engine, Status.IN_PROGRESS) == 0, "what they were shown is no news"

    assert await record(engine, Status.FINISHED) == 2
    assert await record(engine, Status.FINISHED) == 0
    assert sorted(who for who, _ in letters(engine)) == ["a", "b"]


async def test_a_status_that_comes_back_is_told_again(engine: Engine) -> None:
    """In progress, papers wanted, in progress: three pieces of news."""
    await follow(engine)
    for status in (Status.PAPERS_NEEDED, Status.IN_PROGRESS, Status.PAPERS_NEEDED):
        assert await record(engine, status) == 1
    assert len(letters(engine)) == 3


async def test_who_saw_an_older_state_is_told_when_others_are_not(engine: Engine) -> None:
    """Each is measured against what was shown to that person."""
    await follow(engine, "new", view=replace(VIEW, status=Status.FINISHED))
    await follow(engine, "old")

    assert await record(engine, Status.FINISHED) == 1
    assert [who for who, _ in letters(engine)] == ["old"]


async def test_two_workers_that_find_the_same_change_tell_it_once(engine: Engine) -> None:
    """A lease may end while its holder sleeps."""
    await follow(engine)
    told = await asyncio.gather(*(record(engine, Status.FINISHED) for _ in range(6)))

    assert sorted(told) == [0, 0, 0, 0, 0, 1] and len(letters(engine)) == 1


@pytest.mark.parametrize("status", [Status.NOT_ACCEPTED, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED])
async def test_a_final_status_is_told_and_ends_everything(engine: Engine, status: Status) -> None:
    """The purpose is gone, so is the subscription; the last news still arrives."""
    await follow(engine)
    assert await record(engine, status) == 1

    assert await make_subscriptions(engine).followed("a") == ()
    assert endings(engine) == ["final"] and len(letters(engine)) == 1
    assert await Watch(engine).take(NOON + timedelta(days=1), 10) == []


async def test_after_its_days_a_subscription_ends_with_a_last_word(engine: Engine) -> None:
    """Nobody wonders why it became silent."""
    await follow(engine)
    watch = Watch(engine)
    assert await watch.end_over(NOON + timedelta(days=89), lambda code: Reply(text=code)) == 0
    assert await watch.end_over(NOON + timedelta(days=90), lambda code: Reply(text=code)) == 1

    assert endings(engine) == ["over"] and await watch.count() == 0
    ((who, words),) = letters(engine)
    assert who == "a" and CODE in words


async def test_unfollowing_takes_consent_and_waiting_news_back(engine: Engine) -> None:
    """Also those that still lie in the outbox; other applications stay."""
    await follow(engine)
    await follow(engine, code=OTHER)
    await record(engine, Status.FINISHED)
    subscriptions = make_subscriptions(engine)
    await subscriptions.unfollow("a", [CODE])

    assert [one.code for one in await subscriptions.followed("a")] == [OTHER]
    assert sorted(map(str, endings(engine))) == ["None", "withdrawn"]
    assert letters(engine) == []


async def test_who_cannot_be_reached_is_not_followed_up(engine: Engine) -> None:
    """Blocked is blocked."""
    await follow(engine)
    await follow(engine, code=OTHER)

    assert await make_subscriptions(engine).end_unreachable("a", NOON) == 2
    assert endings(engine) == ["unreachable", "unreachable"]


async def test_following_again_renews_the_proof(engine: Engine) -> None:
    """One subscription, the newest consent."""
    await follow(engine)
    await follow(engine, at=NOON + MINUTE)

    assert len(await make_subscriptions(engine).followed("a")) == 1
    assert endings(engine) == ["renewed", None]


async def test_who_wants_to_be_forgotten_leaves_no_row(engine: Engine) -> None:
    """Neither check nor proof nor subscription; others keep theirs."""
    await follow(engine, "a")
    await follow(engine, "b")
    await make_subscriptions(engine).forget("a")
    await Outbox(engine).forget("a")

    with engine.connect() as connection:
        for table in (CONSENTS, SUBSCRIPTIONS):
            assert list(connection.scalars(select(table.c.conversation))) == ["b"]
    assert await record(engine, Status.FINISHED) == 1


async def test_old_proofs_go_after_the_retention_time(engine: Engine) -> None:
    """Those of running subscriptions stay."""
    await follow(engine, "a")
    await follow(engine, "b")
    await make_subscriptions(engine).end_unreachable("a", NOON)

    assert make_subscriptions(engine).forget_before(NOON) == 0
    assert make_subscriptions(engine).forget_before(NOON + MINUTE) == 1
    assert endings(engine) == [None]


async def test_each_application_is_looked_at_once_however_many_follow(engine: Engine) -> None:
    """The one-stop system must not feel how many people wait."""
    for person in ("a", "b", "c"):
        await follow(engine, person)
    watch = Watch(engine)

    assert await watch.count() == 1
    assert await watch.take(NOON, 10) == [CODE]
    await record(engine, Status.IN_PROGRESS)
    assert await watch.take(NOON + 4 * MINUTE, 10) == []
    assert await watch.take(NOON + 5 * MINUTE, 10) == [CODE]


async def test_a_reported_application_is_looked_at_first(engine: Engine) -> None:
    """And a report during a look is not lost."""
    await follow(engine)
    await follow(engine, code=OTHER)
    watch = Watch(engine)
    await record(engine, Status.IN_PROGRESS)
    await record(engine, Status.IN_PROGRESS, code=OTHER)

    assert await watch.mark([OTHER, "H50.05-261102-9999"]) == 1
    assert await watch.take(NOON, 10) == [OTHER]
    await watch.mark([OTHER])
    await record(engine, Status.IN_PROGRESS, code=OTHER)
    assert await watch.take(NOON, 10) == [OTHER]


async def test_no_row_holds_a_name_or_how_the_application_looked(engine: Engine) -> None:
    """Only a keyed digest and the status number."""
    await follow(engine)
    with engine.connect() as connection:
        (row,) = connection.execute(select(SUBSCRIPTIONS)).all()

    assert len(row.digest) == 64 and row.status == Status.IN_PROGRESS
    assert not [word for word in ("N***", "Ví Dụ", "khai sinh", "zalo-a") if word in str(tuple(row))]
