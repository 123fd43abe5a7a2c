"""Sends one message through Zalo's Open API; an access token that ended is renewed once."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from channels.zalo.errors import ZaloRefused, ZaloUnreachable
from channels.zalo.oauth import is_local
from channels.zalo.rendering import ZaloMessage
from channels.zalo.settings import ZaloSettings
from channels.zalo.tokens import Tokens

#: "Access token is invalid": it ended, or another worker renewed it.
STALE = -216


class ZaloApi:
    """A client with kept-alive connections."""

    def __init__(self, settings: ZaloSettings, tokens: Tokens) -> None:
        self._tokens = tokens
        base = settings.api_url.rstrip("/")
        self._url = f"{base}/v3.0/oa/message/cs"
        self._http = httpx.AsyncClient(timeout=settings.timeout_s, trust_env=not is_local(base))

    async def send(self, person: str, message: ZaloMessage) -> None:
        """Send a message.

        Raises:
            ZaloUnreachable: no usable answer.
            ZaloRefused: Zalo's `error` is not 0, also after the token was renewed.
            SignedOut: there is no usable token.
        """
        body = {"recipient": {"user_id": person}, "message": message.body()}
        token = await self._tokens.access()
        code = await self._post(token, body)
        if code == STALE:
            code = await self._post(await self._tokens.renew(token), body)
        if code:
            raise ZaloRefused(code)

    async def _post(self, token: str, body: Mapping[str, object]) -> int:
        """Return Zalo's `error`: an HTTP 200 alone says nothing."""
        try:
            response = await self._http.post(self._url, json=body, headers={"access_token": token})
            response.raise_for_status()
            return int(response.json()["error"])
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.HTTPStatusError) as error:
            raise ZaloUnreachable(type(error).__name__) from error
        except (httpx.HTTPError, KeyError, TypeError, ValueError) as error:
            raise ZaloUnreachable(type(error).__name__, may_have_worked=True) from error

    async def aclose(self) -> None:
        await self._http.aclose()
