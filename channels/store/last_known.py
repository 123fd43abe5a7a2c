"""Keeps the last answers of the one-stop system in the database, for hours when it is down."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Column, Engine, String, Table, Text, delete, select

from actions.one_stop.identity import DigitProof
from actions.one_stop.last_known import KnownAnswer
from actions.one_stop.status_view import StatusView
from channels.store.database import METADATA
from channels.store.upsert import upsert

LAST_KNOWN = Table(
    "last_known",
    METADATA,
    Column("citizen", String(64), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("view", Text, nullable=False),
    Column("proofs", Text, nullable=False),
    Column("key_mark", String(64), nullable=False),
    Column("kept_s", BigInteger, nullable=False, index=True),
)
_VIEW = TypeAdapter(StatusView)
_SWEEP_EVERY = timedelta(hours=1)


class SqlLastKnown:
    """`LastKnownStore` in the database: ids are hashes, names are masked, digits are keyed digests.

    proof: its key made the digests. An answer kept under another key is not found: nobody could prove anything
    against it, and the rightful owner would be refused.
    keep_for: how long an answer is kept; nothing is kept when it is zero.
    """

    def __init__(self, engine: Engine, proof: DigitProof, keep_for: timedelta) -> None:
        self._engine = engine
        self._key_mark = _mark(proof)
        self._keep_for = keep_for
        self._swept_at: datetime | None = None

    async def keep(self, channel_user: str, answer: KnownAnswer) -> None:
        """Keep the answer; see `LastKnownStore.keep`."""
        await asyncio.to_thread(self._keep, channel_user, answer)

    async def find(self, channel_user: str, code: str) -> KnownAnswer | None:
        """Return the answer; see `LastKnownStore.find`."""
        return await asyncio.to_thread(self._find, channel_user, code)

    async def forget(self, channel_user: str) -> None:
        """Delete the citizen's answers; see `LastKnownStore.forget`."""
        await asyncio.to_thread(self._forget, channel_user)

    def _keep(self, channel_user: str, answer: KnownAnswer) -> None:
        now = datetime.now(timezone.utc)
        if not self._keep_for:
            return
        if self._swept_at is None or now - self._swept_at > _SWEEP_EVERY:
            self.forget_before(now - self._keep_for)
            self._swept_at = now
        row = {
            "citizen": channel_user,
            "code": answer.view.code,
            "view": _VIEW.dump_json(answer.view).decode(),
            "proofs": " ".join(proof.hex() for proof in answer.proofs),
            "key_mark": self._key_mark,
            "kept_s": int(now.timestamp()),
        }
        with self._engine.begin() as connection:
            connection.execute(upsert(self._engine, LAST_KNOWN, row))

    def _find(self, channel_user: str, code: str) -> KnownAnswer | None:
        columns = LAST_KNOWN.c
        wanted = select(columns.view, columns.proofs).where(
            columns.citizen == channel_user, columns.code == code, columns.key_mark == self._key_mark
        )
        with self._engine.connect() as connection:
            row = connection.execute(wanted).first()
        if row is None:
            return None
        proofs = tuple(bytes.fromhex(proof) for proof in row.proofs.split())
        return KnownAnswer(_VIEW.validate_json(row.view), proofs)

    def _forget(self, channel_user: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(LAST_KNOWN).where(LAST_KNOWN.c.citizen == channel_user))

    def forget_older_than(self, days: int) -> int:
        """Delete the answers of that age; return how many."""
        return self.forget_before(datetime.now(timezone.utc) - timedelta(days=days))

    def forget_before(self, moment: datetime) -> int:
        """Delete the answers kept before a moment; return how many."""
        with self._engine.begin() as connection:
            before = LAST_KNOWN.c.kept_s < int(moment.timestamp())
            return connection.execute(delete(LAST_KNOWN).where(before)).rowcount


def _mark(proof: DigitProof) -> str:
    """Return what tells one key from another without telling the key."""
    (digest,) = proof.of_numbers("which key is this", "0123456789")
    return digest.hex()
