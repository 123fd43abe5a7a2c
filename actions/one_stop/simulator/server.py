"""Serves the simulator on the loopback address, in the foreground or beside a test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from actions.one_stop.simulator.app import SimulatedOneStop
from actions.one_stop.simulator.applications import load_applications
from actions.one_stop.simulator.faults import Faults
from actions.one_stop.simulator.life import Life

_LOOPBACK = "127.0.0.1"
_START_TIMEOUT_S = 10


def simulator_app(speed: float = 1.0) -> Starlette:
    """Return the ASGI application with all invented applications."""
    return SimulatedOneStop(Life(load_applications(), speed), Faults()).app()


def bind(port: int) -> socket.socket:
    """Return a socket listening on the loopback address only; port 0 takes a free one.

    Who connects before the server runs waits instead of being refused.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((_LOOPBACK, port))
    listener.listen()
    return listener


def address(listener: socket.socket) -> str:
    """Return the URL under which the socket is reached."""
    return f"http://{_LOOPBACK}:{listener.getsockname()[1]}"


def build_server(speed: float = 1.0) -> uvicorn.Server:
    """Return the server, not yet running; it logs no request."""
    config = uvicorn.Config(simulator_app(speed), log_level="critical", access_log=False, lifespan="off")
    return uvicorn.Server(config)


@contextmanager
def running_simulator(speed: float = 1.0) -> Iterator[str]:
    """Run the simulator in a thread and give its URL; stops at the end of the block."""
    server = build_server(speed)
    listener = bind(0)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield address(listener)
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(_START_TIMEOUT_S)
        listener.close()
