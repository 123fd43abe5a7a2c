"""Serves the trained model on loopback: one webhook, readiness, and deletion of a conversation."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ctypes
import gc
import hmac
import logging
import signal
import stat
import sys
from pathlib import Path
from typing import Any

import uvloop
from aiohttp import web
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.utils.log_utils import configure_structlog

from bot import graph_runner, releases, remote_actions, rule_lookup
from bot.conversations import ConversationStore, open_locks, open_store
from bot.settings import RasaSettings, SettingsError, read_settings
from bot.train import model_path, train

MAX_TEXT = 2_000
MAX_BODY = 64 * 1024
_DAY_S = 86_400.0
log = logging.getLogger("bot.serve")


class OneMessageChannel(CollectingOutputChannel):
    """Collects what the assistant says: text, buttons and custom of one response in one message.

    A blank line still begins a new message; buttons and custom belong to the last one.
    """

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "rest"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect one response of the assistant."""
        parts = [part for part in (message.get("text") or "").strip().split("\n\n") if part.strip()]
        extra = {key: message[key] for key in ("buttons", "custom", "image") if message.get(key)}
        self.messages += [{"recipient_id": recipient_id, "text": part} for part in parts]
        if parts:
            self.messages[-1].update(extra)
        elif extra:
            self.messages.append({"recipient_id": recipient_id, **extra})


class DialogueServer:
    """The webhook over a loaded agent."""

    def __init__(self, agent: Agent, store: ConversationStore, secret: str) -> None:
        self._agent = agent
        self._store = store
        self._secret = secret

    def application(self) -> web.Application:
        """Return the HTTP application: five routes and nothing else."""
        application = web.Application(client_max_size=MAX_BODY)
        application.add_routes(
            [
                web.get("/", self.status),
                web.get("/status", self.status),
                web.post("/webhooks/rest/webhook", self.receive),
                web.post("/intent", self.judge),
                web.delete("/conversations/{sender_id}", self.forget),
            ]
        )
        return application

    async def status(self, request: web.Request) -> web.Response:
        """Tell that the model is loaded, and which file it is."""
        model = self._agent.processor and Path(self._agent.processor.model_path)
        told = {"model": model and model.name, "path": model and str(model.absolute())}
        return web.json_response({"status": "ready", **told})

    async def receive(self, request: web.Request) -> web.Response:
        """Take one message and return what the assistant says to it; a text beyond 2,000 letters is cut."""
        try:
            body = await request.json()
            sender, text = body["sender"], body["message"]
        except (ValueError, KeyError, TypeError):
            return _refusal(400, 'write {"sender": "…", "message": "…"}')
        metadata = body.get("metadata")
        if not (isinstance(sender, str) and 0 < len(sender) <= 255 and isinstance(text, str) and text.strip()):
            return _refusal(422, "sender and message must be texts that are not empty")
        if metadata is not None and not isinstance(metadata, dict):
            return _refusal(422, "metadata must be an object")
        channel = OneMessageChannel()
        message = UserMessage(text[:MAX_TEXT], channel, sender, input_channel="rest", metadata=metadata)
        try:
            await self._agent.handle_message(message)
        except Exception as error:  # whatever went wrong inside, the caller needs an answer; texts stay out of the log
            log.error("a turn failed: %s", type(error).__name__)
            return _refusal(500, "the turn failed")
        return web.json_response(channel.messages)

    async def judge(self, request: web.Request) -> web.Response:
        """Tell which kind of question a text is; no conversation hears of it, and nothing is kept."""
        try:
            text = (await request.json())["text"]
        except (ValueError, KeyError, TypeError):
            return _refusal(400, 'write {"text": "…"}')
        if not (isinstance(text, str) and text.strip()):
            return _refusal(422, "text must be a text that is not empty")
        try:
            intent = (await self._agent.parse_message(text[:MAX_TEXT]))["intent"]
        except Exception as error:  # as in a turn
            log.error("a text was not understood: %s", type(error).__name__)
            return _refusal(500, "the text was not understood")
        return web.json_response({"intent": intent["name"]})

    async def forget(self, request: web.Request) -> web.Response:
        """Delete one sender's conversation; asks for the secret."""
        given = request.headers.get(remote_actions.SECRET_HEADER, "")
        if not self._secret or not hmac.compare_digest(given.encode(), self._secret.encode()):
            return _refusal(403, "wrong or missing secret")
        sender = request.match_info["sender_id"]
        async with self._agent.lock_store.lock(sender):
            deleted = await self._store.delete(sender)
        return web.json_response({"deleted_events": deleted})


