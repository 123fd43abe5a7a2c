"""Talks to the dialogue server: one message in, its utterances out."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
from pydantic import BaseModel, TypeAdapter, ValidationError

from channels.errors import DialogueUnavailable

SECRET_HEADER = "X-Action-Secret"


class Utterance(BaseModel):
    """One message of rasa's REST channel."""

    text: str | None = None
    buttons: list[dict[str, Any]] = []
    custom: dict[str, Any] = {}


_UTTERANCES = TypeAdapter(list[Utterance])
_JUDGED = TypeAdapter(dict[str, str])
_STATUS = TypeAdapter(dict[str, str | None])


class RasaClient:
    """A client of bot/serve.py with kept-alive connections.

    address: "http://127.0.0.1:5005" or "unix:/folder/name.sock".
    """

    def __init__(self, address: str, timeout_s: float, secret: str = "") -> None:
        self._socket = address.removeprefix("unix:") if address.startswith("unix:") else None
        self._base = "http://rasa" if self._socket else address
        self._timeout_s = timeout_s
        self._secret = secret
        self._session: aiohttp.ClientSession | None = None

    async def send(self, sender: str, text: str, channel: str) -> list[Utterance]:
        """Return what the assistant says to one message.

        Raises:
            DialogueUnavailable: no answer, an error, or an empty list (which rasa sends after a fault inside).
        """
        body = {"sender": sender, "message": text, "metadata": {"channel": channel}}
        try:
            utterances = _UTTERANCES.validate_json(await self._ask("POST", "/webhooks/rest/webhook", json=body))
        except ValidationError as error:
            raise DialogueUnavailable(type(error).__name__) from error
        if not utterances:
            raise DialogueUnavailable("empty answer")
        return utterances

    async def intent(self, text: str, within_s: float) -> str:
        """Return which kind of question a text is; no conversation hears of it.

        Raises:
            DialogueUnavailable: no usable answer within that time.
        """
        try:
            return _JUDGED.validate_json(await self._ask("POST", "/intent", within_s, json={"text": text}))["intent"]
        except (ValidationError, KeyError) as error:
            raise DialogueUnavailable(type(error).__name__) from error

    async def forget(self, sender: str) -> None:
        """Delete a sender's conversation; raises DialogueUnavailable when it could not be done."""
        await self._ask("DELETE", f"/conversations/{sender}", headers={SECRET_HEADER: self._secret})

    async def is_ready(self) -> bool:
        """Tell whether the dialogue server answers."""
        try:
            await self._ask("GET", "/status", 2.0)
        except DialogueUnavailable:
            return False
        return True

    async def model(self) -> Path | None:
        """Return the file of the model at work; raises DialogueUnavailable."""
        try:
            told = _STATUS.validate_json(await self._ask("GET", "/status", 2.0))
        except ValidationError as error:
            raise DialogueUnavailable(type(error).__name__) from error
        path = told.get("path")
        return Path(path) if path else None

    async def _ask(self, method: str, path: str, within_s: float | None = None, **more: Any) -> bytes:
        """Return the body of a good answer; raises DialogueUnavailable for anything else."""
        timeout = aiohttp.ClientTimeout(total=within_s or self._timeout_s)
        try:
            async with self._open().request(method, self._base + path, timeout=timeout, **more) as response:
                response.raise_for_status()
                return await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise DialogueUnavailable(type(error).__name__) from error

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:  # it belongs to the event loop, which runs only now
            connector = aiohttp.UnixConnector(self._socket, limit=0) if self._socket else aiohttp.TCPConnector(limit=0)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
