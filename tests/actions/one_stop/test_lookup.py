"""Who may see a status, what strangers learn (nothing), and what happens when the system is down."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import timedelta

import pytest

from actions.one_stop.attempts import MemoryAttempts
from actions.one_stop.errors import LockedOut, OneStopUnavailable, StatusRefused
from actions.one_stop.identity import DigitProof
from actions.one_stop.last_known import MemoryLastKnown
from actions.one_stop.lookup import LookupPolicy, StatusLookup
from actions.one_stop.port import ApplicationRecord, Status
from tests.fakes.one_stop import CODE, NOON, FakeClock, FakeOneStop, make_record

pytestmark = pytest.mark.asyncio
PROOF = DigitProof()
MINUTE = timedelta(minutes=1)


class World:
    """A look-up over a fake system, with its clock and its stores."""

    def __init__(self, *records: ApplicationRecord, refusal_step_s: float = 1.0) -> None:
        self.clock = FakeClock()
        self.random = random.Random(7)
        self.one_stop = FakeOneStop(*(records or (make_record(PROOF),)), clock=self.clock, works_for_s=self.some_time)
        self.last_known = MemoryLastKnown()
        self.lookup = StatusLookup(
            self.one_stop,
            PROOF,
            MemoryAttempts(),
            self.last_known,
            LookupPolicy(refusal_step_s=refusal_step_s),
            monotonic=self.clock.monotonic,
            sleep=self.clock.sleep,
        )

    def some_time(self) -> float:
        """Return how long the system takes: longer when it has something to tell."""
        found = self.one_stop.asked[-1] in self.one_stop.records
        return self.random.uniform(0.3, 0.6) if found else self.random.uniform(0.01, 0.2)


@pytest.mark.parametrize("digits", ["1234", "5678"])
async def test_the_owner_sees_the_status_with_the_name_masked(digits: str) -> None:
    """The last four digits of the ID number or of the phone on file both count."""
    view = await World().lookup.look_up(CODE, digits, "citizen", NOON)

    assert view.status is Status.IN_PROGRESS
    assert view.owner_masked == "N*** V** M**"
    assert not view.is_stale


@pytest.mark.parametrize("digits", ["0000", "123", "", "12345", "１２３４", "không nhớ"])
async def test_wrong_digits_are_refused(digits: str) -> None:
    """Whatever is not the four digits on file opens nothing."""
    with pytest.raises(StatusRefused):
        await World().lookup.look_up(CODE, digits, "citizen", NOON)


@pytest.mark.parametrize("filler", [None, "", "0", "0000000000", "1111111111", "không có"])
async def test_a_record_without_usable_numbers_is_refused(filler: str | None) -> None:
    """iGate may lack both numbers: then nobody can prove to be the owner."""
    world = World(make_record(PROOF, id_number=filler, phone=filler))

    for digits in ("0000", "1111", ""):
        with pytest.raises(StatusRefused):
            await world.lookup.look_up(CODE, digits, f"citizen {digits}", NOON)


async def test_ten_thousand_guesses_tell_no_code() -> None:
    """Half of the codes exist: class, words and time of the refusals are one and the same for both halves."""
    codes = [f"H50.05-261120-{number:05d}" for number in range(10_000)]
    world = World(*(make_record(PROOF, code=code) for code in codes[::2]))
    faces: dict[bool, Counter[tuple[str, float]]] = {True: Counter(), False: Counter()}

    for number, code in enumerate(codes):
        started = world.clock.seconds
        with pytest.raises(StatusRefused) as caught:
            await world.lookup.look_up(code, "0000", f"citizen {number}", NOON)
        took_s = round(world.clock.seconds - started, 6)
        faces[number % 2 == 0][repr(caught.value), took_s] += 1

    assert faces[True] == faces[False]
    assert list(faces[True]) == [("StatusRefused('code and digits do not match')", 1.0)]


async def test_a_late_answer_is_refused_at_the_next_step() -> None:
    """When the system itself takes longer than a step, the refusal still comes on a whole step."""
    world = World(refusal_step_s=0.25)
    started = world.clock.seconds

    with pytest.raises(StatusRefused):
        await world.lookup.look_up(CODE, "0000", "citizen", NOON)

    assert (world.clock.seconds - started) / 0.25 == pytest.approx(round((world.clock.seconds - started) / 0.25))


async def test_five_failures_lock_the_citizen_out_for_fifteen_minutes() -> None:
    """Ten thousand digits are soon tried by a machine."""
    world = World()
    for number in range(5):
        with pytest.raises(StatusRefused):
            await world.lookup.look_up(f"H50.05-261120-000{number}", "0000", "citizen", NOON + number * MINUTE)

    with pytest.raises(LockedOut) as caught:
        await world.lookup.look_up(CODE, "1234", "citizen", NOON + 5 * MINUTE)
    view = await world.lookup.look_up(CODE, "1234", "citizen", NOON + 15 * MINUTE)

    assert caught.value.until == NOON + 15 * MINUTE
    assert view.code == CODE


@pytest.mark.parametrize("code", [CODE, "H50.05-261120-9999"])
async def test_five_failures_lock_the_code_on_all_channels(code: str) -> None:
    """Known or unknown alike: else the lock itself would tell that the code exists."""
    world = World()
    for channel in ("web", "telegram", "zalo", "web again", "zalo again"):
        with pytest.raises(StatusRefused):
            await world.lookup.look_up(code, "0000", channel, NOON)

    with pytest.raises(LockedOut):
        await world.lookup.look_up(code, "1234", "somebody else", NOON)


async def test_a_locked_out_citizen_does_not_reach_the_system() -> None:
    """A lock that still asks upstream would help to overload it."""
    world = World()
    for _ in range(6):
        with pytest.raises((StatusRefused, LockedOut)):
            await world.lookup.look_up(CODE, "0000", "citizen", NOON)

    assert len(world.one_stop.asked) == 5


async def test_guesses_at_the_same_moment_count_too() -> None:
    """A hundred parallel guesses must not all slip in before the first failure is written down."""
    world = World()

    outcomes = await asyncio.gather(
        *(world.lookup.look_up(CODE, f"{number:04d}", "citizen", NOON) for number in range(100)),
        return_exceptions=True,
    )

    assert Counter(type(outcome) for outcome in outcomes) == {StatusRefused: 5, LockedOut: 95}


async def test_right_answers_and_outages_are_no_failures() -> None:
    """Asking every day, or while the system is down, must lock nobody out."""
    world = World()
    for _ in range(20):
        await world.lookup.look_up(CODE, "1234", "citizen", NOON)
    world.one_stop.trouble = OneStopUnavailable("timeout")
    for _ in range(20):
        with pytest.raises(OneStopUnavailable):
            await world.lookup.look_up("H50.05-261120-0001", "1234", "another", NOON)
    world.one_stop.trouble = None

    assert (await world.lookup.look_up(CODE, "1234", "another", NOON)).code == CODE


async def test_a_right_answer_does_not_wipe_failures() -> None:
    """Else whoever owns one application could guess at others for ever."""
    world = World(make_record(PROOF), make_record(PROOF, code="H50.05-261120-0001"))
    for _ in range(4):
        with pytest.raises(StatusRefused):
            await world.lookup.look_up(f"H50.05-261120-000{_}", "0000", "citizen", NOON)
    await world.lookup.look_up(CODE, "1234", "citizen", NOON)

    with pytest.raises(StatusRefused):
        await world.lookup.look_up("H50.05-261120-0007", "0000", "citizen", NOON)
    with pytest.raises(LockedOut):
        await world.lookup.look_up("H50.05-261120-0008", "0000", "citizen", NOON)


async def test_when_the_system_is_down_the_owner_gets_the_last_answer_with_its_time() -> None:
    """An answer of this morning beats none, as long as it says that it is of this morning."""
    world = World(make_record(PROOF, due_at=NOON))
    await world.lookup.look_up(CODE, "1234", "citizen", NOON)
    world.one_stop.trouble = OneStopUnavailable("http_500")

    view = await world.lookup.look_up(CODE, "5678", "citizen", NOON + timedelta(days=1))

    assert view.is_stale
    assert view.as_of == NOON
    assert view.is_overdue


async def test_the_last_answer_still_wants_the_digits() -> None:
    """Somebody else may hold the phone now."""
    world = World()
    await world.lookup.look_up(CODE, "1234", "citizen", NOON)
    world.one_stop.trouble = OneStopUnavailable("http_500")

    with pytest.raises(StatusRefused):
        await world.lookup.look_up(CODE, "0000", "citizen", NOON)


async def test_an_outage_tells_a_stranger_nothing() -> None:
    """The kept answers of others must not show which codes exist, even to right digits."""
    world = World()
    await world.lookup.look_up(CODE, "1234", "owner", NOON)
    world.one_stop.trouble = OneStopUnavailable("http_500")

    for code in (CODE, "H50.05-261120-9999"):
        with pytest.raises(OneStopUnavailable):
            await world.lookup.look_up(code, "1234", "stranger", NOON)


async def test_an_answer_of_last_week_is_not_shown() -> None:
    """It would mislead more than help."""
    world = World()
    await world.lookup.look_up(CODE, "1234", "citizen", NOON)
    world.one_stop.trouble = OneStopUnavailable("http_500")

    with pytest.raises(OneStopUnavailable):
        await world.lookup.look_up(CODE, "1234", "citizen", NOON + timedelta(days=8))


async def test_forgotten_answers_are_gone() -> None:
    """ "Xoá dữ liệu của tôi" reaches this store too, and nobody else's part of it."""
    world = World()
    for citizen in ("one", "two"):
        await world.lookup.look_up(CODE, "1234", citizen, NOON)

    await world.last_known.forget("one")

    assert await world.last_known.find("one", CODE) is None
    assert await world.last_known.find("two", CODE) is not None


async def test_nothing_kept_or_printed_holds_digits_or_the_name() -> None:
    """A dump of memory or a stray repr must not tell who it is."""
    world = World()
    view = await world.lookup.look_up(CODE, "1234", "citizen", NOON)
    kept = await world.last_known.find("citizen", CODE)
    record = await world.one_stop.application(CODE)

    printed = f"{view} {kept} {record}"
    assert not [word for word in ("1234", "5678", "Nguyễn", "Mẫu") if word in printed]
