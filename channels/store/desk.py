"""Conversations that wait for a clerk, or that a clerk has taken: each change is one statement, so two cannot win."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    Row,
    Select,
    String,
    Table,
    Text,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from channels.store.addresses import ADDRESSES
from channels.store.database import METADATA
from channels.store.moments import from_ms, to_ms
from channels.store.outbox import OUTBOX, NewLetter, put_letter
from channels.store.tickets import Delivery, Ended, Holder, Reason, Said, State, Ticket
from channels.store.transcripts import Line, add_line

#: `open_key`: the conversation while the ticket is open; a conversation has one open ticket at most.
#: `wanted_*`: the colleague it was forwarded to.  `citizen_ms`, `officer_ms`: who wrote last; `owed_ms`: since when
#: the citizen waits for words.  `seen_ms`: up to when its officer has read.  `warned_ms`: when the clerks were last
#: reminded of it.
TICKETS = Table(
    "desk_tickets",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("conversation", String(32), nullable=False, index=True),
    Column("open_key", String(32), unique=True),
    Column("reason", String(16), nullable=False),
    Column("words", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("field", String(120)),
    Column("wanted_id", BigInteger),
    Column("wanted_name", String(200)),
    Column("officer_id", BigInteger),
    Column("officer_name", String(200)),
    Column("asked_ms", BigInteger, nullable=False),
    Column("waits_ms", BigInteger, nullable=False),
    Column("taken_ms", BigInteger),
    Column("closed_ms", BigInteger, index=True),
    Column("ended", String(8)),
    Column("citizen_ms", BigInteger, nullable=False),
    Column("owed_ms", BigInteger, nullable=False),
    Column("officer_ms", BigInteger, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
    Column("warned_ms", BigInteger, nullable=False),
    Column("apologised", Boolean, nullable=False),
)


class Tickets:
    """Reads and changes tickets. Blocking; call it in a thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, conversation: str, reason: Reason, words: str, now: datetime) -> tuple[Ticket, bool]:
        """Put a conversation into the queue, or return the ticket that it has already; tell whether it is new.

        A complaint that waits becomes a wish for a person when its citizen asks for one.
        """
        at = to_ms(now)
        row = {"conversation": conversation, "open_key": conversation, "reason": reason.value, "words": words}
        times = {
            "asked_ms": at,
            "waits_ms": at,
            "citizen_ms": at,
            "owed_ms": at,
            "officer_ms": 0,
            "seen_ms": 0,
            "warned_ms": 0,
        }
        try:
            with self._engine.begin() as connection:
                new = insert(TICKETS).values(**row, **times, state=State.WAITING.value, apologised=False)
                connection.execute(new)
            is_new = True
        except IntegrityError:
            is_new = False
            if reason is not Reason.COMPLAINT:
                is_complaint = and_(TICKETS.c.open_key == conversation, TICKETS.c.reason == Reason.COMPLAINT.value)
                with self._engine.begin() as connection:
                    wish = update(TICKETS).where(is_complaint, TICKETS.c.state == State.WAITING.value)
                    is_new = connection.execute(wish.values(reason=reason.value, waits_ms=at)).rowcount > 0
        ticket = self.of(conversation)
        if ticket is None:  # closed at this very moment: once more
            return self.open(conversation, reason, words, now)
        return ticket, is_new

    def of(self, conversation: str) -> Ticket | None:
        """Return the open ticket of a conversation."""
        return self._one(_OPEN, {"whose": conversation})

    def get(self, ticket_id: int) -> Ticket | None:
        """Return a ticket, also a closed one."""
        return self._one(_tickets().where(TICKETS.c.id == ticket_id))

    def all_open(self) -> list[Ticket]:
        """Return every open ticket, the longest waiting first."""
        with self._engine.connect() as connection:
            wanted = _tickets().where(TICKETS.c.open_key.is_not(None)).order_by(TICKETS.c.waits_ms, TICKETS.c.id)
            return [_ticket(row) for row in connection.execute(wanted).all()]

    def ahead_of(self, ticket: Ticket) -> int:
        """Return how many people were waiting before."""
        earlier = and_(
            TICKETS.c.state == State.WAITING.value,
            TICKETS.c.reason != Reason.COMPLAINT.value,
            or_(
                TICKETS.c.waits_ms < to_ms(ticket.waits_since),
                and_(TICKETS.c.waits_ms == to_ms(ticket.waits_since), TICKETS.c.id < ticket.id),
            ),
        )
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(TICKETS).where(earlier)) or 0

    def take(self, ticket_id: int, holder: Holder, now: datetime, said: Said, held_by: int | None = None) -> bool:
        """Take a waiting ticket, or one away from the colleague `held_by`; False when another was faster."""
        free = TICKETS.c.state == State.WAITING.value
        if held_by is not None:
            free = and_(TICKETS.c.state == State.TAKEN.value, TICKETS.c.officer_id == held_by)
        values = {
            "state": State.TAKEN.value,
            "officer_id": holder.account_id,
            "officer_name": holder.full_name,
            "taken_ms": to_ms(now),
            "seen_ms": to_ms(now),
            "wanted_id": None,
            "wanted_name": None,
        }
        return self._change(ticket_id, free, values, now, said)

    def write(self, ticket_id: int, holder: Holder, now: datetime, said: Said) -> bool:
        """Write to the citizen; False when the ticket is not this clerk's (any more)."""
        return self._change(ticket_id, _held_by(holder), {"officer_ms": to_ms(now), "seen_ms": to_ms(now)}, now, said)

    def forward(
        self, ticket_id: int, holder: Holder, now: datetime, said: Said, field: str | None, wanted: Holder | None
    ) -> bool:
        """Put a ticket back into the queue for a field or a colleague; False when it is not this clerk's."""
        values: dict[str, Any] = {
            "state": State.WAITING.value,
            "officer_id": None,
            "officer_name": None,
            "waits_ms": to_ms(now),
            "wanted_id": wanted.account_id if wanted else None,
            "wanted_name": wanted.full_name if wanted else None,
        }
        if field:
            values["field"] = field
        return self._change(ticket_id, _held_by(holder), values, now, said)

    def close(self, ticket_id: int, how: Ended, now: datetime, said: Said, holder: Holder | None = None) -> bool:
        """End a ticket; by a clerk only their own. False when it was not open (or not theirs)."""
        is_open = TICKETS.c.open_key.is_not(None) if holder is None else _held_by(holder)
        values = {"state": State.CLOSED.value, "open_key": None, "ended": how.value, "closed_ms": to_ms(now)}
        return self._change(ticket_id, is_open, values, now, said)

    def apologise(self, ticket_id: int, now: datetime, said: Said) -> bool:
        """Tell the citizen that nobody came; once a ticket, by one worker."""
        due = and_(TICKETS.c.open_key.is_not(None), TICKETS.c.apologised.is_(False))
        return self._change(ticket_id, due, {"apologised": True}, now, said)

    def warn(self, ticket_id: int, before: datetime, now: datetime) -> bool:
        """Note that the clerks are reminded; False when another worker has done it since `before`."""
        due = and_(TICKETS.c.open_key.is_not(None), TICKETS.c.warned_ms <= to_ms(before))
        return self._change(ticket_id, due, {"warned_ms": to_ms(now)}, now, None)

    def delivery(self, ticket: Ticket) -> Delivery:
        """Return how the clerks' latest words fare on their way to the citizen."""
        mine = and_(OUTBOX.c.conversation == ticket.conversation, OUTBOX.c.key.like(f"desk:{ticket.id}:%"))
        latest = select(OUTBOX).where(mine).order_by(OUTBOX.c.id.desc()).limit(1)
        with self._engine.connect() as connection:
            row = connection.execute(latest).first()
        if row is None or row.ended == "sent":
            return Delivery.DONE
        if row.ended is not None:
            return Delivery.REFUSED
        if row.held:
            return Delivery.HELD
        return Delivery.TRYING if row.attempts else Delivery.DONE

    def heard(self, conversation: str, now: datetime, *, in_danger: bool = False) -> int | None:
        """Note that the citizen wrote, and whether of danger; return the open ticket's id."""
        noted = _HEARD_DANGER if in_danger else _HEARD
        with self._engine.begin() as connection:
            found: int | None = connection.execute(noted, {"whose": conversation, "now": to_ms(now)}).scalar()
            return found

    def seen(self, ticket_id: int, holder: Holder, now: datetime) -> None:
        """Note that its clerk has read everything so far."""
        self._change(ticket_id, _held_by(holder), {"seen_ms": to_ms(now)}, now, None)

    def forget(self, conversation: str) -> list[int]:
        """Delete the tickets of a conversation; return their ids."""
        with self._engine.begin() as connection:
            gone = delete(TICKETS).where(TICKETS.c.conversation == conversation).returning(TICKETS.c.id)
            return list(connection.execute(gone).scalars().all())

    def forget_before(self, moment: datetime) -> int:
        """Delete the tickets in which nothing happened since a moment; return how many."""
        quiet = and_(TICKETS.c.citizen_ms < to_ms(moment), TICKETS.c.officer_ms < to_ms(moment))
        with self._engine.begin() as connection:
            return connection.execute(delete(TICKETS).where(quiet)).rowcount

    def _change(
        self,
        ticket_id: int,
        condition: ColumnElement[bool],
        values: Mapping[str, object],
        now: datetime,
        said: Said | None,
    ) -> bool:
        """Change a ticket if the condition still holds, and say what goes with it, all or nothing."""
        with self._engine.begin() as connection:
            changed = update(TICKETS).where(TICKETS.c.id == ticket_id, condition).values(dict(values))
            if connection.execute(changed).rowcount == 0:
                return False
            if said is not None:
                _say(connection, ticket_id, said, now)
        return True

    def _one(self, wanted: Select[Any], values: Mapping[str, object] | None = None) -> Ticket | None:
        with self._engine.connect() as connection:
            row = connection.execute(wanted, values).first()
        return _ticket(row) if row else None


