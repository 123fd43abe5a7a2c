"""Reports from the one-stop system: signed over the raw bytes, fresh, each once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from channels.following.webhook import PATH, SIGNATURE_HEADER, TIMESTAMP_HEADER, build_webhook_router, sign
from channels.store.seen import SeenStore
from tests.actions.test_applications import CODE
from tests.channels.following.conftest import Office
from tests.fakes.one_stop import NOON

SECRET = b"a secret that both know"
BODY = json.dumps({"codes": [CODE]}).encode()


class Sender:
    """The one-stop system as a client; `woken` counts how often the poller was woken."""

    def __init__(self, office: Office) -> None:
        self.woken = 0
        self.app = FastAPI()
        self.app.include_router(
            build_webhook_router(SECRET, office.watch, SeenStore(office.engine), self._wake, lambda: NOON)
        )

    def _wake(self) -> None:
        self.woken += 1

    async def post(
        self,
        body: bytes = BODY,
        seconds_ago: float = 0,
        secret: bytes = SECRET,
        changes: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a report as agreed, save for what the test changes."""
        timestamp = str(int((NOON - timedelta(seconds=seconds_ago)).timestamp()))
        headers = {TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: "sha256=" + sign(secret, timestamp, body)}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://app") as http:
            return await http.post(PATH, content=body, headers=headers | dict(changes or {}))


async def test_a_signed_report_wakes_the_poller(office: Office) -> None:
    """The answer tells how many were read, never which are followed."""
    await office.follow()
    sender = Sender(office)
    response = await sender.post()

    assert (response.status_code, response.json()) == (202, {"received": 1})
    assert sender.woken == 1
    unknown = await sender.post(json.dumps({"codes": ["H50.05-261102-9999"]}).encode())
    assert (unknown.status_code, unknown.json(), sender.woken) == (202, {"received": 1}, 1)


async def test_another_secret_or_other_bytes_are_refused(office: Office) -> None:
    """Whoever finds the address can do nothing with it."""
    sender = Sender(office)

    assert (await sender.post(secret=b"another")).status_code == 401
    timestamp = str(int(NOON.timestamp()))
    for signature in ("", "sha256=", "x", "sha256=" + sign(SECRET, timestamp, BODY + b" ")):
        assert (await sender.post(changes={SIGNATURE_HEADER: signature})).status_code == 401
    earlier = str(int(NOON.timestamp()) - 1)
    assert (await sender.post(changes={TIMESTAMP_HEADER: earlier})).status_code == 401
    assert sender.woken == 0


@pytest.mark.parametrize(("seconds", "status"), [(299, 202), (301, 401), (-299, 202), (-301, 401)])
async def test_a_report_is_good_for_five_minutes(office: Office, seconds: int, status: int) -> None:
    """An old one may have been overheard."""
    assert (await Sender(office).post(seconds_ago=seconds)).status_code == status


async def test_the_same_report_is_taken_once(office: Office) -> None:
    """A replay is refused, also by another worker."""
    sender, other = Sender(office), Sender(office)

    assert (await sender.post()).status_code == 202
    assert (await sender.post()).status_code == 409
    assert (await other.post()).status_code == 409


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"codes": "x"}', b'{"codes": [1]}', b"\xff", b'{"codes": null}'])
async def test_another_shape_is_refused(office: Office, body: bytes) -> None:
    """Not guessed at."""
    assert (await Sender(office).post(body)).status_code == 422


async def test_codes_of_wrong_form_are_passed_over(office: Office) -> None:
    """The others still count."""
    response = await Sender(office).post(json.dumps({"codes": ["x", "h50.05 – 261102 – 0001", CODE]}).encode())

    assert response.json() == {"received": 1}
