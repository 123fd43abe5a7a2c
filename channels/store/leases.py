"""Lets one worker of many do a thing: whoever holds the lease, for as long as it is renewed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Column, Engine, String, Table, delete, insert, or_, update
from sqlalchemy.exc import IntegrityError

from channels.store.database import METADATA
from channels.store.moments import to_ms

LEASES = Table(
    "leases",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("until_ms", BigInteger, nullable=False),
)


class Leases:
    """Leases in the database; all workers' clocks are taken to agree within a few seconds."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, name: str, holder: str, now: datetime, lasts: timedelta) -> bool:
        """Take or renew a lease; tell whether the holder has it until `now + lasts`."""
        mine = {"holder": holder, "until_ms": to_ms(now + lasts)}
        free = or_(LEASES.c.holder == holder, LEASES.c.until_ms <= to_ms(now))
        try:
            with self._engine.begin() as connection:
                if connection.execute(update(LEASES).where(LEASES.c.name == name, free).values(mine)).rowcount:
                    return True
                connection.execute(insert(LEASES).values(name=name, **mine))
                return True
        except IntegrityError:
            return False  # somebody else holds it

    def give_up(self, name: str, holder: str) -> None:
        """Let the next one have it at once."""
        with self._engine.begin() as connection:
            connection.execute(delete(LEASES).where(LEASES.c.name == name, LEASES.c.holder == holder))
