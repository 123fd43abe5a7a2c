"""Settings of the statistics, read from MOT_CUA_STATISTICS_* variables."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class StatisticsSettings(BaseSettings):
    """What a visit is, what counts as rising, and who may fetch the feed.

    token: what the province's operations centre (IOC) sends as bearer token; without one there is no feed.
    silence_minutes: a message after so long begins a new visit.  rising_least: fewer questions in a week are no trend.
    """

    model_config = SettingsConfigDict(env_prefix="MOT_CUA_STATISTICS_", extra="ignore")

    token: SecretStr | None = Field(default=None, min_length=24)
    silence_minutes: int = Field(default=30, ge=1)
    rising_least: int = Field(default=10, ge=1)

    @property
    def silence(self) -> timedelta:
        return timedelta(minutes=self.silence_minutes)
