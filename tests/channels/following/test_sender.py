"""Bringing letters: each once, in order, with patience, and with respect for what a channel allows."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from actions.following import Followed
from actions.one_stop.port import Status
from actions.one_stop.state import State
from channels.errors import DeliveryLater, DeliveryRefused
from channels.messages import Reply
from channels.store.moments import utc_now
from channels.store.outbox import OUTBOX
from tests.actions.test_applications import CODE
from tests.channels.following.conftest import Office

LEASE = timedelta(seconds=60)
OTHER = "H50.05-261102-0002"


async def send(office: Office, after: timedelta = timedelta(seconds=1)) -> list[str]:
    """Send what is due after a time; return the texts that Zalo got so far."""
    for letters in await office.outbox.claim(utc_now() + after, LEASE, 10):
        await office.sender.bring(letters)
    return [text for _, texts, _ in office.zalo.sent for text in texts]


async def change(office: Office, number: int, code: str = CODE, status: Status = Status.IN_PROGRESS) -> None:
    """Find the application changed for the so-manieth time."""
    now = utc_now()
    await office.watch.record(code, State(f"{number:064d}", int(status)), Reply(text=f"tin {number}"), now, now)


def states(office: Office) -> list[tuple[str | None, bool]]:
    """Return how the letters ended and whether they are held."""
    with office.engine.connect() as connection:
        rows = connection.execute(select(OUTBOX.c.ended, OUTBOX.c.held).order_by(OUTBOX.c.id)).all()
    return [(row.ended, row.held) for row in rows]


async def test_a_letter_goes_to_the_person_behind_the_conversation(office: Office) -> None:
    """Once, with its key for channels that can tell a repetition."""
    await office.follow()
    await change(office, 1)
    await send(office)
    await send(office)

    ((person, texts, key),) = office.zalo.sent
    assert (person, texts) == ("person-z", ["tin 1"]) and key.startswith("follow:")
    assert states(office) == [("sent", False)]


async def test_on_the_web_it_becomes_an_event_of_the_conversation(office: Office) -> None:
    """Twice the same letter is one event; without an outcome the page stays in whatever talk it is."""
    await office.follow("w", "web")
    await change(office, 1)
    (letters,) = await office.outbox.claim(utc_now() + timedelta(seconds=1), LEASE, 10)
    await office.sender.bring(letters)
    await office.outbox.put_off(letters, utc_now(), is_uncertain=True)
    (event,) = await office.events.after("w", 0)

    assert event.data == {"replies": [{"text": "tin 1", "buttons": [], "links": []}]}


async def test_a_clerks_words_are_shown_as_such(office: Office) -> None:
    """People have a right to know whether a person or a machine speaks."""
    await office.addresses.remember("w", "web", "…")
    await office.put("k", "w", "web", "handed_over")
    await send(office)

    (event,) = await office.events.after("w", 0)
    assert event.data["outcome"] == "handed_over"


async def test_a_channel_that_says_later_is_left_alone_for_that_long(office: Office) -> None:
    """Telegram's 429 carries the seconds; no doubt arises, so the text stays as it is."""
    await office.follow()
    await change(office, 1)
    office.zalo.troubles = [DeliveryLater("too many", timedelta(seconds=50))]
    assert await send(office) == []
    assert await send(office, timedelta(seconds=40)) == []

    assert await send(office, timedelta(seconds=52)) == ["tin 1"]


async def test_outside_the_window_news_wait_for_the_person_and_come_as_one(office: Office) -> None:
    """Zalo's 48 hours: three changes, one message, when the citizen writes again."""
    await office.follow()
    await change(office, 1)
    office.zalo.troubles = [DeliveryLater("48 hours", None)]
    await office.addresses.remember("z", "zalo", "person-z")
    office_now = utc_now() + timedelta(seconds=5)
    for letters in await office.outbox.claim(office_now, LEASE, 10):
        office.sender._now = lambda: office_now  # the person wrote before the try
        await office.sender.bring(letters)
    for number in (2, 3):
        await change(office, number)
    assert await send(office, timedelta(days=3)) == []

    await office.outbox.release("z", utc_now())
    assert await send(office) == ["tin 1\n\ntin 2\n\ntin 3"]
    assert states(office) == [("sent", False)] * 3


async def test_a_person_who_wrote_while_the_try_failed_is_not_kept_waiting(office: Office) -> None:
    """The way was opened between the try and the note of its failure."""
    await office.follow()
    await change(office, 1)
    office.zalo.troubles = [DeliveryLater("48 hours", None)]
    await send(office)  # the address was just remembered

    assert states(office) == [(None, False)]
    assert await send(office) == ["tin 1"]


async def test_who_has_blocked_us_is_not_followed_up(office: Office) -> None:
    """Neither this news nor the next, nor other applications."""
    await office.follow()
    await office.follow(code=OTHER)
    await change(office, 1)
    await change(office, 1, OTHER)
    office.zalo.troubles = [DeliveryRefused("blocked")]
    await send(office)

    assert office.zalo.sent == [] and await office.subscriptions.followed("z") == ()
    assert await send(office, timedelta(days=1)) == []


async def test_a_person_of_whom_nothing_is_known_any_more_is_given_up(office: Office) -> None:
    """Deleted addresses are deleted."""
    await office.follow()
    await change(office, 1)
    await office.addresses.forget("z")
    await send(office)

    assert states(office) == [("refused", False)]
    followed: tuple[Followed, ...] = await office.subscriptions.followed("z")
    assert followed == ()


async def test_after_a_fault_it_is_tried_again_and_says_that_it_may_be_a_repetition(office: Office) -> None:
    """The connection broke: the platform may have taken it or not."""
    await office.follow()
    await change(office, 1)
    office.zalo.troubles = [RuntimeError("broken"), RuntimeError("broken")]
    assert await send(office) == []
    assert await send(office, timedelta(seconds=2)) == [], "not at once"
    assert await send(office, timedelta(seconds=20)) == []

    assert await send(office, timedelta(minutes=2)) == ["(Tin này có thể đã tới một lần.)\n\ntin 1"]


async def test_a_fault_that_never_ends_is_given_up_after_a_week(office: Office) -> None:
    """Old news mislead."""
    await office.follow()
    await change(office, 1)
    office.zalo.troubles = [RuntimeError("broken")]
    later = utc_now() + timedelta(days=8)
    (letters,) = await office.outbox.claim(later, timedelta(days=30), 10)
    office.sender._now = lambda: later
    await office.sender.bring(letters)

    assert states(office) == [("expired", False)]


async def test_clerks_words_keep_their_own_bubbles_and_their_place(office: Office) -> None:
    """News before and after are not mixed into them."""
    await office.follow()
    await change(office, 1)
    await office.put("a")
    await office.put("b")
    await change(office, 2)

    assert await send(office) == ["tin 1", "lời a", "lời b", "tin 2"]


async def test_a_channel_that_is_switched_off_keeps_its_letters(office: Office) -> None:
    """Until it is switched on again."""
    await office.addresses.remember("t", "telegram", "7")
    await office.put("k", "t", "telegram")
    await send(office)

    assert states(office) == [(None, False)]
