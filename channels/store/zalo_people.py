"""What a Zalo account still may send to whom: the 48 hours after a person's message, eight messages in them.

Zalo counts by itself and refuses; counting here too means that nobody gets half an answer, and that what does not
fit waits for the person's next message.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from sqlalchemy import BigInteger, Boolean, Column, Engine, Integer, String, Table, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from channels.store.database import METADATA

ZALO_PEOPLE = Table(
    "zalo_people",
    METADATA,
    Column("conversation", String(32), primary_key=True),
    Column("last_s", BigInteger, nullable=False, index=True),
    Column("sent", Integer, nullable=False),
    Column("has_left", Boolean, nullable=False),
)

#: More than any number of messages that may be given back.
_CLOSED = 1_000_000


class ZaloPeople:
    """Windows by conversation (a keyed hash); every call is one short transaction and blocks: use a thread."""

    def __init__(self, engine: Engine, window: timedelta, messages: int) -> None:
        """window, messages: how long after a person's message how many may be sent."""
        self._engine = engine
        self._window_s = int(window.total_seconds())
        self._messages = messages

    def heard(self, conversation: str, at: datetime, *, follows: bool = False) -> None:
        """Open the window anew: the person just wrote, or follows the account (again)."""
        at_s = int(at.timestamp())
        mine = ZALO_PEOPLE.c.conversation == conversation
        back = {"has_left": False} if follows else {}
        with self._engine.begin() as connection:
            known = connection.execute(select(ZALO_PEOPLE.c.last_s).where(mine)).first()
            if known is not None:
                newer = and_(mine, ZALO_PEOPLE.c.last_s <= at_s)
                connection.execute(update(ZALO_PEOPLE).where(newer).values(last_s=at_s, sent=0, **back))
        if known is None:
            self._add(conversation, at_s, has_left=False)

    def left(self, conversation: str) -> None:
        """Note that a person follows no more: no pushes from now on."""
        mine = ZALO_PEOPLE.c.conversation == conversation
        with self._engine.begin() as connection:
            known = connection.execute(update(ZALO_PEOPLE).where(mine).values(has_left=True)).rowcount
        if not known:
            self._add(conversation, int(datetime.now(timezone.utc).timestamp()), has_left=True)

    def has_left(self, conversation: str) -> bool:
        """Tell whether a person followed once and does no more."""
        wanted = select(ZALO_PEOPLE.c.has_left).where(ZALO_PEOPLE.c.conversation == conversation)
        with self._engine.connect() as connection:
            return bool(connection.execute(wanted).scalar())

    def reserve(self, conversation: str, messages: int, now: datetime, *, is_answer: bool) -> bool:
        """Count that many messages as sent if all of them may be sent now; tell whether.

        is_answer: they answer what the person just wrote; then a person of whom nothing is kept (any more) may be
        answered, e.g. "your data are deleted".
        """
        fits = and_(
            ZALO_PEOPLE.c.conversation == conversation,
            ZALO_PEOPLE.c.last_s > int(now.timestamp()) - self._window_s,
            ZALO_PEOPLE.c.sent + messages <= self._messages,
        )
        with self._engine.begin() as connection:
            if connection.execute(update(ZALO_PEOPLE).where(fits).values(sent=ZALO_PEOPLE.c.sent + messages)).rowcount:
                return True
            mine = select(ZALO_PEOPLE.c.sent).where(ZALO_PEOPLE.c.conversation == conversation)
            return is_answer and connection.execute(mine).first() is None

    def give_back(self, conversation: str, messages: int) -> None:
        """Take reserved messages back that were not sent."""
        self._set(conversation, ZALO_PEOPLE.c.sent - messages)

    def close(self, conversation: str) -> None:
        """Believe Zalo that nothing more may be sent before the person writes again."""
        self._set(conversation, _CLOSED)

    def forget(self, conversation: str) -> None:
        """Delete what is kept of a person."""
        with self._engine.begin() as connection:
            connection.execute(delete(ZALO_PEOPLE).where(ZALO_PEOPLE.c.conversation == conversation))

    def forget_older_than(self, days: int) -> int:
        """Delete people silent for that many days; return how many."""
        before = int((datetime.now(timezone.utc) - timedelta(days=days)).timestamp())
        with self._engine.begin() as connection:
            return connection.execute(delete(ZALO_PEOPLE).where(ZALO_PEOPLE.c.last_s < before)).rowcount

    def _set(self, conversation: str, sent: object) -> None:
        with self._engine.begin() as connection:
            mine = ZALO_PEOPLE.c.conversation == conversation
            connection.execute(update(ZALO_PEOPLE).where(mine).values(sent=sent))

    def _add(self, conversation: str, at_s: int, *, has_left: bool) -> None:
        row = {"conversation": conversation, "last_s": at_s, "sent": 0, "has_left": has_left}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(ZALO_PEOPLE).values(row))
        except IntegrityError:
            return  # another worker was faster by a moment and knows the same
