"""Turns our button payloads into what a Zalo button may send, and back.

A pressed button comes back as a text of the person. Whoever types such a text must gain nothing, so it carries a
seal made for this payload and this person: a payload that we did not offer to them is only words.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re

_SEALED = re.compile(r"mc\.([A-Za-z0-9_-]{2,700})\.([0-9a-f]{16})")


class ButtonSeal:
    """Seals payloads for a person."""

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.sha256(b"zalo buttons" + key).digest()

    def seal(self, person: str, payload: str) -> str:
        """Return the text that a button sends."""
        packed = base64.urlsafe_b64encode(payload.encode()).decode().rstrip("=")
        return f"mc.{packed}.{self._mac(person, packed)}"

    def open(self, person: str, text: str) -> str | None:
        """Return the payload in a text; None when it is none that was offered to this person."""
        found = _SEALED.fullmatch(text.strip())
        if not found or not hmac.compare_digest(found[2], self._mac(person, found[1])):
            return None
        try:
            return base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4)).decode()
        except (binascii.Error, ValueError):
            return None

    def _mac(self, person: str, packed: str) -> str:
        return hmac.new(self._key, f"{person}:{packed}".encode(), hashlib.sha256).hexdigest()[:16]


def looks_sealed(text: str) -> bool:
    """Tell whether a text is, or was, the payload of a button."""
    return _SEALED.fullmatch(text.strip()) is not None
