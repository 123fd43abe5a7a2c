"""Hands out the access token, and has it renewed when it ends or Zalo no longer takes it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from channels.store.zalo_tokens import Kept, TokenPair, TokenState, ZaloTokenStore
from channels.zalo.errors import SignedOut, ZaloError

log = logging.getLogger(__name__)
#: Renewed this long before the end, so that no message meets the end itself.
EARLY_S = 3600
CHECK_EVERY_S = 900.0
ADVICE = "chạy `python -m channels.zalo login-token` với refresh token mới"


class Tokens:
    """The account's access token, for all tasks of this process."""

    def __init__(
        self, store: ZaloTokenStore, exchange: Callable[[str], TokenPair | None], first: str, early_s: float = EARLY_S
    ) -> None:
        """exchange: asks Zalo, see `ZaloOAuth`.  first: a refresh token to begin with; empty for none."""
        self._store = store
        self._exchange = exchange
        self._first = first
        self._early_s = early_s
        self._known: Kept | None = None
        self._fault: str | None = None
        self._asking = asyncio.Lock()

    async def access(self) -> str:
        """Return an access token that should work.

        Raises:
            SignedOut: there is none, and none to be had without a person.
            ZaloUnreachable, ZaloRefused: a new one is needed, and Zalo does not give it now.
        """
        kept = self._known
        if kept is None:
            kept = await asyncio.to_thread(self._store.read)
        if kept.pair and kept.pair.access:
            self._known = kept
            return kept.pair.access
        return await self.renew("")

    async def renew(self, stale: str) -> str:
        """Return another access token than the stale one; of many who ask at once only one asks Zalo.

        Raises: as `access`.
        """
        async with self._asking:
            if self._known and self._known.pair and self._known.pair.access not in ("", stale):
                return self._known.pair.access
            try:
                kept = await asyncio.to_thread(self._store.rotate, stale, self._exchange, self._first)
            except ZaloError as error:
                self._note(f"không đổi được token: {error}")
                raise
            self._known = kept if kept.pair else None
            if kept.pair is None:
                self._note(f"đã mất đăng nhập Zalo: {ADVICE}")
                raise SignedOut(kept.state.value)
            self._fault = None
            return kept.pair.access

    async def keep_fresh(self) -> None:
        """Renew in time, for ever; a refresh token that nobody uses ends after three months."""
        while True:
            try:
                kept = await asyncio.to_thread(self._store.read)
                if kept.pair and kept.pair.access and kept.pair.expires_s - time.time() > self._early_s:
                    self._known, self._fault = kept, None
                else:
                    await self.renew(kept.pair.access if kept.pair else "")
            except ZaloError:
                pass  # noted already; the old token may still work for a while
            except Exception:
                log.exception("cannot look after the Zalo token")
            await asyncio.sleep(CHECK_EVERY_S)

    async def state(self) -> dict[str, Any]:
        """Return the state for /healthz: the channel is no part that procedure questions need."""
        kept = await asyncio.to_thread(self._store.read)
        state = kept.state.value
        if kept.state is TokenState.READY and not (self._fault and kept.pair and not kept.pair.access):
            return {"ok": True, "needed": False, "token": state}
        return {"ok": False, "needed": False, "token": state, "reason": self._fault or f"chưa có token: {ADVICE}"}

    def _note(self, fault: str) -> None:
        if fault != self._fault:
            log.error("Zalo: %s", fault)
        self._fault = fault
