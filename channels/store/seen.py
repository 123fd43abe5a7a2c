"""Which events of a platform were taken, and which pieces sent: each once, also over restarts and workers."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from datetime import datetime, timedelta, timezone

from sqlalchemy import BigInteger, Column, Engine, String, Table, delete, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from channels.store.database import METADATA

log = logging.getLogger(__name__)
SEEN = Table(
    "seen",
    METADATA,
    Column("key", String(160), primary_key=True),
    Column("at_s", BigInteger, nullable=False, index=True),
)
#: Platforms repeat within hours (Telegram: a day); after that a key is of no use.
KEPT_FOR = timedelta(days=2)
_AT_HAND = 20_000
_SWEEP_EVERY = 500


class SeenStore:
    """Remembers keys that lead to nobody, e.g. "telegram:update:4711".

    Losing an event would be worse than answering it twice, so a database in trouble counts as "not seen".
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._at_hand: OrderedDict[str, None] = OrderedDict()
        self._added = 0

    async def add(self, key: str) -> bool:
        """Note a key; tell whether it is new."""
        if key in self._at_hand:
            return False
        self._remember(key)
        return await asyncio.to_thread(self._insert, key)

    async def holds(self, key: str) -> bool:
        """Tell whether a key was noted."""
        return key in self._at_hand or await asyncio.to_thread(self._find, key)

    def _remember(self, key: str) -> None:
        self._at_hand[key] = None
        if len(self._at_hand) > _AT_HAND:
            self._at_hand.popitem(last=False)

    def _insert(self, key: str) -> bool:
        now = datetime.now(timezone.utc)
        self._added += 1
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(SEEN).values(key=key, at_s=int(now.timestamp())))
                if self._added % _SWEEP_EVERY == 0:
                    connection.execute(delete(SEEN).where(SEEN.c.at_s < int((now - KEPT_FOR).timestamp())))
        except IntegrityError:
            return False
        except SQLAlchemyError as error:
            log.warning("cannot note what was seen: %s", type(error).__name__)
        return True

    def _find(self, key: str) -> bool:
        try:
            with self._engine.connect() as connection:
                return connection.execute(select(SEEN.c.key).where(SEEN.c.key == key)).first() is not None
        except SQLAlchemyError as error:
            log.warning("cannot look up what was seen: %s", type(error).__name__)
            return False