def _refusal(status: int, detail: str) -> web.Response:
    return web.json_response({"detail": detail}, status=status)


async def serve(settings: RasaSettings, model: Path, stop: asyncio.Event, started: asyncio.Future[str]) -> None:
    """Serve until `stop` is set; `started` gets the address once the server answers."""
    remote_actions.install()
    graph_runner.install()
    rule_lookup.install()
    endpoint = remote_actions.ActionEndpoint(settings.action_url, settings.action_secret, settings.action_timeout_s)
    store = open_store(settings.db_url)
    store.keeps_at_hand = not settings.redis_url  # with shared locks another server may have gone on
    agent = Agent.load(model, tracker_store=store, lock_store=open_locks(settings.redis_url), action_endpoint=endpoint)
    await agent.parse_message("khởi động")  # loads the word segmenter
    _settle()
    server = DialogueServer(agent, store, settings.action_secret)
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    keeping = asyncio.create_task(_forget_old(store, settings.retention_days))
    watching = asyncio.create_task(releases.follow(agent, settings.releases, model)) if not settings.model else None
    try:
        await _site(runner, settings).start()
        started.set_result(_address(runner, settings))
        await stop.wait()
    finally:
        keeping.cancel()
        if watching:
            watching.cancel()
        await runner.cleanup()
        await endpoint.close()
        store.close()


def _settle() -> None:
    """Give back what loading left over, and keep the rest out of the search for garbage, which would hold up a turn."""
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError, AttributeError):  # only glibc can
        ctypes.CDLL(None).malloc_trim(0)


def _site(runner: web.AppRunner, settings: RasaSettings) -> web.BaseSite:
    path = settings.socket_path
    if path is None:
        return web.TCPSite(runner, settings.host, settings.port)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if stat.S_IMODE(path.parent.stat().st_mode) & 0o077:
        raise SettingsError(f"{path.parent}: others can enter this folder; chmod 700 it or choose another")
    path.unlink(missing_ok=True)
    return web.UnixSite(runner, str(path))


def _address(runner: web.AppRunner, settings: RasaSettings) -> str:
    if settings.socket_path is not None:
        return settings.host
    host, port = runner.addresses[0][:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _forget_old(store: ConversationStore, days: int) -> None:
    while days > 0:
        deleted = await store.delete_older_than(days)
        if deleted:
            log.warning("deleted %d events of conversations older than %d days", deleted, days)
        await asyncio.sleep(_DAY_S)


async def _run(settings: RasaSettings, model: Path) -> None:
    loop = asyncio.get_running_loop()
    stop, started = asyncio.Event(), loop.create_future()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    serving = asyncio.create_task(serve(settings, model, stop, started))
    await asyncio.wait([serving, started], return_when=asyncio.FIRST_COMPLETED)
    if started.done():
        print(f"Máy chủ hội thoại sẵn sàng (dialogue server ready): {started.result()}", flush=True)
    await serving


def main(arguments: list[str] | None = None) -> int:
    """Serve from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.serve", description=__doc__)
    parser.add_argument("--train", action="store_true", help="train first when the sources have changed")
    options = parser.parse_args(arguments)
    configure_structlog(logging.WARNING)
    logging.getLogger("rasa").setLevel(logging.WARNING)
    try:
        settings = read_settings()
        model = settings.model or releases.model_in_service(settings.releases) or model_path()
        if options.train:
            model = train()
        if not model.exists():
            raise SettingsError(f"{model}: no such model; run `python -m bot.train` first")
        with contextlib.suppress(KeyboardInterrupt):
            uvloop.install()  # it sends a reply's head and body in one go
            asyncio.run(_run(settings, model))
    except SettingsError as error:
        print(f"Không khởi động được (cannot start): {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
