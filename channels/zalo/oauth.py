"""Asks Zalo's OAuth server for a new token pair in exchange for a refresh token, which is then used up."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import httpx

from channels.store.zalo_tokens import TokenPair
from channels.zalo.errors import ZaloRefused, ZaloUnreachable
from channels.zalo.settings import ZaloSettings

#: "This refresh token was used already": no other attempt can help.
SPENT = -14020
#: Waiting is better than giving up: an answer that nobody hears costs the account its sign-in.
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_DEFAULT_LIFE_S = 25 * 3600


class ZaloOAuth:
    """A blocking client: the exchange happens while a row is locked, in a thread."""

    def __init__(self, settings: ZaloSettings) -> None:
        self._settings = settings
        self._url = f"{settings.oauth_url.rstrip('/')}/v4/oa/access_token"

    def exchange(self, refresh: str) -> TokenPair | None:
        """Return a new pair; None when the refresh token was used before.

        Raises:
            ZaloUnreachable: no usable answer.
            ZaloRefused: another error, e.g. a wrong app secret; the refresh token may still be good.
        """
        form = {"refresh_token": refresh, "app_id": self._settings.app_id, "grant_type": "refresh_token"}
        headers = {"secret_key": self._settings.app_secret.get_secret_value()}
        try:
            with httpx.Client(timeout=TIMEOUT, trust_env=not is_local(self._url)) as http:
                response = http.post(self._url, data=form, headers=headers)
            response.raise_for_status()
            return _pair(response.json())
        except (httpx.HTTPError, ValueError) as error:
            raise ZaloUnreachable(f"OAuth: {type(error).__name__}") from error


def _pair(answer: object) -> TokenPair | None:
    if not isinstance(answer, dict):
        raise ValueError("no JSON object")
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    if isinstance(access, str) and isinstance(refresh, str) and access and refresh:
        life_s = int(answer.get("expires_in") or _DEFAULT_LIFE_S)
        return TokenPair(access, refresh, int(time.time()) + life_s)
    code = int(answer.get("error") or 0)
    if code == SPENT:
        return None
    if code:
        raise ZaloRefused(code)
    raise ValueError("neither tokens nor an error")


def is_local(url: str) -> bool:
    """Tell whether an address is this machine, which no proxy must get in between."""
    return urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}
