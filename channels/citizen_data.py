"""What is kept of one conversation, over all tables: to show it to its person, and to make sure that nothing is left.

Every table says here in which column it keeps the conversation's hash, or why it has none; a test holds that.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select

from channels.store.database import METADATA
from channels.store.moments import to_ms
from channels.store.transcripts import TRANSCRIPTS, Who
from channels.store.upgrade import load_all_tables

#: The column that holds the hash of a conversation.
KEPT_IN: Mapping[str, str] = {
    "addresses": "conversation",
    "consents": "conversation",
    "conversations": "id",
    "desk_tickets": "conversation",
    "event_topics": "topic",
    "events": "topic",
    "feedback": "conversation",
    "identity_checks": "conversation",
    "last_known": "citizen",
    "outbox": "conversation",
    "replies": "conversation",
    "subscriptions": "conversation",
    "transcripts": "conversation",
    "turns": "conversation",
    "zalo_inbox": "conversation",
    "zalo_people": "conversation",
    "zalo_turns": "conversation",
}
#: Tables that hold nothing of a conversation, or must keep it, and why.
NOT_OF_CITIZENS: Mapping[str, str] = {
    "attempt_keys": "keyed digests of failed look-ups, gone within an hour",
    "attempts": "keyed digests of failed look-ups, gone within an hour",
    "day_counts": "numbers by day",
    "leases": "which worker does what",
    "seen": "ids of a platform's events, gone within days",
    "staff_accounts": "officers",
    "staff_audit": "who looked at whose data: the law wants it kept, and nobody can alter it",
    "staff_sessions": "officers",
    "teaching_builds": "when the assistant was rebuilt",
    "teaching_proposals": "masked questions, with no way back to a conversation",
    "teaching_settled": "masked questions, with no way back to a conversation",
    "watched": "codes of applications that somebody follows",
    "zalo_tokens": "the account of the province",
}
#: Encrypted or only of use to the machine; nothing for people to read.
_NOT_SHOWN = {"sealed", "proofs", "key_mark", "digest", "holder", "lease_ms", "pressed_in"}
PROOF_FOR = timedelta(hours=24)
_LETTERS = "bcdghklmnpqrstvx"


def export(engine: Engine, conversation: str) -> dict[str, list[dict[str, Any]]]:
    """Return every row kept of a conversation, by table, as its person may read it."""
    load_all_tables()
    found: dict[str, list[dict[str, Any]]] = {}
    with engine.connect() as connection:
        for name, column in KEPT_IN.items():
            table = METADATA.tables[name]
            rows = connection.execute(select(table).where(table.c[column] == conversation)).mappings()
            shown = [{key: value for key, value in row.items() if key not in _NOT_SHOWN} for row in rows]
            if shown:
                found[name] = shown
    return found


def count_by_table(engine: Engine, conversation: str) -> dict[str, int]:
    """Return how many rows each table keeps of a conversation; tables with none are left out."""
    load_all_tables()
    with engine.connect() as connection:
        counts = {
            name: connection.scalar(select(func.count()).where(METADATA.tables[name].c[column] == conversation)) or 0
            for name, column in KEPT_IN.items()
        }
    return {name: number for name, number in counts.items() if number}


def proof_words(key: bytes, conversation: str, today: datetime) -> str:
    """Return the words that a person sends to prove that a conversation is theirs; good on this day and the next.

    Letters only, so that no mask hides them.
    """
    digest = hmac.new(key, f"proof:{conversation}:{today:%Y-%m-%d}".encode(), hashlib.sha256).digest()
    letters = [_LETTERS[byte % len(_LETTERS)] for byte in digest[:12]]
    return "xác nhận " + " ".join("".join(letters[start : start + 4]) for start in (0, 4, 8))


def is_proved(engine: Engine, key: bytes, conversation: str, now: datetime) -> bool:
    """Tell whether the words came in this conversation within the last day."""
    wanted = {proof_words(key, conversation, day).casefold() for day in (now, now - timedelta(days=1))}
    lines = select(TRANSCRIPTS.c.text).where(
        TRANSCRIPTS.c.conversation == conversation,
        TRANSCRIPTS.c.who == Who.CITIZEN.value,
        TRANSCRIPTS.c.at_ms >= to_ms(now - PROOF_FOR),
    )
    with engine.connect() as connection:
        return any(words in line.casefold() for line in connection.scalars(lines) for words in wanted)
