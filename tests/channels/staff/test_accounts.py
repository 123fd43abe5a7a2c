"""Signing in against a clock: lock-out, one-time passwords, hashes, and what is written down."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from channels.staff.accounts import Accounts, place_of
from channels.staff.audit import Audit, mask_code
from channels.staff.errors import AccountFault, SignInLocked, SignInRefused
from channels.staff.passwords import Passwords, check_password, one_time_password
from channels.staff.roles import Role
from channels.staff.settings import StaffSettings
from channels.store.attempts import SqlAttempts
from channels.store.audit import AuditStore
from channels.store.database import open_database
from channels.store.staff import StaffStore
from tests.fakes.staff import FAST, PASSWORD

START = datetime(2026, 3, 2, 8, 0, tzinfo=timezone.utc)


class Door:
    """Accounts whose clock a test turns."""

    def __init__(self, path: Path, settings: StaffSettings | None = None) -> None:
        self.engine = open_database(f"sqlite:///{path / 'app.db'}")
        self.now = START
        self.audit = Audit(AuditStore(self.engine), b"key", self.clock)
        store, attempts = StaffStore(self.engine), SqlAttempts(self.engine)
        settings = settings or StaffSettings(lockout_address_failures=50)
        self.accounts = Accounts(store, attempts, self.audit, settings, Passwords(FAST), self.clock)
        self.accounts.add("lan", "Cô Lan", Role.CLERK, PASSWORD)

    def clock(self) -> datetime:
        return self.now

    async def fail(self, name: str, times: int, address: str = "10.0.0.1") -> None:
        for _ in range(times):
            with pytest.raises(SignInRefused):
                await self.accounts.sign_in(name, "wrong", address)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """A door with one clerk."""
    one = Door(tmp_path)
    yield one
    one.engine.dispose()


@pytest.mark.parametrize("name", ["lan", "nobody"])
async def test_five_failures_lock_a_name_for_a_quarter_of_an_hour(door: Door, name: str) -> None:
    """Known or not: a stranger cannot tell by the lock either. Capital letters are no way round."""
    await door.fail(name, 5)
    with pytest.raises(SignInLocked) as locked:
        await door.accounts.sign_in(name.upper(), PASSWORD, "10.0.0.2")
    assert locked.value.until == START + timedelta(minutes=15)
    door.now += timedelta(minutes=15)
    with pytest.raises(SignInRefused):
        await door.accounts.sign_in(name, "wrong", "10.0.0.2")


async def test_five_failures_lock_an_address(tmp_path: Path) -> None:
    """One password tried on all names is no way in."""
    door = Door(tmp_path, StaffSettings())
    for number in range(5):
        await door.fail(f"name{number}", 1, "10.0.0.9")
    with pytest.raises(SignInLocked):
        await door.accounts.sign_in("lan", PASSWORD, "10.0.0.9")
    assert (await door.accounts.sign_in("lan", PASSWORD, "10.0.0.1")).officer.name == "lan"


async def test_this_machine_is_no_address(tmp_path: Path) -> None:
    """Behind a proxy that names nobody, five wrong tries of a stranger would lock the whole office out."""
    door = Door(tmp_path, StaffSettings())
    for number in range(8):
        await door.fail(f"name{number}", 1, "127.0.0.1")
    assert await door.accounts.sign_in("lan", PASSWORD, "::1")


async def test_an_address_locked_costs_the_name_nothing(tmp_path: Path) -> None:
    """Refused tries from a locked address must not lock the clerk whose name they use."""
    door = Door(tmp_path, StaffSettings())
    for number in range(5):
        await door.fail(f"name{number}", 1, "10.0.0.9")
    for _ in range(6):
        with pytest.raises(SignInLocked):
            await door.accounts.sign_in("lan", "wrong", "10.0.0.9")
    assert await door.accounts.sign_in("lan", PASSWORD, "10.0.0.1")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
    ],
)
def test_a_home_network_is_one_address(one: str, other: str, same: bool) -> None:
    """Any home has billions of IPv6 addresses to guess from."""
    assert (place_of(one) == place_of(other)) is same


async def test_signing_in_counts_no_failure(door: Door) -> None:
    """However often a clerk comes in a quarter of an hour."""
    for _ in range(8):
        await door.accounts.sign_in(" Lan ", PASSWORD, "10.0.0.1")


async def test_an_unknown_name_takes_as_long_as_a_known_one(tmp_path: Path) -> None:
    """Real argon2 parameters; the median of some tries, within a factor no network could hide."""
    door = Door(tmp_path, StaffSettings(lockout_failures=100, lockout_address_failures=100))
    slow = Accounts(
        door.accounts.store,
        SqlAttempts(door.engine),
        door.audit,
        StaffSettings(lockout_failures=100, lockout_address_failures=100),
        Passwords(PasswordHasher()),
        door.clock,
    )
    slow.add("hoa", "Cô Hoa", Role.CLERK, PASSWORD)
    taken: dict[str, list[float]] = {"hoa": [], "nobody": []}
    for _ in range(5):
        for name, times in taken.items():
            started = time.process_time()
            with pytest.raises(SignInRefused):
                await slow.sign_in(name, "wrong", "10.0.0.1")
            times.append(time.process_time() - started)
    known, unknown = (sorted(times)[2] for times in taken.values())
    assert 0.5 < known / unknown < 2


async def test_a_one_time_password_is_over_after_three_days(door: Door) -> None:
    """A note on a desk does not open the door next year."""
    made = door.accounts.reset("lan")
    with pytest.raises(SignInRefused):
        await door.accounts.sign_in("lan", PASSWORD, "10.0.0.1")
    assert (await door.accounts.sign_in("lan", made, "10.0.0.1")).officer.one_time
    door.now += timedelta(days=3)
    with pytest.raises(SignInRefused):
        await door.accounts.sign_in("lan", made, "10.0.0.1")


async def test_a_closed_account_is_refused_like_a_wrong_password(door: Door) -> None:
    """Nobody learns who has left."""
    door.accounts.disable("lan")
    with pytest.raises(SignInRefused):
        await door.accounts.sign_in("lan", PASSWORD, "10.0.0.1")


async def test_an_outdated_hash_is_renewed_at_the_next_sign_in(door: Door) -> None:
    """Stronger parameters reach old accounts without anybody's doing."""
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    accounts = Accounts(
        door.accounts.store,
        SqlAttempts(door.engine),
        door.audit,
        StaffSettings(),
        Passwords(stronger),
        door.clock,
    )
    before = accounts.known("lan").password
    await accounts.sign_in("lan", PASSWORD, "10.0.0.1")
    after = accounts.known("lan").password
    assert after != before and after is not None and not stronger.check_needs_rehash(after)
    await accounts.sign_in("lan", PASSWORD, "10.0.0.1")


