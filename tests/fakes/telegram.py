"""Stands in for Telegram's Bot API over real HTTP, strictly; by hand: `python -m tests.fakes.telegram --port 8081`.

Updates go to the webhook that the bot registered (with its secret header, again when not taken) or wait for
getUpdates. Every chat, person and message is invented.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.fakes.telegram_rules import (
    MAX_CAPTION,
    MAX_NOTICE,
    PARAMETERS,
    Flood,
    Refusal,
    bad,
    check_entities,
    check_keyboard,
    check_text,
    units,
)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
TOKEN = "4711:invented-token-for-tests"
BOT = {"id": 4711, "is_bot": True, "first_name": "Một Cửa (thử)", "username": "mot_cua_thu_bot"}
_AS_JSON = {"entities", "reply_markup", "allowed_updates", "commands", "link_preview_options", "scope"}
_AS_NUMBER = {"chat_id", "message_id", "offset", "limit", "timeout", "max_connections"}


@dataclass
class FakeChat:
    """One chat as its person sees it.

    messages: of both sides, as the Bot API shows them.  actions: "typing" and the like, as they came.
    """

    id: int
    type: str = "private"
    messages: list[dict[str, Any]] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    files: dict[int, bytes] = field(default_factory=dict)
    is_blocked: bool = False
    is_left: bool = False

    @property
    def answers(self) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["from"]["is_bot"]]

    @property
    def texts(self) -> list[str]:
        return [str(message.get("text") or message.get("caption")) for message in self.answers]

    def plain(self) -> dict[str, Any]:
        return {"id": self.id, "type": self.type}


@dataclass
class FakeTelegram:
    """The server.

    violations: what a well-behaved bot does not do.  calls: (method, parameters) in order.
    notices: what was shown over the chat, by callback query.  failing: so many next calls meet 502.
    """

    token: str = TOKEN
    flood: Flood = field(default_factory=Flood)
    chats: dict[int, FakeChat] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    commands: list[dict[str, str]] = field(default_factory=list)
    notices: dict[str, str | None] = field(default_factory=dict)
    open_queries: set[str] = field(default_factory=set)
    webhook: dict[str, Any] = field(default_factory=dict)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    failing: int = 0
    _number: int = 1000
    _http: httpx.AsyncClient | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def app(self, more: list[BaseRoute] | None = None) -> Starlette:
        """Return the ASGI application."""
        return Starlette(routes=[Route("/bot{token}/{method}", self._receive, methods=["GET", "POST"]), *(more or [])])

    def chat(self, number: int, kind: str = "private") -> FakeChat:
        """Return a chat; it is made when it is new."""
        return self.chats.setdefault(number, FakeChat(number, kind))

    async def aclose(self) -> None:
        """Close the connections to the webhook."""
        if self._http:
            await self._http.aclose()

    # What people do.

    async def says(self, chat: int, text: str) -> dict[str, Any]:
        """Let a person write something; return the update that was sent."""
        return await self.sends(chat, text=text, entities=_command_entities(text))

    async def sends(self, chat: int, **content: Any) -> dict[str, Any]:
        """Let a person send anything: `photo=[…]`, `voice={…}`, `text=…`."""
        message = self._message(self.chat(chat), self._person(chat), {k: v for k, v in content.items() if v})
        return await self.deliver({"update_id": self._next(), "message": message})

    async def presses(self, chat: int, title: str, message_id: int | None = None) -> dict[str, Any]:
        """Let a person press the newest button of that title (or the one under a certain message)."""
        message, button = self._button(self.chat(chat), title, message_id)
        query = {
            "id": str(self._next()),
            "from": self._person(chat),
            "chat_instance": "1",
            "message": message,
            "data": button["callback_data"],
        }
        self.open_queries.add(query["id"])
        return await self.deliver({"update_id": self._next(), "callback_query": query})

    async def deliver(self, update: dict[str, Any]) -> dict[str, Any]:
        """Send an update the way the bot wants it; as the real server, again when it is not taken."""
        kind = next(key for key in update if key != "update_id")
        wanted = self.webhook.get("allowed_updates")
        if wanted and kind not in wanted:
            return update
        if not self.webhook.get("url"):
            self.waiting.append(update)
            self._tell()
            return update
        for pause_s in (0.05, 0.2, 0.5):
            if await self.call_webhook(json.dumps(update).encode()) < 300:
                return update
            await asyncio.sleep(pause_s)
        self.violations.append(f"update {update['update_id']} was not taken")
        return update

    async def call_webhook(self, body: bytes, secret: str | bytes | None = None) -> int:
        """Post something to the webhook; return the status."""
        given = self.webhook["secret"] if secret is None else secret
        headers = {SECRET_HEADER.encode(): given if isinstance(given, bytes) else given.encode()}
        self._http = self._http or httpx.AsyncClient(trust_env=False, timeout=30.0)
        response = await self._http.post(self.webhook["url"], content=body, headers=headers)
        return response.status_code

    async def answers(self, chat: int, count: int, within_s: float = 30.0) -> list[str]:
        """Wait until the bot has sent so many messages to a chat; return their texts."""
        async with asyncio.timeout(within_s):
            await self.until(lambda: len(self.chat(chat).answers) >= count)
        return self.chat(chat).texts

    async def until(self, holds: Any) -> None:
        """Wait until something holds; it is looked at whenever the bot calls."""
        while not holds():
            self._changed.clear()
            await self._changed.wait()

    # What the bot does.

    async def _receive(self, request: Request) -> Response:
        method = request.path_params["method"]
        try:
            if request.path_params["token"] != self.token:
                raise Refusal(401, "Unauthorized")
            if method not in PARAMETERS:
                raise Refusal(404, "Not Found")
            if self.failing > 0:
                self.failing -= 1
                return Response("<html>Bad Gateway</html>", 502)
            values = await _values(request)
            self.calls.append((method, values))
            self.violations += [f"{method}: unknown {name}" for name in set(values) - PARAMETERS[method]]
            result = await getattr(self, f"_{_snake(method)}")(values)
            return JSONResponse({"ok": True, "result": result})
        except Refusal as no:
            more = {"parameters": {"retry_after": no.retry_after}} if no.retry_after else {}
            body = {"ok": False, "error_code": no.code, "description": no.description, **more}
            return JSONResponse(body, no.code)
        finally:
            self._tell()

    async def _get_me(self, values: dict[str, Any]) -> Any:
        return BOT | {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}

    async def _set_my_commands(self, values: dict[str, Any]) -> bool:
        for command in values.get("commands") or []:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]) or not 1 <= len(command["description"]) <= 256:
                raise bad("BOT_COMMAND_INVALID")
        self.commands = list(values.get("commands") or [])
        return True

    async def _get_my_commands(self, values: dict[str, Any]) -> Any:
        return self.commands

    async def _set_webhook(self, values: dict[str, Any]) -> bool:
        url, secret = str(values.get("url") or ""), str(values.get("secret_token") or "")
        if not re.match(r"https://|http://(127\.0\.0\.1|localhost)[:/]", url):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise bad("secret token contains unallowed characters")
        self.webhook = {"url": url, "secret": secret, "allowed_updates": values.get("allowed_updates")}
        return True

    async def _delete_webhook(self, values: dict[str, Any]) -> bool:
        self.webhook = {}
        return True

    async def _get_webhook_info(self, values: dict[str, Any]) -> Any:
        return {"url": self.webhook.get("url", ""), "pending_update_count": len(self.waiting)}

    async def _get_updates(self, values: dict[str, Any]) -> Any:
        if self.webhook.get("url"):
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = values.get("offset") or 0
        self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        if not self.waiting and values.get("timeout"):
            try:
                async with asyncio.timeout(min(values["timeout"], 0.5)):
                    await self.until(lambda: self.waiting)
            except TimeoutError:
                return []
        return self.waiting[: values.get("limit") or 100]

    async def _send_message(self, values: dict[str, Any]) -> Any:
        chat = self._reachable(values)
        text = check_text(values.get("text"))
        content = {"text": text, "entities": check_entities(text, values.get("entities"))}
        keyboard = check_keyboard(values.get("reply_markup"))
        self.flood.check(chat.id)
        return self._message(chat, BOT, content | ({"reply_markup": keyboard} if keyboard else {}))

    async def _send_document(self, values: dict[str, Any]) -> Any:
        chat = self._reachable(values)
        file = values.get("document")
        if not isinstance(file, UploadFile):
            raise bad("there is no document in the request")
        if values.get("caption"):
            check_text(values["caption"], MAX_CAPTION)
        self.flood.check(chat.id)
        content = await file.read()
        if not content:
            raise bad("file must be non-empty")
        document = {"file_id": f"f{self._next()}", "file_unique_id": "u", "file_name": file.filename}
        message = self._message(chat, BOT, {"document": document, "caption": values.get("caption") or ""})
        chat.files[message["message_id"]] = content
        return message

    async def _send_chat_action(self, values: dict[str, Any]) -> bool:
        chat = self._reachable(values)
        if values.get("action") not in ("typing", "upload_document"):
            raise bad("wrong parameter action in request")
        chat.actions.append(str(values["action"]))
        return True

    async def _answer_callback_query(self, values: dict[str, Any]) -> bool:
        query, text = str(values.get("callback_query_id")), values.get("text")
        if query not in self.open_queries:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if text and units(text) > MAX_NOTICE:
            raise bad("MESSAGE_TOO_LONG")
        self.open_queries.discard(query)
        self.notices[query] = text
        return True

    async def _edit_message_reply_markup(self, values: dict[str, Any]) -> Any:
        chat = self._reachable(values)
        found = [message for message in chat.answers if message["message_id"] == values.get("message_id")]
        if not found:
            raise bad("message to edit not found")
        keyboard = check_keyboard(values.get("reply_markup"))
        if found[0].get("reply_markup") == keyboard:
            raise bad("message is not modified")
        self.flood.check(chat.id)
        found[0].pop("reply_markup", None)
        found[0] |= {"reply_markup": keyboard} if keyboard else {}
        return found[0]

    async def _leave_chat(self, values: dict[str, Any]) -> bool:
        chat = self._reachable(values)
        if chat.type == "private":
            raise bad("chat is private")
        chat.is_left = True
        return True

    def _reachable(self, values: dict[str, Any]) -> FakeChat:
        chat = self.chats.get(values.get("chat_id") or 0)
        if chat is None:
            raise bad("chat not found")
        if chat.is_blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat.is_left:
            raise Refusal(403, "Forbidden: bot is not a member of the group chat")
        return chat

    def _message(self, chat: FakeChat, sender: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        message = {
            "message_id": self._next(),
            "date": int(time.time()),
            "chat": chat.plain(),
            "from": sender,
            **content,
        }
        chat.messages.append(message)
        return message

    def _person(self, chat: int) -> dict[str, Any]:
        return {"id": abs(chat), "is_bot": False, "first_name": "Người Thử", "language_code": "vi"}

    def _button(self, chat: FakeChat, title: str, message_id: int | None) -> tuple[dict[str, Any], dict[str, Any]]:
        for message in reversed(chat.answers):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"] == title and message_id in (None, message["message_id"]):
                        return message, button
        raise AssertionError(f"no button {title!r} in {chat.texts}")

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _tell(self) -> None:
        self._changed.set()


async def _values(request: Request) -> dict[str, Any]:
    """Return the parameters, whichever of the four ways they come."""
    if "json" in request.headers.get("content-type", ""):
        return dict(await request.json())
    values: dict[str, Any] = dict(request.query_params)
    if request.method == "POST":
        form = await request.form()
        values |= dict(form)
        if str(values.get("document", "")).startswith("attach://"):
            values["document"] = values.pop(values["document"].removeprefix("attach://"))
    for name, value in values.items():
        if isinstance(value, str) and name in _AS_JSON:
            values[name] = json.loads(value)
        elif isinstance(value, str) and name in _AS_NUMBER:
            values[name] = int(value) if re.fullmatch(r"-?\d+", value) else value
    return values


def _command_entities(text: str) -> list[dict[str, Any]]:
    found = re.match(r"/\w+", text)
    return [{"type": "bot_command", "offset": 0, "length": found.end()}] if found else []


def _snake(method: str) -> str:
    return re.sub(r"(?=[A-Z])", "_", method).lower()


@asynccontextmanager
async def running_telegram(fake: FakeTelegram) -> AsyncIterator[str]:
    """Serve it in this loop on a free port and give its address; a strict one complains at the end.

    Raises:
        AssertionError: the bot did something that the real server would not like.
    """
    async with serving(fake.app()) as url:
        yield url
    await fake.aclose()
    assert fake.violations == []
    assert fake.flood.ignored == 0, "the bot went on while it was told to wait"


class _Server(uvicorn.Server):
    """A server that leaves the signals to whoever runs the loop."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    """Serve an application as a task of this loop; give its address."""
    server = _Server(uvicorn.Config(app, port=0, log_level="critical", access_log=False, lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done(), "the server did not start"
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        await task


if __name__ == "__main__":
    from tests.fakes.telegram_page import main

    raise SystemExit(main())
