"""Stands in for the database of subscriptions, strictly: the rules of the port, in memory."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from actions.following import Checked, Consent, Followed, NotChecked, TooMany
from actions.one_stop.state import FINAL
from actions.one_stop.status_view import StatusView

HALF_AN_HOUR = timedelta(minutes=30)


class MemorySubscriptions:
    """`Subscriptions` in memory. consents: every proof given.  shown: codes shown without another check."""

    days = 90

    def __init__(self, on_web: bool = False, most: int = 10) -> None:
        self.consents: list[Consent] = []
        self.shown: list[str] = []
        self._on_web = on_web
        self._most = most
        self._checks: dict[tuple[str, str], tuple[datetime, bool]] = {}
        self._followed: dict[tuple[str, str], Followed] = {}

    async def note_check(self, conversation: str, view: StatusView, now: datetime) -> None:
        """Remember the check."""
        self._checks[conversation, view.code] = (now, view.status in FINAL)

    async def note_shown(self, conversation: str, view: StatusView) -> None:
        """Remember what was shown; it must have been checked."""
        assert (conversation, view.code) in self._checks, "shown without a check"
        self.shown.append(view.code)

    async def checked(self, conversation: str, now: datetime) -> tuple[Checked, ...]:
        """Return the fresh checks, the latest first."""
        mine = [(at, code, final) for (who, code), (at, final) in self._checks.items() if who == conversation]
        return tuple(Checked(code, final) for at, code, final in sorted(mine, reverse=True) if now - at <= HALF_AN_HOUR)

    async def follow(self, consent: Consent) -> Followed:
        """Follow what was checked."""
        fresh = await self.checked(consent.conversation, consent.given_at)
        if consent.code not in [one.code for one in fresh]:
            raise NotChecked
        if len(self._followed) >= self._most:
            raise TooMany
        self.consents.append(consent)
        followed = Followed(consent.code, consent.given_at + timedelta(days=self.days), self._on_web)
        self._followed[consent.conversation, consent.code] = followed
        return followed

    async def followed(self, conversation: str) -> tuple[Followed, ...]:
        """Return what is followed, the latest first."""
        return tuple(one for (who, _), one in reversed(self._followed.items()) if who == conversation)

    async def unfollow(self, conversation: str, codes: Collection[str]) -> None:
        """Stop; asking for what is not followed is a fault of the caller."""
        for code in codes:
            del self._followed[conversation, code]
