"""Talks to the dialogue server: one message in, its utterances out."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
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


class RasaClient:
    """A client of bot/serve.py with kept-alive connections.

    address: "http://127.0.0.1:5005" or "unix:/folder/name.sock".
    """

    def __init__(self, address: str, timeout_s: float, secret: str = "") -> None:
        socket = address.removeprefix("unix:") if address.startswith("unix:") else None
        self._http = httpx.AsyncClient(
            base_url="http://rasa" if socket else address,
            transport=httpx.AsyncHTTPTransport(uds=socket, retries=0),
            timeout=timeout_s,
        )
        self._secret = secret

    async def send(self, sender: str, text: str, channel: str) -> list[Utterance]:
        """Return what the assistant says to one message.

        Raises:
            DialogueUnavailable: no answer, an error, or an empty list (which rasa sends after a fault inside).
        """
        body = {"sender": sender, "message": text, "metadata": {"channel": channel}}
        try:
            response = await self._http.post("/webhooks/rest/webhook", json=body)
            response.raise_for_status()
            utterances = _UTTERANCES.validate_python(response.json())
        except (httpx.HTTPError, ValueError, ValidationError) as error:
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
            response = await self._http.post("/intent", json={"text": text}, timeout=within_s)
            return _JUDGED.validate_python(response.raise_for_status().json())["intent"]
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise DialogueUnavailable(type(error).__name__) from error

    async def forget(self, sender: str) -> None:
        """Delete a sender's conversation; raises DialogueUnavailable when it could not be done."""
        try:
            response = await self._http.delete(f"/conversations/{sender}", headers={SECRET_HEADER: self._secret})
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise DialogueUnavailable(type(error).__name__) from error

    async def is_ready(self) -> bool:
        """Tell whether the dialogue server answers."""
        try:
            return (await self._http.get("/status", timeout=2.0)).status_code == 200
        except httpx.HTTPError:
            return False

    async def model(self) -> Path | None:
        """Return the file of the model at work; raises DialogueUnavailable."""
        try:
            told = (await self._http.get("/status", timeout=2.0)).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise DialogueUnavailable(type(error).__name__) from error
        return Path(told["path"]) if told.get("path") else None

    async def aclose(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
