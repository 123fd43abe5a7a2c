"""Serves an application on a free loopback port, in a thread of its own, for as long as a test needs it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import uvicorn

STARTS_WITHIN_S = 60.0


def listening() -> socket.socket:
    """Return a socket bound to a free loopback port; its number is needed where the application names itself."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    return listener


@contextmanager
def serving(
    app: Any,
    listener: socket.socket | None = None,
    lifespan: Literal["auto", "on", "off"] = "off",
    abrupt: bool = False,
) -> Iterator[str]:
    """Serve an application and give its address without a slash at the end.

    abrupt: open connections are not waited for when it ends.
    """
    listener = listener or listening()
    config = uvicorn.Config(app, log_level="critical", access_log=False, lifespan=lifespan, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until = time.monotonic() + STARTS_WITHIN_S
    while not server.started:
        assert time.monotonic() < until and thread.is_alive(), "the application did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        server.force_exit = abrupt
        thread.join(10)
        listener.close()
