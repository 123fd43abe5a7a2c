"""Settings of following applications, the outbox and pushed events, read from MOT_CUA_FOLLOWING_* variables."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class FollowingSettings(BaseSettings):
    """How often applications are looked at, how long they are followed, how messages wait.

    days: after which a subscription ends by itself; never longer than conversations are kept.
    requests_per_second: the most that all workers together send to the one-stop system for looking after.
    poll_s: how long after a look the next one comes, while the rate allows: 5 requests a second are enough for
    1,170 applications every 270 s; 2,000 take 460 s.
    webhook_secret: when set, the one-stop system may report changes itself (docs/adr/0002).
    give_up_days: after which a message that never got through is given up.
    streams_per_address, streams: open event streams; whoever finds no place asks every 20 s instead.
    """

    model_config = SettingsConfigDict(env_prefix="MOT_CUA_FOLLOWING_", extra="ignore")

    days: int = Field(default=90, ge=1, le=365)
    requests_per_second: float = Field(default=5.0, gt=0, le=5)
    poll_s: float = Field(default=270.0, gt=0)
    webhook_secret: SecretStr | None = None
    poll_lease_s: float = Field(default=30.0, gt=0)
    delivery_lease_s: float = Field(default=60.0, gt=0)
    give_up_days: int = Field(default=7, ge=1)
    streams_per_address: int = Field(default=50, ge=1)
    streams: int = Field(default=2000, ge=1)

    @property
    def poll_lease(self) -> timedelta:
        return timedelta(seconds=self.poll_lease_s)

    @property
    def delivery_lease(self) -> timedelta:
        return timedelta(seconds=self.delivery_lease_s)
