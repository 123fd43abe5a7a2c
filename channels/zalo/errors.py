"""What can go wrong between the app and Zalo.

ZaloError
├── ZaloUnreachable   no usable answer from Zalo: try again in a moment
├── ZaloRefused       Zalo answered with an error code
└── SignedOut         there is no usable token: a person must sign the account in again
"""

from __future__ import annotations

from channels.errors import ChannelError


class ZaloError(ChannelError):
    """Base of what channels/zalo/ raises."""


class ZaloUnreachable(ZaloError):
    """No answer, a fault of the server, or an answer that is none.

    may_have_worked: the request arrived, only its answer did not.
    """

    def __init__(self, why: str, *, may_have_worked: bool = False) -> None:
        super().__init__(why)
        self.may_have_worked = may_have_worked


class ZaloRefused(ZaloError):
    """Zalo's `error` is not 0."""

    def __init__(self, code: int) -> None:
        super().__init__(f"error {code}")
        self.code = code


class SignedOut(ZaloError):
    """No refresh token, or one that was used before."""
