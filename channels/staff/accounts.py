"""Accounts of the desk: signing in and out, sessions, passwords, and what admins change."""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TypeVar

from actions.one_stop.attempts import AttemptStore
from channels.staff.audit import Audit
from channels.staff.errors import AccountFault, SignInLocked, SignInRefused
from channels.staff.passwords import LONGEST, Passwords, check_password, one_time_password
from channels.staff.roles import Officer, Role
from channels.staff.settings import StaffSettings
from channels.staff.text import one_line
from channels.store.staff import Account, StaffStore

ONE_TIME_FOR = timedelta(days=3)
#: Argon2 takes 64 MiB and a core each; more at once would let strangers fill both.
_AT_ONCE = 2
_T = TypeVar("_T")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")


@dataclass(frozen=True)
class SignedIn:
    """A new session: its token, which only the officer's browser keeps, and who it is."""

    token: str
    officer: Officer


class Accounts:
    """The desk's door."""

    def __init__(
        self,
        store: StaffStore,
        attempts: AttemptStore,
        audit: Audit,
        settings: StaffSettings,
        passwords: Passwords | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.store = store
        self._attempts = attempts
        self._audit = audit
        self._settings = settings
        self._passwords = passwords or Passwords()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self.now = now or (lambda: datetime.now(timezone.utc))

    async def sign_in(self, name: str, password: str, address: str) -> SignedIn:
        """Begin a session.

        Unknown names take as long and are locked like known ones, so that nobody learns which names exist.

        Raises:
            SignInRefused: name and password do not fit.
            SignInLocked: too many failures of this name, or from this address.
        """
        name, now = clean_name(name), self.now()
        claims = [([_key("name", name)], self._settings.per_name)]
        if place := place_of(address):
            claims.append(([_key("address", place)], self._settings.per_address))
        counted: list[list[str]] = []
        for keys, limit in claims:
            if locked := await self._attempts.claim(keys, now, limit):
                await self._give_back(counted, now)
                raise SignInLocked(locked)
            counted.append(keys)
        account = await asyncio.to_thread(self.store.find, name)
        usable = account is not None and self._may_use_password(account, now)
        kept = account.password if account and usable else None
        fits = await self._in_turn(self._passwords.fits, kept, password[:LONGEST])
        if account is None or kept is None or not fits:
            await asyncio.to_thread(self._audit.write_as, account.name if account else "?", "", "sign_in_failed")
            raise SignInRefused
        await self._give_back(counted, now)
        if self._passwords.is_outdated(kept):
            renewed = await self._in_turn(self._passwords.hash, password)
            await asyncio.to_thread(self.store.renew_hash, account.id, renewed)
        return await self.start_session(account)

    async def start_session(self, account: Account, how: str = "") -> SignedIn:
        """Begin a session of an account that has proved itself."""
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        now = self.now()
        await asyncio.to_thread(self.store.sweep, now, self._settings.idle, self._settings.longest)
        await asyncio.to_thread(self.store.start_session, account.id, digest_of(token), csrf, now)
        one_time = account.one_time_until is not None
        officer = Officer(account.id, account.name, account.full_name, account.role, csrf, one_time)
        await self._audit.write(officer, "sign_in", how)
        return SignedIn(token, officer)

    async def officer(self, token: str, counts_as_use: bool = True) -> Officer | None:
        """Return who holds the session of a token, or None; pages in the background do not count as use."""
        limits = self._settings.idle, self._settings.longest
        return await asyncio.to_thread(self.store.officer, digest_of(token), self.now(), *limits, counts_as_use)

    async def sign_out(self, token: str) -> None:
        """End a session."""
        await asyncio.to_thread(self.store.end_session, digest_of(token))

    async def change_password(self, officer: Officer, token: str, old: str, new: str) -> None:
        """Replace one's own password; all other sessions of the account end.

        Raises:
            AccountFault: the old one is wrong, or the new one is not good enough.
            SignInLocked: too many wrong tries.
        """
        now, key = self.now(), [_key("name", officer.name)]
        if locked := await self._attempts.claim(key, now, self._settings.per_name):
            raise SignInLocked(locked)
        account = await asyncio.to_thread(self.store.find, officer.name)
        kept = account.password if account else None
        if not await self._in_turn(self._passwords.fits, kept, old[:LONGEST]):
            raise AccountFault("Mật khẩu hiện tại không đúng.")
        await self._attempts.give_back(key, now)
        check_password(new, officer.name)
        if new == old:
            raise AccountFault("Mật khẩu mới phải khác mật khẩu hiện tại.")
        hashed = await self._in_turn(self._passwords.hash, new)
        await asyncio.to_thread(self.store.set_password, officer.account_id, hashed, None, digest_of(token))
        await self._audit.write(officer, "password_changed")

    def add(self, name: str, full_name: str, role: Role, password: str | None = None) -> str | None:
        """Make an account; without a password return a one-time one, to be told once. Blocking.

        Raises:
            AccountFault: the name is taken or malformed, or the password is not good enough.
        """
        name, full_name = clean_name(name), one_line(full_name, 200)
        if not _NAME.fullmatch(name):
            raise AccountFault("Tên đăng nhập gồm 2 đến 63 chữ thường không dấu, số, chấm, gạch; ví dụ lan.nguyen.")
        if password is not None:
            check_password(password, name)
        made, until = self._one_time() if password is None else (None, None)
        hashed = self._passwords.hash(password or made or "")
        self.store.add(name, full_name or name, role, self.now(), hashed, until)
        return made

    def reset(self, name: str) -> str:
        """Replace a password by a one-time one and return it; the account's sessions end. Blocking.

        Raises:
            AccountFault: there is no such account.
        """
        account = self.known(name)
        made, until = self._one_time()
        self.store.set_password(account.id, self._passwords.hash(made), until)
        return made

    def set_role(self, name: str, role: Role) -> None:
        """Change a role; see `StaffStore.set_role`. Blocking."""
        self.store.set_role(self.known(name).id, role)

    def disable(self, name: str) -> None:
        """Close an account; see `StaffStore.set_disabled`. Blocking."""
        self.store.set_disabled(self.known(name).id, self.now())

    def enable(self, name: str) -> None:
        """Open an account again. Blocking."""
        self.store.set_disabled(self.known(name).id, None)

    def has_anybody(self) -> bool:
        """Tell whether anybody could sign in at all. Blocking."""
        return any(account.disabled_at is None for account in self.store.accounts())

    def known(self, name: str) -> Account:
        """Return the account of that name.

        Raises:
            AccountFault: there is none.
        """
        account = self.store.find(clean_name(name))
        if account is None:
            raise AccountFault("Không có tài khoản này.")
        return account

    async def _give_back(self, counted: Sequence[Sequence[str]], now: datetime) -> None:
        for keys in counted:
            await self._attempts.give_back(keys, now)

    async def _in_turn(self, work: Callable[..., _T], *arguments: object) -> _T:
        """Do the work of argon2 in a thread; whoever waits for a turn holds no thread of others."""
        async with self._turns:
            return await asyncio.to_thread(work, *arguments)

    def _one_time(self) -> tuple[str, datetime]:
        return one_time_password(), self.now() + ONE_TIME_FOR

    def _may_use_password(self, account: Account, now: datetime) -> bool:
        if account.disabled_at is not None or (account.one_time_until is not None and now >= account.one_time_until):
            return False
        return not self._settings.oidc_only or account.role is Role.ADMIN


def clean_name(name: str) -> str:
    """Return a name as it is kept: trimmed and in lower case."""
    return one_line(name, 200).lower()


def place_of(address: str) -> str:
    """Return what failures are counted by: an IPv4 address, an IPv6 home network; nothing for this machine itself.

    A proxy on this machine that names nobody would otherwise lock everybody out at once; names stay counted.

    >>> place_of("203.0.113.7"), place_of("2001:db8::1"), place_of("127.0.0.1")
    ('203.0.113.7/32', '2001:db8::/64', '')
    """
    try:
        host = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(host, ipaddress.IPv6Address) and host.ipv4_mapped:
        host = host.ipv4_mapped
    if host.is_loopback:
        return ""
    return str(ipaddress.ip_network((host, 32 if host.version == 4 else 64), strict=False))


def digest_of(token: str) -> str:
    """Return what the database keeps of a session's token; it is random, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _key(kind: str, value: str) -> str:
    return hashlib.sha256(f"staff {kind}|{value}".encode()).hexdigest()
