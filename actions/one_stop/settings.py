"""Settings of the one-stop system (hệ thống một cửa), read from MOT_CUA_ONE_STOP_* variables."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from actions.one_stop.attempts import AttemptLimit
from actions.one_stop.lookup import LookupPolicy
from actions.one_stop.upstream import Limits


class OneStopSettings(BaseSettings):
    """Which one-stop system is asked, how it knows us, and how long we wait.

    url: address of the system; without it the simulator stands in.
    identity_key: any long secret; needed only when several workers share kept answers, or over a restart.
    """

    model_config = SettingsConfigDict(env_prefix="MOT_CUA_ONE_STOP_", extra="ignore")

    adapter: Literal["lgsp", "igate"] = "lgsp"
    url: str | None = None
    ca_file: Path | None = None
    identity_key: SecretStr | None = None

    username: str = "mo-phong"
    password: SecretStr = SecretStr("mo-phong")
    agency_code: str = "H50"
    destination_code: str = "VN:GOV:MOPHONG"
    auth_path: str = "/lgsp/auth"
    integration_path: str = "/lgsp/integration"

    client_id: str = "mo-phong"
    client_secret: SecretStr = SecretStr("mo-phong")
    token_url: str = "/realms/digo/protocol/openid-connect/token"
    search_path: str = "/pa/dossier-search/dvc"

    timeout_s: float = Field(default=7.5, gt=0, le=8)
    max_answer_bytes: int = Field(default=1_000_000, gt=0)
    breaker_failures: int = Field(default=5, gt=0)
    breaker_pause_s: float = Field(default=30.0, gt=0)
    refusal_step_s: float = Field(default=1.0, ge=0.1, le=8)
    lockout_failures: int = Field(default=5, gt=0)
    lockout_minutes: int = Field(default=15, gt=0)
    last_known_days: int = Field(default=7, ge=0)

    @property
    def is_simulated(self) -> bool:
        """Whether no real system is configured, so that the simulator must be started."""
        return self.url is None

    def limits(self) -> Limits:
        """Return how long, how much and how often the system is asked."""
        return Limits(self.timeout_s, self.max_answer_bytes, self.breaker_failures, self.breaker_pause_s)

    def lookup_policy(self) -> LookupPolicy:
        """Return how strict a look-up is."""
        limit = AttemptLimit(self.lockout_failures, timedelta(minutes=self.lockout_minutes))
        return LookupPolicy(limit, self.refusal_step_s, timedelta(days=self.last_known_days))
