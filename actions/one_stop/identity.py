"""Proves that four digits fit an application without keeping the digits, and masks names."""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from hashlib import sha256

_MOST_PROOFS = 2  # ID number and phone
_SHORTEST_NUMBER = 9  # old ID numbers (CMND) have nine digits


class DigitProof:
    """Turns the last four digits of a number into a keyed digest bound to one application.

    key: secret; give the same one to every worker that shares a store of last known answers.
    """

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)
        self._nothing = secrets.token_bytes(32)

    def of_numbers(self, code: str, *numbers: str | None) -> tuple[bytes, ...]:
        """Return a proof for each usable number (số định danh, số điện thoại) on file."""
        usable = [digits for number in numbers if (digits := _usable_digits(number))]
        return tuple(self._digest(code, digits[-4:]) for digits in usable[:_MOST_PROOFS])

    def matches(self, proofs: tuple[bytes, ...], code: str, digits: str) -> bool:
        """Tell whether the four digits fit; takes the same time whatever and however many the proofs are."""
        given = self._digest(code, digits)
        padded = (*proofs, self._nothing, self._nothing)[:_MOST_PROOFS]
        return any([hmac.compare_digest(proof, given) for proof in padded])

    def _digest(self, code: str, digits: str) -> bytes:
        return hmac.new(self._key, f"{code}|{digits}".encode(), sha256).digest()


def mask_name(name: str) -> str:
    """Return the name with only the first letter of each word.

    >>> mask_name("Nguyễn Văn Anh")
    'N*** V** A**'
    """
    words = unicodedata.normalize("NFC", name).split()
    return " ".join(word[0] + "*" * max(2, min(3, len(word) - 1)) for word in words)


def _usable_digits(number: str | None) -> str | None:
    """Return the digits, or None for a number too short or a filler such as 0000000000."""
    digits = "".join(letter for letter in number or "" if letter in "0123456789")
    return digits if len(digits) >= _SHORTEST_NUMBER and len(set(digits)) > 1 else None
