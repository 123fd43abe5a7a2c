"""Passwords of clerks: kept as argon2id hashes, judged before they are taken, made up for one use."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from channels.staff.errors import AccountFault
from knowledge.vietnamese import fold

SHORTEST, LONGEST = 10, 200
#: No letters that are read for one another.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_TOO_PLAIN = ("matkhau", "password", "12345678", "qwertyui", "motcua", "quangtri", "quangbinh")


class Passwords:
    """Hashes and checks; blocking work of some 50 ms, call it in a thread."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_urlsafe(24))

    def hash(self, password: str) -> str:
        """Return the hash to keep; a new salt each time."""
        return self._hasher.hash(password)

    def fits(self, kept: str | None, password: str) -> bool:
        """Tell whether the password fits; without a kept hash the same time goes by and nothing fits."""
        try:
            self._hasher.verify(kept or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Tell whether a kept hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(kept)


def check_password(password: str, name: str) -> None:
    """Accept a new password, or say what is wrong with it.

    Raises:
        AccountFault: too short, too long, or easily guessed.
    """
    if len(password) < SHORTEST:
        raise AccountFault(f"Mật khẩu cần ít nhất {SHORTEST} ký tự; một câu ngắn dễ nhớ là tốt nhất.")
    if len(password) > LONGEST:
        raise AccountFault(f"Mật khẩu dài nhất {LONGEST} ký tự.")
    plain = "".join(letter for letter in fold(password) if letter.isalnum())
    if len(set(password)) < 5 or fold(name) in plain or any(plain.startswith(word) for word in _TOO_PLAIN):
        raise AccountFault("Mật khẩu này dễ đoán quá. Anh/chị chọn một câu khác.")


def one_time_password() -> str:
    """Return a password made up for one use, easy to read aloud: four groups of four letters, some 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
