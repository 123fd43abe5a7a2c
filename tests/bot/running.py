"""Runs the dialogue server and the fake app in a thread, over real HTTP, for tests."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.serve import serve
from bot.settings import RasaSettings
from tests.bot.fake_app import SECRET, FakeApp


class Client:
    """A citizen's messages to a running server."""

    def __init__(self, address: str, app: FakeApp) -> None:
        self.address = address
        self.app = app

    def say(self, text: str, sender: str = "citizen") -> list[dict[str, Any]]:
        """Send one message and return the replies."""
        status, body = self.request("POST", "/webhooks/rest/webhook", {"sender": sender, "message": text})
        assert status == 200, body
        return body

    def request(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Send a request and return status and JSON."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.address + path, data, headers or {}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.loads(response.read())
        except urllib.error.HTTPError as error:
            text = error.read().decode()
            return error.code, json.loads(text) if text.startswith("{") else text


@contextmanager
def running(model: Path, db: Path, timeout_s: float = 5.0) -> Iterator[Client]:
    """Run both servers until the block ends."""
    app = FakeApp()
    ready: list[str] = []
    failed: list[BaseException] = []
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def both() -> None:
        runner = web.AppRunner(app.application(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/actions/webhook"
        settings = RasaSettings(
            port=0, db_url=str(db), action_url=url, action_secret=SECRET, action_timeout_s=timeout_s
        )
        started: asyncio.Future[str] = loop.create_future()
        started.add_done_callback(lambda done: ready.append(done.result()))
        try:
            await serve(settings, model, stop, started)
        finally:
            await runner.cleanup()

    def run() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(both())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    deadline = time.monotonic() + 60
    while not ready and not failed and time.monotonic() < deadline:
        time.sleep(0.05)
    if failed or not ready:
        raise RuntimeError("the server did not start") from (failed[0] if failed else None)
    try:
        yield Client(ready[0], app)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(15)
        assert not thread.is_alive(), "the server did not stop"
