"""Reads Zalo's webhook events: who did what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from channels.zalo.signature import sent_at


class Kind(Enum):
    """What a person did, as far as it matters here."""

    TEXT = "text"
    PICTURE = "picture"
    FILE = "file"
    VOICE = "voice"
    STICKER = "sticker"
    LOCATION = "location"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    WITHDRAW = "withdraw"


#: Everything else (oa_send_text, user_seen_message …) is taken note of by a 200 and nothing more.
KINDS: Mapping[str, Kind] = {
    "user_send_text": Kind.TEXT,
    "user_send_link": Kind.TEXT,
    "user_send_image": Kind.PICTURE,
    "user_send_gif": Kind.STICKER,
    "user_send_file": Kind.FILE,
    "user_send_video": Kind.FILE,
    "user_send_business_card": Kind.FILE,
    "user_send_audio": Kind.VOICE,
    "user_send_sticker": Kind.STICKER,
    "user_send_location": Kind.LOCATION,
    "follow": Kind.FOLLOW,
    "unfollow": Kind.UNFOLLOW,
    "user_withdraw": Kind.WITHDRAW,
}
_MAX_ID = 64


@dataclass(frozen=True)
class Event:
    """One event of a person.

    key: names the event; the same when Zalo repeats it.  person: the id on this account.  words: what was typed.
    """

    key: str
    kind: Kind
    person: str
    words: str
    at: datetime


def read_event(event: Mapping[str, Any]) -> Event | None:
    """Return what an event says; None when it is of no concern or nobody can be answered."""
    kind = KINDS.get(str(event.get("event_name")))
    person = _person(event)
    if kind is None or person is None:
        return None
    message = event.get("message")
    message = message if isinstance(message, dict) else {}
    words = message.get("text")
    return Event(_key(event, message), kind, person, _sound(words), sent_at(dict(event)))


def _sound(words: object) -> str:
    """Return words that every database and encoding takes."""
    return words.replace("\0", " ").encode("utf8", "replace").decode() if isinstance(words, str) else ""


def _person(event: Mapping[str, Any]) -> str | None:
    """Return whose event it is: the sender, or the follower where there is no sender."""
    for role in ("follower", "sender", "user"):
        who = event.get(role)
        number = who.get("id") if isinstance(who, dict) else None
        if isinstance(number, str | int) and not isinstance(number, bool) and 0 < len(str(number)) <= _MAX_ID:
            return _sound(str(number))
    return None


def _key(event: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    """Return a hash of the message's id; events without a message are known by all they say."""
    number = message.get("msg_id")
    named = f"{event.get('event_name')}:{number}" if isinstance(number, str | int) and number else _whole(event)
    return hashlib.sha256(named.encode("utf8", "replace")).hexdigest()[:32]


def _whole(event: Mapping[str, Any]) -> str:
    return json.dumps(event, sort_keys=True)
