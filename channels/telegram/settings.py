"""Settings of the Telegram channel, read from MOT_CUA_TELEGRAM_* variables."""

from __future__ import annotations

import hashlib
import hmac
from enum import Enum

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Intake(str, Enum):
    """How messages arrive: Telegram calls us, or (on a developer's machine) we ask Telegram."""

    WEBHOOK = "webhook"
    POLLING = "polling"


class TelegramSettings(BaseSettings):
    """Without a token the channel is off.

    api_url: another address for tests and demos.  webhook_secret: made from the token when not given. The app registers
    its webhook itself when it knows its own address (MOT_CUA_PUBLIC_URL).
    """

    model_config = SettingsConfigDict(env_prefix="MOT_CUA_TELEGRAM_", extra="ignore")

    token: SecretStr = SecretStr("")
    api_url: str = "https://api.telegram.org"
    intake: Intake = Intake.WEBHOOK
    webhook_secret: SecretStr | None = Field(default=None)

    @property
    def is_on(self) -> bool:
        return bool(self.token.get_secret_value())

    @property
    def secret(self) -> str:
        """Return what Telegram has to send with each webhook; the same for all workers and over restarts."""
        if self.webhook_secret and self.webhook_secret.get_secret_value():
            return self.webhook_secret.get_secret_value()
        return hmac.new(self.token.get_secret_value().encode(), b"webhook", hashlib.sha256).hexdigest()
