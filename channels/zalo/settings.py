"""Settings of the Zalo channel, read from MOT_CUA_ZALO_* variables; without them the channel is off."""

from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ZaloSettings(BaseSettings):
    """One Official Account (OA) and the app that speaks for it.

    app_id, app_secret: of the app at developers.zalo.me.  oa_secret: signs the webhooks.
    refresh_token: the first one only; every later one is in the database. `python -m channels.zalo login-token`
    takes it from standard input instead.
    api_url, oauth_url: Zalo's, or those of the fake.
    window_hours, window_messages: how long after a person's message how many may be sent.
    """

    model_config = SettingsConfigDict(env_prefix="MOT_CUA_ZALO_", extra="ignore")

    app_id: str = Field(default="", max_length=64)
    app_secret: SecretStr = SecretStr("")
    oa_secret: SecretStr = SecretStr("")
    refresh_token: SecretStr = SecretStr("")
    api_url: str = "https://openapi.zalo.me"
    oauth_url: str = "https://oauth.zaloapp.com"
    timeout_s: float = Field(default=10.0, gt=0)
    window_hours: float = Field(default=48.0, gt=0)
    window_messages: int = Field(default=8, ge=1)

    @property
    def is_on(self) -> bool:
        """Tell whether everything is there that the channel cannot do without."""
        return not self.missing and bool(self.app_id)

    @property
    def missing(self) -> list[str]:
        """Return what was left out of a half-written configuration; empty when nothing is set at all."""
        needed = {
            "MOT_CUA_ZALO_APP_ID": self.app_id,
            "MOT_CUA_ZALO_APP_SECRET": self.app_secret.get_secret_value(),
            "MOT_CUA_ZALO_OA_SECRET": self.oa_secret.get_secret_value(),
        }
        return [name for name, value in needed.items() if not value] if any(needed.values()) else []
