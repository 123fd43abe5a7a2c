"""Settings of the app, read from MOT_CUA_* variables (the launcher reads the file .env into them)."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from secrets import token_bytes
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class AppSettings(BaseSettings):
    """Where the app listens, where it finds its parts, and how long it keeps and waits.

    host: "localhost" (both loopback addresses), "all" (every IPv4 and IPv6 address), or one address.
    rasa: address of the dialogue server: http://… on loopback, or unix:/folder/name.sock.
    encoder: a folder, or a sentence-transformers model name for those who can reach a hub.
    redis_url: what several workers share beside the database (limits); empty = one worker, in memory.
    identity_key: keys the hashes of people's ids; without it one is made and kept in `var_dir`.
    """

    model_config = SettingsConfigDict(env_prefix="MOT_CUA_", extra="ignore")

    host: str = "localhost"
    port: int = Field(default=8000, ge=0, le=65535)
    var_dir: Path = Path("var")
    db_url: str | None = None
    redis_url: Annotated[str, Field(pattern=r"^(rediss?://.+|redis\+unix://.+)?$")] = ""
    rasa: str = "unix:var/run/rasa.sock"
    rasa_timeout_s: float = Field(default=15.0, gt=0)
    action_secret: SecretStr = SecretStr("")
    encoder: str = "var/encoder/e5-small-vi"
    identity_key: SecretStr | None = None
    max_text: int = Field(default=1000, ge=100, le=2000)
    retention_days: int = Field(default=90, ge=1)

    @property
    def index_dir(self) -> Path:
        return self.var_dir / "index"

    @property
    def database_url(self) -> str:
        """Return the address of the app's database; an SQLite file by default."""
        return self.db_url or f"sqlite:///{self.var_dir / 'app.db'}"

    @cached_property
    def identity_key_bytes(self) -> bytes:
        """Return the key of the identity hashes; made once and kept in a file that only its owner reads."""
        if self.identity_key:
            return self.identity_key.get_secret_value().encode()
        path = self.var_dir / "identity.key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_bytes(token_bytes(32))
        return path.read_bytes()