async def test_with_the_provinces_sign_on_alone_only_admins_keep_a_password(tmp_path: Path) -> None:
    """When the provider is down somebody must get in."""
    door = Door(tmp_path, StaffSettings(oidc_only=True))
    door.accounts.add("chu", "Chú Quản", Role.ADMIN, PASSWORD)
    with pytest.raises(SignInRefused):
        await door.accounts.sign_in("lan", PASSWORD, "10.0.0.1")
    assert await door.accounts.sign_in("chu", PASSWORD, "10.0.0.1")


async def test_failures_and_successes_are_written_down_without_passwords(door: Door) -> None:
    """An unknown name is not written: people type their password there by mistake."""
    await door.fail("lan", 1)
    await door.fail("my secret password", 1)
    await door.accounts.sign_in("lan", PASSWORD, "10.0.0.1")
    lines = [(entry.who, entry.did) for entry in door.audit.store.entries()]
    assert lines == [("lan", "sign_in"), ("?", "sign_in_failed"), ("lan", "sign_in_failed")]


@pytest.mark.parametrize("password", ["ngắn", "aaaaaaaaaaaa", "Mật khẩu 2026!", "lan là tôi đây", "x" * 201])
def test_a_password_that_is_easily_guessed_is_refused(password: str) -> None:
    """With a sentence that says what to do."""
    with pytest.raises(AccountFault):
        check_password(password, "lan")


def test_one_time_passwords_are_made_up_each_time() -> None:
    """There is no default password, ever."""
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(one) == 19 and not set(one) & set("0o1li") for one in made)


@pytest.mark.parametrize("name", ["", "a", "Cô Lan", "../x", "lan@tinh", "-lan"])
def test_a_name_is_plain(door: Door, name: str) -> None:
    """It stands in addresses and in the log."""
    with pytest.raises(AccountFault):
        door.accounts.add(name, "", Role.CLERK, PASSWORD)


def test_the_log_hides_the_running_number_of_an_application(door: Door) -> None:
    """And finds the lines of one application all the same."""
    assert mask_code("000.00.16.H46-200715-0001") == "000.00.16.H46-200715-••••"
    assert mask_code("nonsense") == "••••"
    door.audit.write_as("lan", "clerk", "status_seen", application="H50.05-261102-0001")
    [entry] = door.audit.store.entries(application_digest=door.audit.digest("H50.05-261102-0001"))
    assert entry.application == "H50.05-261102-••••"


def test_a_kind_of_line_without_words_is_refused(door: Door) -> None:
    """Admins could not read it."""
    with pytest.raises(KeyError):
        door.audit.write_as("lan", "clerk", "something_else")
