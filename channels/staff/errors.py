"""What can go wrong at the staff desk, one class per advice to the clerk.

StaffError
├── SignInRefused    unknown name, wrong password, disabled, one-time password over: which one is not told
├── SignInLocked     too many failures for this name or from this address; open again at `until`
├── SignOnFailed     the province's sign-on gave nothing usable; `why` is for the log
├── AccountFault     an account cannot be made or changed so; the message is for whoever manages accounts
└── DeskRefusal      a request is refused before any page sees it
    ├── NotSignedIn          no session, or it is over
    ├── PasswordMustChange   signed in with a one-time password
    ├── NotAllowed           the role does not reach
    └── ForeignRequest       a change without the token of the session: not sent by our page
"""

from __future__ import annotations

from datetime import datetime


class StaffError(Exception):
    """Base of what the staff desk raises."""


class SignInRefused(StaffError):
    """Name and password do not fit; why is not told, not even to the caller."""

    def __init__(self) -> None:
        super().__init__("name and password do not fit")


class SignInLocked(StaffError):
    """Too many failures; the next attempt counts from `until` on."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many failed sign-ins")
        self.until = until


class SignOnFailed(StaffError):
    """The province's sign-on did not tell who is there."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class AccountFault(StaffError):
    """The message says in Vietnamese what to do instead."""


class DeskRefusal(StaffError):
    """A request is not let in."""


class NotSignedIn(DeskRefusal):
    """Nobody is signed in."""


class PasswordMustChange(DeskRefusal):
    """The one-time password must be replaced first."""


class NotAllowed(DeskRefusal):
    """The officer's role does not reach."""


class ForeignRequest(DeskRefusal):
    """The request was not sent by a page of this session."""
