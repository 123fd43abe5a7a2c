"""Accounts of the staff desk and their sessions in the database; passwords as hashes, session tokens as digests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    Row,
    Select,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from channels.staff.errors import AccountFault
from channels.staff.roles import Officer, Role
from channels.store.database import METADATA

ACCOUNTS = Table(
    "staff_accounts",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("full_name", String(200), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password", Text),
    Column("one_time_until_s", BigInteger),
    Column("subject", String(255), unique=True),
    Column("created_s", BigInteger, nullable=False),
    Column("disabled_s", BigInteger),
    Column("last_sign_in_s", BigInteger),
)
SESSIONS = Table(
    "staff_sessions",
    METADATA,
    Column("token_digest", String(64), primary_key=True),
    Column("account_id", ForeignKey(ACCOUNTS.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("started_s", BigInteger, nullable=False, index=True),
    Column("used_s", BigInteger, nullable=False),
)
#: A use within this time of the last one is not written down again.
_USE_EVERY_S = 60


@dataclass(frozen=True)
class Account:
    """One account.

    password: None for those who come by the province's sign-on only; subject: their id there.
    one_time_until: the password is good for one sign-in up to that moment; None = it was chosen by the officer.
    """

    id: int
    name: str
    full_name: str
    role: Role
    password: str | None = field(repr=False)
    one_time_until: datetime | None
    subject: str | None
    created_at: datetime
    disabled_at: datetime | None
    last_sign_in_at: datetime | None


class StaffStore:
    """Reads and writes accounts and sessions. Blocking; call it in a thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def count(self) -> int:
        """Return how many accounts there are, disabled ones too."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(ACCOUNTS)) or 0

    def accounts(self) -> tuple[Account, ...]:
        """Return all accounts by name."""
        with self._engine.connect() as connection:
            return tuple(_account(row) for row in connection.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.name)))

    def find(self, name: str) -> Account | None:
        """Return the account of that name."""
        return self._one(select(ACCOUNTS).where(ACCOUNTS.c.name == name))

    def find_by_subject(self, subject: str) -> Account | None:
        """Return the account that the province's sign-on knows under this id."""
        return self._one(select(ACCOUNTS).where(ACCOUNTS.c.subject == subject))

    def add(
        self,
        name: str,
        full_name: str,
        role: Role,
        now: datetime,
        password: str | None = None,
        one_time_until: datetime | None = None,
        subject: str | None = None,
    ) -> Account:
        """Make an account.

        Raises:
            AccountFault: the name, or the id at the sign-on, is taken.
        """
        row = {
            "name": name,
            "full_name": full_name,
            "role": role.key,
            "password": password,
            "one_time_until_s": _s(one_time_until),
            "subject": subject,
            "created_s": _s(now),
        }
        try:
            with self._engine.begin() as connection:
                made = connection.execute(insert(ACCOUNTS).values(row).returning(ACCOUNTS)).one()
                return _account(made)
        except IntegrityError as error:
            raise AccountFault(f"Tên “{name}” đã có người dùng.") from error

    def set_password(self, account_id: int, password: str, one_time_until: datetime | None, keep: str = "") -> None:
        """Replace a password and end the account's sessions, but for the one whose token has the digest `keep`."""
        with self._engine.begin() as connection:
            values = {"password": password, "one_time_until_s": _s(one_time_until)}
            connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account_id).values(values))
            others = (SESSIONS.c.account_id == account_id, SESSIONS.c.token_digest != keep)
            connection.execute(delete(SESSIONS).where(*others))

    def renew_hash(self, account_id: int, password: str) -> None:
        """Replace the hash of the same password by a stronger one."""
        with self._engine.begin() as connection:
            connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account_id).values(password=password))

    def set_role(self, account_id: int, role: Role) -> None:
        """Change a role; it holds from the next request on.

        Raises:
            AccountFault: nobody would be left to manage accounts.
        """
        with self._engine.begin() as connection:
            if role is not Role.ADMIN:
                _keep_an_admin(connection, account_id)
            connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account_id).values(role=role.key))

    def set_disabled(self, account_id: int, at: datetime | None) -> None:
        """Disable an account and end its sessions, or enable it again (None).

        Raises:
            AccountFault: nobody would be left to manage accounts.
        """
        with self._engine.begin() as connection:
            if at is not None:
                _keep_an_admin(connection, account_id)
                connection.execute(delete(SESSIONS).where(SESSIONS.c.account_id == account_id))
            connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account_id).values(disabled_s=_s(at)))

    def start_session(self, account_id: int, token_digest: str, csrf: str, now: datetime) -> None:
        """Begin a session; the account counts as signed in at this moment."""
        row = {"token_digest": token_digest, "account_id": account_id, "csrf": csrf}
        with self._engine.begin() as connection:
            connection.execute(insert(SESSIONS).values(**row, started_s=_s(now), used_s=_s(now)))
            connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account_id).values(last_sign_in_s=_s(now)))

    def officer(
        self, token_digest: str, now: datetime, idle: timedelta, longest: timedelta, counts_as_use: bool = True
    ) -> Officer | None:
        """Return who holds a session; None when there is none, it is over, or the account is disabled."""
        wanted = (
            select(ACCOUNTS, SESSIONS.c.csrf, SESSIONS.c.started_s, SESSIONS.c.used_s)
            .join_from(SESSIONS, ACCOUNTS)
            .where(SESSIONS.c.token_digest == token_digest, ACCOUNTS.c.disabled_s.is_(None))
        )
        with self._engine.connect() as connection:
            row = connection.execute(wanted).first()
        second = now.timestamp()
        if row is None or second >= row.used_s + idle.total_seconds():
            return None
        if second >= row.started_s + longest.total_seconds():
            return None
        if counts_as_use and second - row.used_s >= _USE_EVERY_S:
            with self._engine.begin() as connection:
                this = SESSIONS.c.token_digest == token_digest
                connection.execute(update(SESSIONS).where(this).values(used_s=_s(now)))
        one_time = row.one_time_until_s is not None
        return Officer(row.id, row.name, row.full_name, Role.of(row.role), row.csrf, one_time)

    def end_session(self, token_digest: str) -> None:
        """End one session."""
        with self._engine.begin() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.token_digest == token_digest))

    def sweep(self, now: datetime, idle: timedelta, longest: timedelta) -> int:
        """Delete the sessions that are over; return how many."""
        over = or_(SESSIONS.c.used_s <= _s(now - idle), SESSIONS.c.started_s <= _s(now - longest))
        with self._engine.begin() as connection:
            return connection.execute(delete(SESSIONS).where(over)).rowcount

    def _one(self, wanted: Select[Any]) -> Account | None:
        with self._engine.connect() as connection:
            row = connection.execute(wanted).first()
        return _account(row) if row else None


def _keep_an_admin(connection: Connection, account_id: int) -> None:
    """Hold the admins for this transaction and make sure that another one is left."""
    active = select(ACCOUNTS.c.id).where(ACCOUNTS.c.role == Role.ADMIN.key, ACCOUNTS.c.disabled_s.is_(None))
    admins = connection.scalars(active.order_by(ACCOUNTS.c.id).with_for_update()).all()
    if list(admins) == [account_id]:
        raise AccountFault("Đây là quản trị viên cuối cùng. Anh/chị giao quyền quản trị cho người khác trước.")


def _account(row: Row[Any]) -> Account:
    return Account(
        id=row.id,
        name=row.name,
        full_name=row.full_name,
        role=Role.of(row.role),
        password=row.password,
        one_time_until=_moment(row.one_time_until_s),
        subject=row.subject,
        created_at=datetime.fromtimestamp(row.created_s, timezone.utc),
        disabled_at=_moment(row.disabled_s),
        last_sign_in_at=_moment(row.last_sign_in_s),
    )


def _s(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) if moment else None


def _moment(second: int | None) -> datetime | None:
    return None if second is None else datetime.fromtimestamp(second, timezone.utc)
