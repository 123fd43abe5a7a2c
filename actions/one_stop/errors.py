"""Ways in which asking where an application stands can fail, one class per advice to the citizen.

    OneStopError
    ├── ApplicationNotFound     the system answered: no such code (never told to a stranger)
    ├── OneStopUnavailable      no usable answer now; try again later, procedure questions still work
    └── OneStopMisconfigured    our credentials, address or agency code are wrong; the clerk must act
    LookupRefused
    ├── StatusRefused           unknown code or wrong digits: the same words, after the same time
    └── LockedOut               too many failures; open again at `until`

No message holds a code, a name or a digit: messages reach the log.
"""

from __future__ import annotations

from datetime import datetime


class OneStopError(Exception):
    """The one-stop system (hệ thống một cửa) gave no application."""


class ApplicationNotFound(OneStopError):
    """The one-stop system knows no application with this code."""

    def __init__(self) -> None:
        super().__init__("the one-stop system knows no such application")


class OneStopUnavailable(OneStopError):
    """No usable answer within the time: down, slow, 5xx, malformed, too large, breaker open.

    reason: one short word for logs and metrics, such as `timeout` or `malformed`.
    worth_retrying: whether asking the same once more may help.
    """

    def __init__(self, reason: str, *, worth_retrying: bool = False) -> None:
        super().__init__(f"no usable answer from the one-stop system: {reason}")
        self.reason = reason
        self.worth_retrying = worth_retrying


class OneStopMisconfigured(OneStopError):
    """The one-stop system rejects how we ask: credentials, address or agency code."""


class LookupRefused(Exception):
    """A citizen's look-up is refused."""


class StatusRefused(LookupRefused):
    """Unknown code or wrong digits; which of the two is not told, not even to the caller."""

    def __init__(self) -> None:
        super().__init__("code and digits do not match")


class LockedOut(LookupRefused):
    """Too many failures for this citizen or this code.

    until: when the next attempt is allowed.
    """

    def __init__(self, until: datetime) -> None:
        super().__init__("too many failed look-ups")
        self.until = until
