"""Who follows which application (hồ sơ): identity checks, proofs of consent, subscriptions, when to look next."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Index,
    Integer,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from actions.following import Checked, Consent, Followed, NotChecked, TooMany
from actions.one_stop.state import State, StateMaker
from actions.one_stop.status_view import StatusView
from channels.store.addresses import ADDRESSES, WEB
from channels.store.database import METADATA
from channels.store.moments import from_ms, to_ms, utc_now
from channels.store.outbox import OUTBOX
from channels.store.upsert import upsert

#: An identity check and the state that was shown then; kept for half an hour.
CHECKS = Table(
    "identity_checks",
    METADATA,
    Column("conversation", String(32), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("at_ms", BigInteger, nullable=False, index=True),
)
#: The proofs. `ended`: how (ENDED_…), None while it holds.
CONSENTS = Table(
    "consents",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("conversation", String(32), nullable=False, index=True),
    Column("channel", String(16), nullable=False),
    Column("code", String(64), nullable=False),
    Column("version", String(16), nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("given_ms", BigInteger, nullable=False),
    Column("ended", String(16)),
    Column("ended_ms", BigInteger),
)
#: Who follows what. `told`: how many changes this person was told of.
SUBSCRIPTIONS = Table(
    "subscriptions",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("conversation", String(32), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("code", String(64), nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("told", Integer, nullable=False),
    Column("begun_ms", BigInteger, nullable=False),
    Column("ends_ms", BigInteger, nullable=False, index=True),
    Index("subscriptions_who_what", "conversation", "code", unique=True),
)
#: One row an application that is followed, however many follow it.
WATCHED = Table(
    "watched",
    METADATA,
    Column("code", String(64), primary_key=True),
    Column("next_ms", BigInteger, nullable=False, index=True),
    Column("is_waiting", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
)
CHECK_COUNTS_FOR = timedelta(minutes=30)
MOST_FOLLOWED = 10
#: How a consent ended.
ENDED_WITHDRAWN, ENDED_FINAL, ENDED_OVER = "withdrawn", "final", "over"
ENDED_UNREACHABLE, ENDED_RENEWED = "unreachable", "renewed"


class SqlSubscriptions:
    """`Subscriptions` in the database."""

    def __init__(self, engine: Engine, states: StateMaker, days: int) -> None:
        """days: after which a subscription ends by itself."""
        self.days = days
        self._engine = engine
        self._states = states

    async def note_check(self, conversation: str, view: StatusView, now: datetime) -> None:
        """Note a successful identity check; see `Subscriptions.note_check`."""
        await asyncio.to_thread(self._note_check, conversation, view.code, self._states.of(view), now)

    async def note_shown(self, conversation: str, view: StatusView) -> None:
        """Note what was shown; see `Subscriptions.note_shown`."""
        await asyncio.to_thread(self._note_shown, conversation, view.code, self._states.of(view))

    async def checked(self, conversation: str, now: datetime) -> tuple[Checked, ...]:
        """Return what was checked lately; see `Subscriptions.checked`."""
        return await asyncio.to_thread(self._checked, conversation, now)

    async def follow(self, consent: Consent) -> Followed:
        """Begin to follow; see `Subscriptions.follow`."""
        return await asyncio.to_thread(self._follow, consent)

    async def followed(self, conversation: str) -> tuple[Followed, ...]:
        """Return what is followed; see `Subscriptions.followed`."""
        return await asyncio.to_thread(self._followed, conversation)

    async def unfollow(self, conversation: str, codes: Collection[str]) -> None:
        """Stop following; see `Subscriptions.unfollow`."""
        await asyncio.to_thread(self._unfollow, conversation, codes)

    async def end_unreachable(self, conversation: str, now: datetime) -> int:
        """End all subscriptions of a person whom the channel cannot reach any more; return how many."""
        return await asyncio.to_thread(self._end_unreachable, conversation, now)

    async def forget(self, conversation: str) -> None:
        """Delete all that is kept of a person here, the proofs too: with the subscription their purpose is gone."""
        await asyncio.to_thread(self._forget, conversation)

    def forget_before(self, moment: datetime) -> int:
        """Delete the proofs of subscriptions that ended before a moment, and checks as old; return how many proofs."""
        with self._engine.begin() as connection:
            connection.execute(delete(CHECKS).where(CHECKS.c.at_ms < to_ms(moment)))
            return connection.execute(delete(CONSENTS).where(CONSENTS.c.ended_ms < to_ms(moment))).rowcount

    def _note_check(self, conversation: str, code: str, state: State, now: datetime) -> None:
        row = {"conversation": conversation, "code": code, "at_ms": to_ms(now)}
        with self._engine.begin() as connection:
            old = CHECKS.c.at_ms < to_ms(now - CHECK_COUNTS_FOR)
            connection.execute(delete(CHECKS).where(CHECKS.c.conversation == conversation, old))
            changed = upsert(self._engine, CHECKS, row | {"digest": state.digest, "status": state.status})
            connection.execute(changed)

    def _note_shown(self, conversation: str, code: str, state: State) -> None:
        mine = (CHECKS.c.conversation == conversation) & (CHECKS.c.code == code)
        with self._engine.begin() as connection:
            connection.execute(update(CHECKS).where(mine).values(digest=state.digest, status=state.status))

    def _checked(self, conversation: str, now: datetime) -> tuple[Checked, ...]:
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(CHECKS.c.code, CHECKS.c.status)
                .where(CHECKS.c.conversation == conversation, CHECKS.c.at_ms >= to_ms(now - CHECK_COUNTS_FOR))
                .order_by(CHECKS.c.at_ms.desc())
            ).all()
        return tuple(Checked(row.code, State("", row.status).is_final) for row in rows)

    def _follow(self, consent: Consent) -> Followed:
        given_ms, ends_at = to_ms(consent.given_at), consent.given_at + timedelta(days=self.days)
        mine = SUBSCRIPTIONS.c.conversation == consent.conversation
        with self._engine.begin() as connection:
            self._watch(connection, consent.code)  # a write first: from here on this is the only writer in SQLite
            check = connection.execute(
                select(CHECKS.c.digest, CHECKS.c.status).where(
                    CHECKS.c.conversation == consent.conversation,
                    CHECKS.c.code == consent.code,
                    CHECKS.c.at_ms >= to_ms(consent.given_at - CHECK_COUNTS_FOR),
                )
            ).first()
            channel = connection.scalar(
                select(ADDRESSES.c.channel).where(ADDRESSES.c.conversation == consent.conversation)
            )
            if check is None or channel is None:
                raise NotChecked
            if (connection.scalar(select(func.count()).where(mine)) or 0) >= MOST_FOLLOWED:
                raise TooMany
            end_subscriptions(connection, [consent.conversation], [consent.code], ENDED_RENEWED, consent.given_at)
            row = {"id": uuid4().hex, "conversation": consent.conversation, "channel": channel, "code": consent.code}
            proof = {"version": consent.version, "text_hash": consent.text_hash, "given_ms": given_ms}
            connection.execute(insert(CONSENTS).values(row | proof))
            state = {"digest": check.digest, "status": check.status, "told": 0}
            times = {"begun_ms": given_ms, "ends_ms": to_ms(ends_at)}
            connection.execute(insert(SUBSCRIPTIONS).values(row | state | times))
        return Followed(consent.code, ends_at, channel == WEB)

    def _watch(self, connection: Connection, code: str) -> None:
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        row = {"code": code, "next_ms": 0, "is_waiting": False, "failures": 0}
        connection.execute(
            dialect.insert(WATCHED).values(row).on_conflict_do_update(index_elements=["code"], set_={"failures": 0})
        )

    def _followed(self, conversation: str) -> tuple[Followed, ...]:
        columns = SUBSCRIPTIONS.c
        wanted = select(columns.code, columns.ends_ms, columns.channel).where(columns.conversation == conversation)
        with self._engine.connect() as connection:
            rows = connection.execute(wanted.order_by(columns.begun_ms.desc())).all()
        return tuple(Followed(row.code, from_ms(row.ends_ms), row.channel == WEB) for row in rows)

    def _unfollow(self, conversation: str, codes: Collection[str]) -> None:
        with self._engine.begin() as connection:
            end_subscriptions(connection, [conversation], list(codes), ENDED_WITHDRAWN, utc_now())

    def _end_unreachable(self, conversation: str, now: datetime) -> int:
        with self._engine.begin() as connection:
            return end_subscriptions(connection, [conversation], None, ENDED_UNREACHABLE, now)

    def _forget(self, conversation: str) -> None:
        with self._engine.begin() as connection:
            for table in (SUBSCRIPTIONS, CONSENTS, CHECKS):
                connection.execute(delete(table).where(table.c.conversation == conversation))


def end_subscriptions(
    connection: Connection, conversations: list[str], codes: list[str] | None, how: str, now: datetime
) -> int:
    """End subscriptions (of all applications when `codes` is None) in the caller's transaction; return how many.

    News on their way still arrive, unless nobody wants or can get them any more.
    """
    which: ColumnElement[bool] = SUBSCRIPTIONS.c.conversation.in_(conversations)
    proof = CONSENTS.c.conversation.in_(conversations) & CONSENTS.c.ended.is_(None)
    if codes is not None:
        which, proof = which & SUBSCRIPTIONS.c.code.in_(codes), proof & CONSENTS.c.code.in_(codes)
    if how in (ENDED_WITHDRAWN, ENDED_UNREACHABLE):
        ended = select(SUBSCRIPTIONS.c.id).where(which)
        connection.execute(delete(OUTBOX).where(OUTBOX.c.subscription.in_(ended), OUTBOX.c.ended.is_(None)))
    connection.execute(update(CONSENTS).where(proof).values(ended=how, ended_ms=to_ms(now)))
    return connection.execute(delete(SUBSCRIPTIONS).where(which)).rowcount
