"""The door: wrong signatures and random bytes lead nowhere, and never to a fault."""

from __future__ import annotations

import json
import random
from datetime import datetime, timezone
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine

from channels.api import add_fault_handlers
from channels.sentences import Sentences
from channels.store.zalo_inbox import ZALO_INBOX, ZaloInbox
from channels.zalo.settings import ZaloSettings
from channels.zalo.webhook import build_webhook_router
from tests.channels.zalo.conftest import KEY
from tests.fakes.zalo import FakeZalo


class Door:
    """The webhook alone; `woken` tells whose events it let in."""

    def __init__(self, settings: ZaloSettings, database: Engine) -> None:
        self.woken: list[str] = []
        self.inbox = ZaloInbox(database, KEY)
        app = FastAPI()
        add_fault_handlers(app, Sentences())
        app.include_router(
            build_webhook_router(
                settings, self.inbox, lambda person: f"c{person}", self.woken.append, lambda: datetime.now(timezone.utc)
            )
        )
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://app.test")

    async def post(self, body: bytes, signature: str | None) -> int:
        headers = {} if signature is None else {b"X-ZEvent-Signature": signature.encode("latin-1")}
        return (await self.http.post("/zalo/webhook", content=body, headers=headers)).status_code


async def test_a_signed_event_is_let_in_once(settings: ZaloSettings, database: Engine, zalo: FakeZalo) -> None:
    """Written down, and somebody woken to work on it."""
    door, body = Door(settings, database), zalo.text("7", "chào")

    assert [await door.post(body, zalo.signature(body)) for _ in range(3)] == [200, 200, 200]
    assert door.woken[0] == "c7"
    assert door.inbox.waiting() == 1


async def test_a_wrong_signature_does_no_work(settings: ZaloSettings, database: Engine, zalo: FakeZalo) -> None:
    """Neither a row nor a turn: strangers must not fill the database."""
    door, body = Door(settings, database), zalo.text("7", "chào")
    other = FakeZalo(oa_secret="another").signature(body)

    assert [await door.post(body, header) for header in (None, "", other, "mac=" + "0" * 64)] == [403] * 4
    assert door.woken == []
    assert door.inbox.waiting() == 0


async def test_random_bytes_never_lead_to_a_fault(settings: ZaloSettings, database: Engine, zalo: FakeZalo) -> None:
    """Two thousand bodies: noise, broken JSON, right JSON of the wrong shape; signed ones among them."""
    door, dice = Door(settings, database), random.Random(5)
    values: list[Any] = [
        None,
        True,
        1,
        -1,
        1.5,
        "",
        "x",
        "\ud800",
        [],
        {},
        [[]],
        {"id": {}},
        {"id": "\x00"},
        {"id": ["1"]},
        10**30,
    ]
    codes = set()
    for number in range(2000):
        if number % 2:
            body = dice.randbytes(dice.randrange(200))
            codes.add(await door.post(body, dice.choice([None, "mac=00", body[:20].decode("latin-1").strip()[:9]])))
            continue
        event: dict[str, Any] = {
            name: dice.choice(values) for name in ("sender", "follower", "message", "oa_id", "info")
        }
        names: list[Any] = ["user_send_text", "follow", "user_withdraw", "nothing", {}, None, "user_send_image"]
        event |= {"event_name": dice.choice(names), "timestamp": str(int(zalo.now() * 1000))}
        if dice.random() < 0.5:
            event["message"] = {"msg_id": dice.choice(values), "text": dice.choice(values)}
            event["sender"] = {"id": dice.choice([*values, str(number)])}
        body = json.dumps(event).encode()
        codes.add(await door.post(body, zalo.signature(body)))

    assert codes == {200, 403}


async def test_events_of_no_concern_are_taken_and_dropped(
    settings: ZaloSettings, database: Engine, zalo: FakeZalo
) -> None:
    """Anything but 200 would bring them again and again."""
    door = Door(settings, database)
    for name in ("oa_send_text", "user_seen_message", "user_received_message", "some_new_event"):
        body = zalo.event(name, "7")
        assert await door.post(body, zalo.signature(body)) == 200

    assert door.inbox.waiting() == 0


async def test_an_event_that_cannot_be_kept_is_asked_for_again(
    settings: ZaloSettings, database: Engine, zalo: FakeZalo
) -> None:
    """A 200 would mean that it is safe with us."""
    door, body = Door(settings, database), zalo.text("7", "chào")
    ZALO_INBOX.drop(database)

    assert await door.post(body, zalo.signature(body)) == 503


async def test_a_huge_body_is_refused(settings: ZaloSettings, database: Engine, zalo: FakeZalo) -> None:
    """Before anything is hashed."""
    door, body = Door(settings, database), zalo.text("7", "a" * 200_000)

    assert await door.post(body, zalo.signature(body)) == 413
