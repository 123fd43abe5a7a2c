"""Serves the app: `python -m channels.serve`. The launcher starts it beside the dialogue server."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import logging
import os
import socket
import sys

import uvicorn
import uvloop
from fastapi import FastAPI

from actions.one_stop.settings import OneStopSettings
from channels.app import build_parts, create_app
from channels.desk.hours import HoursFault
from channels.limits import LimitSettings
from channels.settings import AppSettings
from channels.store.errors import StoreError
from knowledge.errors import KnowledgeError

LOOPBACK = (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6))
#: Longer than a proxy keeps an idle connection (nginx: 60 s): closed by us, it would cut the next message off.
KEEP_ALIVE_S = 75
EVERYWHERE = (("0.0.0.0", socket.AF_INET), ("::", socket.AF_INET6))


def listening_sockets(host: str, port: int) -> list[socket.socket]:
    """Return bound sockets for "localhost", "all" or one address, IPv4 and IPv6 where the machine has both.

    One address other than loopback gets 127.0.0.1 beside it, since rasa calls the actions there.

    Raises:
        OSError: the port is taken, or the address is not this machine's.
    """
    if host == "localhost":
        wanted = list(LOOPBACK)
    elif host in ("all", "0.0.0.0", "::"):
        wanted = list(EVERYWHERE)
    else:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        wanted = [(host, family)] if host == "127.0.0.1" else [(host, family), LOOPBACK[0]]
    sockets: list[socket.socket] = []
    for address, family in wanted:
        try:
            sockets.append(_bound(address, family, port))
        except OSError:
            if family is socket.AF_INET6 and sockets:
                continue  # a machine without IPv6
            raise
    return sockets


def _bound(address: str, family: socket.AddressFamily, port: int) -> socket.socket:
    # The protocol is named so that asyncio turns Nagle's delay off: without it each answer waits 40 ms for an ACK.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family is socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    try:
        sock.bind((address, port))
    except OSError:
        sock.close()
        raise
    return sock


class Server(uvicorn.Server):
    """Ends event streams before it waits for open connections: they would else last as long as their pages."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop as uvicorn does, without waiting for streams."""
        app = self.config.app
        if isinstance(app, FastAPI):
            app.state.close_streams()
        await super().shutdown(sockets)


def _settle() -> None:
    """Give back what loading left over, and keep the rest out of the search for garbage, which would hold up a turn."""
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError, AttributeError):  # only glibc can
        ctypes.CDLL(None).malloc_trim(0)


def main() -> int:
    """Serve until SIGTERM or Ctrl-C."""
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "WARNING"), format="%(asctime)s %(name)s %(message)s")
    settings = AppSettings()
    try:
        sockets = listening_sockets(settings.host, settings.port)
        app = create_app(build_parts(settings, OneStopSettings()))
    except OSError as error:
        print(f"Không mở được cổng {settings.port} (port): {error}. Đổi MOT_CUA_PORT.", file=sys.stderr)
        return 2
    except HoursFault as error:
        print(f"Giờ trực của bàn cán bộ: {error}", file=sys.stderr)
        return 2
    except StoreError as error:
        print(error, file=sys.stderr)
        return 2
    except KnowledgeError as error:
        print(f"Chưa có dữ liệu tra cứu: {error}", file=sys.stderr)
        return 2
    _settle()
    proxies = LimitSettings().trusted_proxies
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=KEEP_ALIVE_S,
        forwarded_allow_ips=proxies,
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Server(config).serve(sockets=sockets))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
