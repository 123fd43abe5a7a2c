"""Accounts and sessions of the staff desk, in SQLite and in PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine

from channels.staff.errors import AccountFault
from channels.staff.roles import Officer, Role
from channels.store.staff import StaffStore

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=timezone.utc)
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=10)


@pytest.fixture
def store(engine: Engine) -> StaffStore:
    """An empty store."""
    return StaffStore(engine)


def officer(store: StaffStore, token: str, after: timedelta, use: bool = True) -> Officer | None:
    return store.officer(token, NOW + after, IDLE, LONGEST, use)


def test_a_name_is_taken_once(store: StaffStore) -> None:
    """Two people under one name would share a line in the audit log."""
    store.add("lan", "Cô Lan", Role.CLERK, NOW, "hash")
    with pytest.raises(AccountFault, match="lan"):
        store.add("lan", "Anh Lan", Role.ADMIN, NOW, "hash")
    assert store.count() == 1


def test_an_account_comes_back_as_it_was_written(store: StaffStore) -> None:
    """Role, one-time limit, and the id at the province's sign-on."""
    until = NOW + timedelta(days=3)
    made = store.add("lan", "Cô Lan", Role.EDITOR, NOW, "hash", until, "sub-1")
    assert store.find("lan") == made == store.find_by_subject("sub-1") == store.accounts()[0]
    assert (made.role, made.one_time_until, made.disabled_at) == (Role.EDITOR, until, None)


def test_a_session_ends_when_nobody_uses_it(store: StaffStore) -> None:
    """Somebody left for lunch without locking the computer."""
    store.start_session(store.add("lan", "Cô Lan", Role.CLERK, NOW, "hash").id, "digest", "csrf", NOW)
    assert officer(store, "digest", timedelta(minutes=29)) is not None
    assert officer(store, "digest", timedelta(minutes=58)) is not None
    assert officer(store, "digest", timedelta(minutes=88)) is None
    assert officer(store, "another", timedelta()) is None


def test_what_a_page_asks_by_itself_is_no_use(store: StaffStore) -> None:
    """A page left open must not keep its session alive for ever."""
    store.start_session(store.add("lan", "Cô Lan", Role.CLERK, NOW, "hash").id, "digest", "csrf", NOW)
    assert officer(store, "digest", timedelta(minutes=29), use=False) is not None
    assert officer(store, "digest", timedelta(minutes=31)) is None


def test_a_session_ends_after_a_working_day_in_any_case(store: StaffStore) -> None:
    """A stolen token is not good for ever either."""
    store.start_session(store.add("lan", "Cô Lan", Role.CLERK, NOW, "hash").id, "digest", "csrf", NOW)
    for minutes in range(20, 600, 20):
        assert officer(store, "digest", timedelta(minutes=minutes)) is not None
    assert officer(store, "digest", LONGEST) is None
    assert store.sweep(NOW + LONGEST, IDLE, LONGEST) == 1


def test_a_changed_role_holds_at_once(store: StaffStore) -> None:
    """Without signing in again."""
    account = store.add("lan", "Cô Lan", Role.CLERK, NOW, "hash")
    store.start_session(account.id, "digest", "csrf", NOW)
    store.set_role(account.id, Role.MANAGER)
    found = officer(store, "digest", timedelta())
    assert found is not None and found.role is Role.MANAGER


def test_closing_an_account_ends_its_sessions_and_opening_brings_none_back(store: StaffStore) -> None:
    """Whoever left the office is out within a request."""
    account = store.add("lan", "Cô Lan", Role.CLERK, NOW, "hash")
    store.start_session(account.id, "digest", "csrf", NOW)
    store.set_disabled(account.id, NOW)
    assert officer(store, "digest", timedelta()) is None
    store.set_disabled(account.id, None)
    assert officer(store, "digest", timedelta()) is None


def test_a_new_password_ends_all_other_sessions(store: StaffStore) -> None:
    """That is why one changes it."""
    account = store.add("lan", "Cô Lan", Role.CLERK, NOW, "hash")
    for digest in ("here", "elsewhere"):
        store.start_session(account.id, digest, "csrf", NOW)
    store.set_password(account.id, "new", None, keep="here")
    assert officer(store, "here", timedelta()) is not None
    assert officer(store, "elsewhere", timedelta()) is None


def test_the_last_admin_stays(store: StaffStore) -> None:
    """Nobody locks the office out of its own desk."""
    first = store.add("lan", "Cô Lan", Role.ADMIN, NOW, "hash")
    second = store.add("minh", "Anh Minh", Role.ADMIN, NOW, "hash")
    store.set_disabled(second.id, NOW)
    with pytest.raises(AccountFault):
        store.set_disabled(first.id, NOW)
    with pytest.raises(AccountFault):
        store.set_role(first.id, Role.MANAGER)
    store.set_disabled(second.id, None)
    store.set_role(first.id, Role.CLERK)


def test_signing_out_ends_one_session(store: StaffStore) -> None:
    """The one at this computer."""
    account = store.add("lan", "Cô Lan", Role.CLERK, NOW, "hash")
    for digest in ("here", "elsewhere"):
        store.start_session(account.id, digest, "csrf", NOW)
    store.end_session("here")
    assert officer(store, "here", timedelta()) is None
    assert officer(store, "elsewhere", timedelta()) is not None
