"""The audit log (nhật ký truy cập): every look at personal data and every change; the database refuses to alter it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Engine,
    Index,
    Integer,
    String,
    Table,
    Text,
    event,
    insert,
    select,
)

from channels.store.database import METADATA

AUDIT = Table(
    "staff_audit",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at_s", BigInteger, nullable=False, index=True),
    Column("who", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("did", String(64), nullable=False),
    Column("conversation", String(32)),
    Column("application", String(64)),
    Column("application_digest", String(32)),
    Column("note", Text, nullable=False),
    Index("staff_audit_who_at", "who", "at_s"),
    Index("staff_audit_application", "application_digest"),
    Index("staff_audit_conversation", "conversation"),
)
_ADD_ONLY = {
    "sqlite": [
        f"""CREATE TRIGGER staff_audit_no_{kind.lower()} BEFORE {kind} ON staff_audit
        BEGIN SELECT RAISE(ABORT, 'staff_audit is append-only'); END"""
        for kind in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        """CREATE OR REPLACE FUNCTION staff_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'staff_audit is append-only'; END $$""",
        """CREATE TRIGGER staff_audit_add_only BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_audit
        FOR EACH STATEMENT EXECUTE FUNCTION staff_audit_refuse()""",
    ],
}
for _dialect, _statements in _ADD_ONLY.items():
    for _statement in _statements:
        event.listen(AUDIT, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class AuditEntry:
    """One line of the log.

    who, role: the officer's name and role at that time; "hệ thống" for commands.  did: a key of ACTION_WORDS.
    application: the code with its running number hidden; application_digest: keyed, to find one application's lines.
    """

    id: int
    at: datetime
    who: str
    role: str
    did: str
    conversation: str | None
    application: str | None
    note: str


class AuditStore:
    """Writes lines and reads them back, newest first. Blocking; call it in a thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self,
        at: datetime,
        who: str,
        role: str,
        did: str,
        note: str = "",
        conversation: str | None = None,
        application: str | None = None,
        application_digest: str | None = None,
    ) -> None:
        """Add a line; it stands when this returns."""
        row = {
            "at_s": int(at.timestamp()),
            "who": who,
            "role": role,
            "did": did,
            "note": note,
            "conversation": conversation,
            "application": application,
            "application_digest": application_digest,
        }
        with self._engine.begin() as connection:
            connection.execute(insert(AUDIT).values(row))

    def entries(
        self,
        limit: int = 100,
        before: int | None = None,
        who: str = "",
        did: str = "",
        conversation: str = "",
        application_digest: str = "",
    ) -> tuple[AuditEntry, ...]:
        """Return lines, newest first; before: the id of the last line seen."""
        wanted = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(limit)
        given = {"who": who, "did": did, "conversation": conversation, "application_digest": application_digest}
        wanted = wanted.where(*(AUDIT.c[name] == value for name, value in given.items() if value))
        if before is not None:
            wanted = wanted.where(AUDIT.c.id < before)
        with self._engine.connect() as connection:
            return tuple(
                AuditEntry(
                    row.id,
                    datetime.fromtimestamp(row.at_s, timezone.utc),
                    row.who,
                    row.role,
                    row.did,
                    row.conversation,
                    row.application,
                    row.note,
                )
                for row in connection.execute(wanted)
            )