def _say(connection: Connection, ticket_id: int, said: Said, now: datetime) -> None:
    row = connection.execute(_tickets().where(TICKETS.c.id == ticket_id)).one()
    channel = row.channel or "?"
    if said.replies is not None and row.channel:
        replies = tuple(said.replies(channel))
        letter = NewLetter(row.conversation, channel, replies, said.key, said.outcome)
        if not put_letter(connection, letter, now):
            return  # the same message once more
    line = Line(row.conversation, channel, now, said.who, said.text, said.outcome, officer=said.officer)
    add_line(connection, line)


def _held_by(holder: Holder) -> ColumnElement[bool]:
    return and_(TICKETS.c.state == State.TAKEN.value, TICKETS.c.officer_id == holder.account_id)


def _tickets() -> Select[Any]:
    """Select tickets with the channel on which their citizens can be reached."""
    where = TICKETS.outerjoin(ADDRESSES, ADDRESSES.c.conversation == TICKETS.c.conversation)
    return select(TICKETS, ADDRESSES.c.channel.label("channel")).select_from(where)


_OPEN = _tickets().where(TICKETS.c.open_key == bindparam("whose"))
_OWED = case((TICKETS.c.citizen_ms <= TICKETS.c.officer_ms, bindparam("now")), else_=TICKETS.c.owed_ms)
_HEARD = (
    update(TICKETS)
    .where(TICKETS.c.open_key == bindparam("whose"))
    .values(citizen_ms=bindparam("now"), owed_ms=_OWED)
    .returning(TICKETS.c.id)
)
_HEARD_DANGER = _HEARD.values(reason=Reason.DANGER.value)


def _ticket(row: Row[Any]) -> Ticket:
    return Ticket(
        id=row.id,
        conversation=row.conversation,
        reason=Reason(row.reason),
        words=row.words,
        state=State(row.state),
        field=row.field,
        wanted_id=row.wanted_id,
        wanted_name=row.wanted_name,
        officer_id=row.officer_id,
        officer_name=row.officer_name,
        asked_at=from_ms(row.asked_ms),
        waits_since=from_ms(row.waits_ms),
        taken_at=from_ms(row.taken_ms) if row.taken_ms is not None else None,
        closed_at=from_ms(row.closed_ms) if row.closed_ms is not None else None,
        ended=Ended(row.ended) if row.ended else None,
        citizen_at=from_ms(row.citizen_ms),
        owed_since=from_ms(row.owed_ms),
        officer_at=from_ms(row.officer_ms),
        seen_at=from_ms(row.seen_ms),
        warned_at=from_ms(row.warned_ms),
        apologised=row.apologised,
        channel=row.channel,
    )
