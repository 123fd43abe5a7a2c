"""Reads the dialogue server's settings from the environment (MOT_CUA_RASA_…)."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PREFIX = "MOT_CUA_RASA_"
MODELS_FOLDER = Path("var/models")


class SettingsError(ValueError):
    """A setting that the server must not start with; the message says what to write instead."""


@dataclass(frozen=True)
class RasaSettings:
    """What the dialogue server needs to know.

    host: a loopback address, or `unix:/folder/name.sock` in a folder that only its owner can enter.
    model: a model file; by default the release in service, else the one trained from the sources as they are.
    releases: the folder whose live.json names the release in service.
    db_url: an SQLite file or an SQL url. redis_url: for locks shared by several servers; empty: in memory.
    action_secret: sent with every action call, and asked for before a conversation is deleted.
    """

    host: str = "127.0.0.1"
    port: int = 5005
    model: Path | None = None
    releases: Path = Path("var/releases")
    db_url: str = "var/conversations.db"
    redis_url: str = ""
    action_url: str = "http://127.0.0.1:8000/actions/webhook"
    action_secret: str = ""
    action_timeout_s: float = 12.0
    retention_days: int = 90

    def __post_init__(self) -> None:
        """Refuse what would open the server to the network.

        Raises:
            SettingsError: the host is reachable from outside, or a number makes no sense.
        """
        if not self.socket_path and not _is_loopback(self.host):
            raise SettingsError(
                f"{PREFIX}HOST={self.host}: the dialogue server has no login, so it listens on loopback only; "
                "write 127.0.0.1, ::1, localhost or unix:/folder/name.sock"
            )
        if not 0 <= self.port <= 65535:
            raise SettingsError(f"{PREFIX}PORT={self.port}: write a number from 0 to 65535")
        if self.action_timeout_s <= 0:
            raise SettingsError(f"{PREFIX}ACTION_TIMEOUT_S={self.action_timeout_s}: write seconds, more than 0")

    @property
    def socket_path(self) -> Path | None:
        """Return the socket's path when the server listens on a unix socket."""
        return Path(self.host[len("unix:") :]) if self.host.startswith("unix:") else None


def read_settings(environment: Mapping[str, str] = os.environ) -> RasaSettings:
    """Return the settings that the environment gives.

    Raises:
        SettingsError: a value cannot be used.
    """
    given = {name: environment[PREFIX + name.upper()] for name in _NAMES if environment.get(PREFIX + name.upper())}
    try:
        return RasaSettings(**{name: _NAMES[name](value) for name, value in given.items()})
    except SettingsError:
        raise
    except ValueError as error:
        raise SettingsError(f"{PREFIX}…: {error}") from error


_NAMES = {
    "host": str,
    "port": int,
    "model": Path,
    "releases": Path,
    "db_url": str,
    "redis_url": str,
    "action_url": str,
    "action_secret": str,
    "action_timeout_s": float,
    "retention_days": int,
}


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
