"""Letters wait for their channel: in order, for one worker at a time, until they are taken."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from channels.messages import Reply
from channels.store.database import open_database
from channels.store.moments import utc_now
from channels.store.outbox import OUTBOX, Letter, Outbox
from tests.channels.store.conftest import DATABASES, new_database

LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


async def put(outbox: Outbox, key: str, conversation: str = "a", channel: str = "zalo") -> bool:
    return await outbox.put(conversation, channel, [Reply(text=key)], key)


async def keys(outbox: Outbox, seconds: float = 1.0) -> list[list[str]]:
    """Claim and return the keys by person."""
    claimed = await outbox.claim(utc_now() + timedelta(seconds=seconds), LEASE, 10)
    return sorted([letter.key for letter in letters] for letters in claimed)


async def claim(outbox: Outbox, seconds: float = 1.0) -> Sequence[Letter]:
    """Claim and return the letters of the only person."""
    (letters,) = await outbox.claim(utc_now() + timedelta(seconds=seconds), LEASE, 10)
    return letters


async def test_a_key_is_taken_once_also_after_it_was_sent(engine: Engine) -> None:
    """Whoever puts a message in again after a crash doubles nothing."""
    outbox = Outbox(engine)
    assert await put(outbox, "k") and not await put(outbox, "k")
    await outbox.finish(await claim(outbox), "sent", utc_now())

    assert not await put(outbox, "k")
    assert await keys(outbox) == []


async def test_the_letters_of_one_person_come_together_in_order(engine: Engine) -> None:
    """Nothing overtakes."""
    outbox = Outbox(engine)
    for key, conversation in (("1", "a"), ("2", "b"), ("3", "a")):
        await put(outbox, key, conversation)

    assert await keys(outbox) == [["1", "3"], ["2"]]


async def test_what_one_worker_has_no_other_gets_until_its_lease_ends(engine: Engine) -> None:
    """And a dead worker holds nothing for ever."""
    outbox = Outbox(engine)
    await put(outbox, "1")
    assert await keys(outbox) == [["1"]]
    assert await keys(outbox) == []
    assert await keys(outbox, 32) == [["1"]]


async def test_a_later_letter_waits_behind_one_that_is_put_off(engine: Engine) -> None:
    """Else "đã xử lý xong" could come before "đang xử lý"."""
    outbox = Outbox(engine)
    await put(outbox, "1")
    await outbox.put_off(await claim(outbox), utc_now() + 60 * SECOND, is_uncertain=False)
    await put(outbox, "2")

    assert await keys(outbox) == []
    assert await keys(outbox, 61) == [["1", "2"]]


async def test_held_letters_wait_for_the_person(engine: Engine) -> None:
    """Zalo opens the way only with the citizen's next message."""
    outbox = Outbox(engine)
    await put(outbox, "1")
    await outbox.hold(await claim(outbox))
    await put(outbox, "2")
    assert await keys(outbox, 10_000_000) == []

    assert await outbox.release("b", utc_now()) == 0
    assert await outbox.release("a", utc_now()) == 1
    assert await keys(outbox) == [["1", "2"]]


async def test_only_a_try_that_began_and_never_ended_is_uncertain(engine: Engine) -> None:
    """That is what a repetition must tell the citizen; a letter merely claimed was never sent."""
    outbox = Outbox(engine)
    await put(outbox, "1")
    await put(outbox, "2")
    first = await claim(outbox)
    assert await outbox.begin(first[:1])

    again = await claim(outbox, 32)
    assert [(letter.is_uncertain, letter.attempts) for letter in again] == [(True, 1), (False, 0)]


@pytest.mark.parametrize("uncertain", [True, False])
async def test_a_fault_says_whether_the_channel_may_have_taken_it(engine: Engine, uncertain: bool) -> None:
    """A refusal in clear words leaves no doubt."""
    outbox = Outbox(engine)
    await put(outbox, "1")
    letters = await claim(outbox)
    await outbox.begin(letters)
    await outbox.put_off(letters, utc_now(), is_uncertain=uncertain)

    assert [letter.is_uncertain for letter in await claim(outbox)] == [uncertain]


async def test_a_worker_that_slept_too_long_or_was_told_to_forget_sends_nothing(engine: Engine) -> None:
    """The letter is another worker's by now, or the person has had everything deleted."""
    outbox = Outbox(engine)
    await put(outbox, "1")
    mine = await claim(outbox)
    await claim(outbox, 32)
    assert not await outbox.begin(mine)

    await put(outbox, "2", "b")
    (gone,) = await outbox.claim(utc_now() + SECOND, LEASE, 10)
    await outbox.forget("b")
    assert not await outbox.begin(gone)


async def test_words_go_when_a_letter_is_done_and_the_rest_after_a_while(engine: Engine) -> None:
    """Only the key stays, against repetitions."""
    outbox = Outbox(engine)
    await put(outbox, "1")
    await outbox.finish(await claim(outbox), "sent", utc_now())
    with engine.connect() as connection:
        assert connection.execute(select(OUTBOX.c.replies, OUTBOX.c.ended)).all() == [("[]", "sent")]

    assert outbox.forget_before(utc_now() - timedelta(days=1)) == 0
    assert outbox.forget_before(utc_now() + SECOND) == 1


@pytest.mark.parametrize("kind", DATABASES)
async def test_many_workers_share_the_letters_and_none_gets_another_s(kind: str, tmp_path: Path) -> None:
    """Four workers at once, two hundred people: each letter is claimed once."""
    with new_database(kind, tmp_path) as url:
        engines = [open_database(url) for _ in range(4)]
        for number in range(200):
            await put(Outbox(engines[0]), f"k{number}", f"c{number % 100}")
        claimed: list[str] = []

        async def work(engine: Engine) -> None:
            outbox, empty = Outbox(engine), 0
            while empty < 3:
                people = await outbox.claim(utc_now() + SECOND, LEASE, 7)
                empty = 0 if people else empty + 1
                claimed.extend(letter.key for letters in people for letter in letters)
                await asyncio.sleep(0.01)

        await asyncio.gather(*map(work, engines))
        for engine in engines:
            engine.dispose()
    assert len(claimed) == len(set(claimed)) == 200
