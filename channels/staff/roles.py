"""Who works at the desk: roles, each with all that the one before may do, and the officer signed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Role(IntEnum):
    """clerk < editor < manager < admin."""

    CLERK = 1
    EDITOR = 2
    MANAGER = 3
    ADMIN = 4

    @property
    def key(self) -> str:
        """Return the role's name in the database and on the command line."""
        return self.name.lower()

    @property
    def words(self) -> str:
        """Return the role as people read it."""
        return ROLE_WORDS[self]

    @classmethod
    def of(cls, key: str) -> Role:
        """Return the role of that key; KeyError when there is none."""
        return cls[key.upper()]


ROLE_WORDS: Mapping[Role, str] = {
    Role.CLERK: "Cán bộ tiếp nhận",
    Role.EDITOR: "Biên tập",
    Role.MANAGER: "Quản lý",
    Role.ADMIN: "Quản trị",
}


@dataclass(frozen=True)
class Officer:
    """Whoever is signed in (cán bộ).

    name: what they sign in with; full_name: what colleagues read.  csrf: the token that their pages send back.
    one_time: signed in with a one-time password, which must be replaced first.
    """

    account_id: int
    name: str
    full_name: str
    role: Role
    csrf: str = field(repr=False)
    one_time: bool = False

    def may(self, role: Role) -> bool:
        """Tell whether the officer's role reaches."""
        return self.role >= role
